"""`roster check | import`."""

from collections.abc import Mapping
from pathlib import Path

import click
import msgspec

from pdf import missing_characters
from verify_service.cli.printing import print_json
from verify_service.cli.reports import counts_line, print_report
from verify_service.cli.session import OperatorSession, read_file, run_as_operator
from verify_service.clock import today_in_shanghai
from verify_service.errors import UsageError
from verify_service.exams.model import OMNIMEDIA_OPERATOR, ONLINE_HOST
from verify_service.photos.rules.archives import read_photo_archive
from verify_service.rosters.model import RosterReport
from verify_service.rosters.rules.checks import check_roster, read_roster
from verify_service.rosters.rules.photo_preparation import prepare_photos
from verify_service.rosters.service import ImportOutcome, RosterImport, import_roster
from verify_service.tables.model import Table
from verify_service.tables.rules.files import read_tables


class ReadRoster(msgspec.Struct, frozen=True):
    """A roster file as checked without the register, with ready photos by row."""

    roster: Table
    report: RosterReport
    photos: Mapping[int, bytes]


class RosterImportReport(RosterReport, frozen=True, rename="camel", kw_only=True):
    """What `roster import --json` prints: the checked roster, and what the import did."""

    imported: int
    unchanged: int


@click.group()
def roster() -> None:
    """Check and import partners' rosters (学员信息登记表)."""


@roster.command()
@click.argument("file", type=click.Path())
@click.option("--photos", type=click.Path(), help="ZIP of photos named 姓名+身份证号.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(file: str, photos: str | None, as_json: bool) -> int:
    """Say per row what is wrong; needs no database and changes nothing."""
    read = read_roster_file(file, photos, glyphs_required=False)
    if as_json:
        print_json(read.report)
    else:
        print_report(read.report, read.roster, read.report.photos)
        click.echo(counts_line(read.report.summary))
    return 1 if read.report.summary.rejected else 0


@roster.command("import")
@click.argument("file", type=click.Path())
@click.option("--photos", type=click.Path(), help="ZIP of photos named 姓名+身份证号.")
@click.option("--cohort", "cohort_code", required=True, help="Code of the class; opened if new.")
@click.option("--kind", required=True, type=click.Choice([OMNIMEDIA_OPERATOR, ONLINE_HOST]))
@click.option("--create-partners", is_flag=True, help="Register partners that are not known yet.")
@click.option("--accept-valid-rows", is_flag=True, help="Import the rows without errors, leave out the others.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def import_command(
    *,
    file: str,
    photos: str | None,
    cohort_code: str,
    kind: str,
    create_partners: bool,
    accept_valid_rows: bool,
    as_json: bool,
) -> int:
    """Enrol the people of a roster; nothing if any row has an error, unless valid rows are to be accepted."""
    read = read_roster_file(file, photos, glyphs_required=True)
    asked = RosterImport(
        roster=read.roster,
        report=read.report,
        photos=read.photos,
        cohort_code=require_cohort_code(cohort_code),
        kind=kind,
        create_partners=create_partners,
        accept_valid_rows=accept_valid_rows,
    )

    async def job(session: OperatorSession) -> ImportOutcome:
        return await import_roster(session.connection, session.secrets(), session.actor, asked)

    outcome = run_as_operator(job)
    report = outcome.report
    if as_json:
        members = {name: getattr(report, name) for name in report.__struct_fields__}
        print_json(RosterImportReport(**members, imported=outcome.imported, unchanged=outcome.unchanged))
    else:
        print_report(report, read.roster, report.photos)
        click.echo(counts_line(report.summary, imported=outcome.imported, unchanged=outcome.unchanged))
    return 1 if report.summary.rejected else 0


def read_roster_file(file: str, photos: str | None, *, glyphs_required: bool) -> ReadRoster:
    """Return a roster file and its photos as checked without the register."""
    table = read_roster(read_tables(Path(file).name, read_file(file)))
    report = check_roster(
        table,
        today=today_in_shanghai(),
        has_glyphs=lambda name: not missing_characters(name),
        glyphs_required=glyphs_required,
    )
    if photos is None:
        return ReadRoster(table, report, {})
    with_photos, ready = prepare_photos(report, read_photo_archive(read_file(photos)))
    return ReadRoster(table, with_photos, ready)


def require_cohort_code(code: str) -> str:
    """Return the code if it is one: it goes into file names and lists."""
    if not (code.isascii() and code[:1].isalnum() and len(code) <= 64 and all(c.isalnum() or c in "._-" for c in code)):
        raise UsageError("COHORT_CODE", "a cohort code has up to 64 letters, digits, dots, dashes and underscores")
    return code
