"""`calendar import | list`."""

import click
import msgspec

from verify_service.cli.printing import print_json, print_table
from verify_service.cli.session import OperatorSession, read_file, read_private_argument, run_as_operator
from verify_service.clock import today_in_shanghai
from verify_service.errors import UsageError
from verify_service.working_days.model import Coverage, YearChange, YearNotice
from verify_service.working_days.queries import list_notices, load_calendar
from verify_service.working_days.rules.counting import coverage
from verify_service.working_days.rules.files import parse_notices
from verify_service.working_days.service import import_notices


class ListedYear(msgspec.Struct, frozen=True, rename="camel"):
    """One known year, with the days that depart from the week, in order."""

    year: int
    source: str
    working_days: int
    off_weekdays: list[str]
    working_weekend_days: list[str]
    amended_because: str | None


class CalendarList(msgspec.Struct, frozen=True):
    """What `calendar list --json` prints."""

    years: list[ListedYear]
    calendar: Coverage


class CalendarImport(msgspec.Struct, frozen=True):
    """What `calendar import --json` prints: each year of the file, and how far the calendar reaches now."""

    years: dict[int, YearChange]
    calendar: Coverage


@click.group()
def calendar() -> None:
    """Enter China's working days, by which certificates are due."""


@calendar.command("import")
@click.argument("file", type=click.Path())
@click.option("--source", help="The State Council's notice (国务院办公厅), where the file names none.")
@click.option("--amend", is_flag=True, help="Replace a known year whose days differ; due dates move, past ones too.")
@click.option("--note", help="@FILE or - : why, shown by `calendar list`; no personal data.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def import_command(file: str, source: str | None, amend: bool, note: str | None, as_json: bool) -> None:
    """Enter the days of a year's notice; the format is that of ops/calendar.example.json."""
    if amend is not (note is not None):
        raise click.UsageError("--amend and --note belong together: say why a known year changes")
    reason = None if note is None else read_private_argument("--note", note)
    if reason == "":
        raise UsageError("NOTE_EMPTY", "--note is empty: say why a known year changes")
    notices = parse_notices(read_file(file), source)

    async def job(session: OperatorSession) -> CalendarImport:
        changes = await import_notices(session.connection, session.actor, notices, amended_because=reason)
        return CalendarImport(changes, coverage(await load_calendar(session.connection), today_in_shanghai()))

    done = run_as_operator(job)
    if as_json:
        print_json(done)
        return
    for notice in notices:
        click.echo(f"{notice.year} {done.years[notice.year]}: {notice.working_days} working days")
    if YearChange.AMENDED in done.years.values():
        click.echo("due dates counted over an amended year may have moved, past ones included")
    print_coverage(done.calendar)


@calendar.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_command(as_json: bool) -> None:
    """List the years that are known, and how far due dates can be counted."""

    async def job(session: OperatorSession) -> tuple[list[YearNotice], Coverage]:
        known = await list_notices(session.connection)
        return known, coverage(await load_calendar(session.connection), today_in_shanghai())

    known, reach = run_as_operator(job)
    if as_json:
        print_json(CalendarList([_listed(notice) for notice in known], reach))
        return
    print_table(
        ("year", "working days", "weekdays off", "weekend days worked", "source", "amended because"),
        (
            (
                str(notice.year),
                str(notice.working_days),
                str(len(notice.off_weekdays)),
                str(len(notice.working_weekend_days)),
                notice.source,
                notice.amended_because or "",
            )
            for notice in known
        ),
    )
    print_coverage(reach)


def print_coverage(reach: Coverage) -> None:
    """Print one line as soon as a year is needed that is not known; nothing before."""
    if reach.missing_year is not None:
        click.echo(
            f"calendar: {reach.missing_year} is missing, so exams after {reach.last_exam_on or 'any day'} have no due "
            "date yet: enter the State Council's notice with `calendar import`"
        )


def _listed(notice: YearNotice) -> ListedYear:
    return ListedYear(
        year=notice.year,
        source=notice.source,
        working_days=notice.working_days,
        off_weekdays=[day.isoformat() for day in sorted(notice.off_weekdays)],
        working_weekend_days=[day.isoformat() for day in sorted(notice.working_weekend_days)],
        amended_because=notice.amended_because,
    )
