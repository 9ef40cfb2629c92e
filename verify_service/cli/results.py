"""`results import`."""

import click

from verify_service.cli.amendments import amendable
from verify_service.cli.printing import print_json
from verify_service.cli.reports import Reporter
from verify_service.cli.session import OperatorSession, run_as_operator
from verify_service.cli.table_files import TableOptions, opened_table, table_options
from verify_service.clock import today_in_shanghai
from verify_service.cohorts.service import require_cohort
from verify_service.exams.rules.results_file import ResultsReport, check_results, read_results
from verify_service.exams.service.importing import ResultsOutcome, import_results
from verify_service.tables.model import RowChanges


class ResultsImportReport(ResultsReport, frozen=True, rename="camel", kw_only=True):
    """What `results import --json` prints: the checked rows, and what the import did."""

    imported: int
    unchanged: int
    changes: tuple[RowChanges, ...]


@click.group()
def results() -> None:
    """Import exam results (考核成绩表)."""


@results.command("import")
@click.argument("file", type=click.Path())
@click.option("--cohort", "cohort_code", required=True, help="Code of the class.")
@amendable
@table_options
def import_command(*, file: str, cohort_code: str, amendment: str | None, options: TableOptions) -> int:
    """Record how sittings ended, of both kinds and both sittings; nothing if any row is refused.

    Repeating it changes nothing. --amend replaces results on which no certificate rests.
    """

    async def job(session: OperatorSession) -> ResultsOutcome:
        cohort_id = await require_cohort(session.connection, cohort_code)
        return await import_results(
            session.connection,
            session.secrets(),
            session.actor,
            cohort_id=cohort_id,
            results=results_table,
            checked=checked,
            amendment=amendment,
        )

    with opened_table(file, options) as table:
        results_table = read_results(table.sheets(), sheets=options.sheets)
        checked = check_results(results_table, today=today_in_shanghai(), language=options.language)
        outcome = run_as_operator(job)
        # First what was done is told: it stands, whether or not a file can be written about it.
        if options.as_json:
            print_json(_import_report(outcome))
        else:
            reporter = Reporter(options.language)
            reporter.print_findings(outcome.report)
            reporter.print_changes(outcome.changes)
            reporter.print_totals(outcome.report, imported=outcome.imported, unchanged=outcome.unchanged)
        table.annotate(outcome.report, results_table)
    return 1 if outcome.report.summary.rejected else 0


def _import_report(outcome: ResultsOutcome) -> ResultsImportReport:
    report = outcome.report
    members = {name: getattr(report, name) for name in report.__struct_fields__}
    return ResultsImportReport(
        **members, imported=outcome.imported, unchanged=outcome.unchanged, changes=outcome.changes
    )
