"""`results import`."""

from pathlib import Path

import click

from verify_service.cli.printing import print_json
from verify_service.cli.reports import counts_line, print_report
from verify_service.cli.session import OperatorSession, read_file, run_as_operator
from verify_service.clock import today_in_shanghai
from verify_service.enrolments.service import require_cohort
from verify_service.exams.rules.results_file import ResultsReport, check_results, read_results
from verify_service.exams.service import ResultsOutcome, import_results
from verify_service.tables.rules.files import read_tables


class ResultsImportReport(ResultsReport, frozen=True, rename="camel", kw_only=True):
    """What `results import --json` prints: the checked rows, and what the import did."""

    imported: int
    unchanged: int


@click.group()
def results() -> None:
    """Import exam results (考核成绩表)."""


@results.command("import")
@click.argument("file", type=click.Path())
@click.option("--cohort", "cohort_code", required=True, help="Code of the class.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def import_command(file: str, cohort_code: str, as_json: bool) -> int:
    """Record how sittings ended, of both kinds and both sittings; nothing if any row is refused."""
    table = read_results(read_tables(Path(file).name, read_file(file)))
    checked = check_results(table, today=today_in_shanghai())

    async def job(session: OperatorSession) -> ResultsOutcome:
        cohort_id = await require_cohort(session.connection, cohort_code)
        return await import_results(
            session.connection, session.secrets(), session.actor, cohort_id=cohort_id, results=table, checked=checked
        )

    outcome = run_as_operator(job)
    report = outcome.report
    if as_json:
        members = {name: getattr(report, name) for name in report.__struct_fields__}
        print_json(ResultsImportReport(**members, imported=outcome.imported, unchanged=outcome.unchanged))
    else:
        print_report(report, table)
        click.echo(counts_line(report.summary, imported=outcome.imported, unchanged=outcome.unchanged))
    return 1 if report.summary.rejected else 0
