"""How findings are put right: what a person may accept instead of typing it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from verify_service.drafts.model import Examined, Fix, FixKind
from verify_service.rosters.model import RosterValue
from verify_service.subjects.rules.id_numbers import sex_of
from verify_service.tables.model import Issue, RowReport

SPELLINGS: Final = frozenset(
    {
        *("INVISIBLE", "COMPAT_IDEOGRAPH", "RADICAL", "PUA_MAPPED", "DOT_VARIANT", "SPACE", "FULLWIDTH"),
        *("X_LOOKALIKE", "LEGACY_15", "GENDER_CODE", "NUMERIC_CELL"),
    }
)
"""Warnings of a value that is read otherwise than it is written: the fix writes what is read."""
FROM_ID_NUMBER: Final = frozenset({"EMPTY", "GENDER_VALUE", "GENDER_MISMATCH"})
NO_PERSON: Final = frozenset({"DUPLICATE", "FOOTER", "SAMPLE_ROW"})
"""Rows that are taken out: the same person again, or nobody."""
UNKNOWN_PARTNERS: Final = frozenset({"UNKNOWN_PARTNER", "FOREIGN_PARTNER"})


def suggest_fixes(
    examined: Examined,
    entries: Mapping[str, int],
    partners: Mapping[str, tuple[str, ...]],
) -> dict[int, tuple[Fix, ...]]:
    """Return what may be accepted, by the row's number in the uploaded table.

    `entries`: the archive's usable pictures by file name; `partners`: by a row's partner, the names it may mean.
    """
    fixes: dict[int, list[Fix]] = {}
    for row in examined.report.rows:
        number = examined.number(row.row)
        fixes[number] = [fix for issue in _issues(row) for fix in _answers(number, row, issue, partners)]
    summary = examined.matched.summary
    for maybe in summary.suggestions if summary else ():
        if maybe.file in entries:
            number = examined.number(maybe.row)
            entry = entries[maybe.file]
            fixes[number].append(Fix(number, FixKind.ASSIGN, maybe.reason, entry=entry, file=maybe.file, is_safe=False))
    return {number: _distinct(of_row) for number, of_row in fixes.items() if of_row}


def _issues(row: RowReport[Any]) -> Iterable[Issue]:
    return (*row.errors, *row.warnings)


def _answers(number: int, row: RowReport[Any], issue: Issue, partners: Mapping[str, tuple[str, ...]]) -> Iterator[Fix]:
    value = row.value
    if issue.code in NO_PERSON:
        yield Fix(number, FixKind.REMOVE, issue.code, is_safe=False)
    elif issue.code in SPELLINGS:
        if (text := _as_read(value, issue.field)) is not None:
            yield Fix(number, FixKind.SET, issue.code, issue.field, text)
    elif issue.code in UNKNOWN_PARTNERS:
        for name in partners.get(value.partner or "", ()):
            yield Fix(number, FixKind.SET, issue.code, "partner", name, is_safe=False)
    elif issue.field == "sex" and issue.code in FROM_ID_NUMBER and isinstance(value, RosterValue):
        sex = sex_of(value.id_number, value.document_type)
        if sex is not None:
            # One of two that contradict each other is wrong, and only who holds the document knows which.
            yield Fix(number, FixKind.SET, issue.code, "sex", sex, is_safe=issue.code != "GENDER_MISMATCH")


def _as_read(value: Any, field: str) -> str | None:  # noqa: ANN401  # a roster's value or a result's
    read = {"name": value.name, "idNumber": value.id_number, "sex": getattr(value, "sex", None)}.get(field)
    return None if read is None else str(read)


def _distinct(fixes: Iterable[Fix]) -> tuple[Fix, ...]:
    """Return each change once: a name with a blank and a wrong dot is set once, for the first reason."""
    seen: dict[tuple[object, ...], Fix] = {}
    for fix in fixes:
        seen.setdefault((fix.kind, fix.field, fix.text, fix.entry), fix)
    return tuple(seen.values())
