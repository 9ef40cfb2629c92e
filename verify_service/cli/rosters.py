"""`roster import`; `check` and `template` are in modules of their own."""

import os
from collections.abc import Mapping

import click

from verify_service.cli.amendments import amendable
from verify_service.cli.printing import print_json
from verify_service.cli.reports import Reporter
from verify_service.cli.roster_check import check
from verify_service.cli.roster_files import read_roster_file
from verify_service.cli.session import OperatorSession, run_as_operator
from verify_service.cli.table_files import TableOptions, opened_table, table_options
from verify_service.cli.templates import template
from verify_service.cohorts.rules.classes import require_cohort_code
from verify_service.exams.model import OMNIMEDIA_OPERATOR, ONLINE_HOST
from verify_service.partners.service import suggest_partners
from verify_service.rosters.model import ImportOutcome, RosterImport, RosterReport
from verify_service.rosters.service.importing import import_roster
from verify_service.settings import load_settings
from verify_service.tables.model import RowChanges


class RosterImportReport(RosterReport, frozen=True, rename="camel", kw_only=True):
    """What `roster import --json` prints: the checked roster, and what the import did."""

    imported: int
    unchanged: int
    changes: tuple[RowChanges, ...]
    absent: int


@click.group()
def roster() -> None:
    """Check and import partners' rosters (学员信息登记表)."""


roster.add_command(template)
roster.add_command(check)


@roster.command("import")
@click.argument("file", type=click.Path())
@click.option("--photos", type=click.Path(), help="ZIP of photos named 姓名+身份证号.")
@click.option("--cohort", "cohort_code", required=True, help="Code of the class; opened if new.")
@click.option("--kind", required=True, type=click.Choice([OMNIMEDIA_OPERATOR, ONLINE_HOST]))
@click.option("--create-partners", is_flag=True, help="Register partners that are not known yet.")
@click.option("--accept-valid-rows", is_flag=True, help="Import the rows without errors, leave out the others.")
@amendable
@table_options
def import_command(
    *,
    file: str,
    photos: str | None,
    cohort_code: str,
    kind: str,
    create_partners: bool,
    accept_valid_rows: bool,
    amendment: str | None,
    options: TableOptions,
) -> int:
    """Enrol the people of a roster; nothing if any row has an error, unless valid rows are to be accepted.

    Importing a corrected file changes only what changed. --amend also changes name, sex and partner of people without
    a certificate.
    """
    code = require_cohort_code(cohort_code)

    async def job(session: OperatorSession) -> tuple[ImportOutcome, Mapping[str, tuple[str, ...]]]:
        outcome = await import_roster(session.connection, session.secrets(), session.actor, asked)
        return outcome, await suggest_partners(session.connection, _unknown_partners(outcome.report))

    reporter = Reporter(options.language)
    with opened_table(file, options) as table:
        read = read_roster_file(table, photos, load_settings(os.environ), for_import=True)
        asked = RosterImport(
            roster=read.roster,
            report=read.report,
            photos=read.photos,
            cohort_code=code,
            kind=kind,
            create_partners=create_partners,
            accept_valid_rows=accept_valid_rows,
            amendment=amendment,
            language=options.language,
        )
        outcome, similar_partners = run_as_operator(job)
        # First what was done is told: it stands, whether or not a file can be written about it.
        if options.as_json:
            print_json(_import_report(outcome))
        else:
            reporter.print_findings(outcome.report)
            reporter.print_photos(outcome.report.photos)
            reporter.print_similar_partners(similar_partners)
            reporter.print_changes(outcome.changes)
            if outcome.absent:
                reporter.say("absent", count=outcome.absent)
            reporter.print_totals(outcome.report, imported=outcome.imported, unchanged=outcome.unchanged)
        table.annotate(outcome.report, read.roster, reporter.photo_remarks(outcome.report.photos))
    return 1 if outcome.report.summary.rejected else 0


def _import_report(outcome: ImportOutcome) -> RosterImportReport:
    report = outcome.report
    members = {name: getattr(report, name) for name in report.__struct_fields__}
    return RosterImportReport(
        **members,
        imported=outcome.imported,
        unchanged=outcome.unchanged,
        changes=outcome.changes,
        absent=outcome.absent,
    )


def _unknown_partners(report: RosterReport) -> list[str]:
    rows = [row for row in report.rows if any(error.code == "UNKNOWN_PARTNER" for error in row.errors)]
    return list(dict.fromkeys(str(row.value.partner) for row in rows))
