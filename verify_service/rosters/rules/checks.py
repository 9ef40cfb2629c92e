"""Checking a whole roster: no register, no database, the same answer every time."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from verify_service.rosters.model import RosterReport, RosterValue
from verify_service.rosters.rules.columns import ROSTER_LAYOUT
from verify_service.rosters.rules.rows import RowRules
from verify_service.tables.model import Finding, Sheet, Table
from verify_service.tables.rules.findings import RowFindings
from verify_service.tables.rules.people import duplicates, group_identified, id_conflicts, name_key
from verify_service.tables.rules.reports import report_rows, summarise
from verify_service.tables.rules.sheet_choice import find_table
from verify_service.translations import Language


def read_roster(file_sheets: Iterable[Sheet], *, sheets: Sequence[str] = ()) -> Table:
    """Return the roster among a file's sheets, or on those of the given titles; refuses as `find_table` does."""
    return find_table(file_sheets, ROSTER_LAYOUT, sheets=sheets)


def check_roster(
    roster: Table,
    *,
    today: date,
    missing_characters: Callable[[str], tuple[str, ...]],
    glyphs_required: bool = False,
    language: Language = Language.CHINESE,
) -> RosterReport:
    """Return what is wrong with each row and what the readable cells say.

    `missing_characters` returns what of a name cannot be printed: NO_GLYPH is an error if `glyphs_required`, as in an
    import, else a warning.
    """
    rules = RowRules(today=today, missing_characters=missing_characters, glyphs_required=glyphs_required)
    findings = [RowFindings(number, row) for number, row in enumerate(roster.rows, start=1)]
    values = [rules.check(row, of_row) for row, of_row in zip(roster.rows, findings, strict=True)]
    errors = [error for of_row in findings for error in of_row.errors]
    warnings = [warning for of_row in findings for warning in of_row.warnings]
    rows = report_rows(
        values,
        roster,
        errors=[*errors, *duplicates(values, key=_person), *id_conflicts(values)],
        warnings=[*warnings, *_shared_phones(values)],
        language=language,
    )
    return RosterReport(rows=rows, summary=summarise(rows), unknown_columns=roster.unknown_columns)


def _person(value: RosterValue) -> tuple[str | None, str]:
    return value.id_number, name_key(value)


def _shared_phones(values: Sequence[RosterValue]) -> Iterator[Finding]:
    """Yield PHONE_SHARED for every row whose phone another ID number has too: allowed, but often a partner's own."""
    for rows in group_identified(values, key=lambda value: value.phone):
        if rows[0][1].phone and len({value.id_number for _, value in rows}) > 1:
            yield from (Finding(row, "PHONE_SHARED", "phone") for row, _ in rows)
