"""Finding the heading row, below titles and notes, and what its columns mean."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from verify_service.subjects.rules.folding import fold_word
from verify_service.tables.model import Cell, Cover, Layout, Sheet, UnknownColumn
from verify_service.tables.rules.explanations import refusal
from verify_service.tables.rules.misspellings import guess_heading

MAX_TITLE_ROWS: Final = 30
MIN_KNOWN_HEADINGS: Final = 2
MAX_HEADING_CHARACTERS: Final = 40
_BRACKETED: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_SEPARATORS_OF_PEOPLE: Final = re.compile(r"[，、；,;|\s]+")


class Columns(msgspec.Struct, frozen=True):
    """What the columns of a heading row mean, by position from 0."""

    fields: Mapping[str, int]
    ordinals: frozenset[int]
    unknown: tuple[UnknownColumn, ...]


def fold_heading(text: str) -> str:
    """Return a heading without what varies: brackets and their content, blanks, required marks, full-width forms."""
    bare = _BRACKETED.sub("", fold_word(text))
    return "".join(character for character in bare if character.isalnum()).casefold()


def find_heading_row(sheet: Sheet, layout: Layout) -> int | None:
    """Return the position of the sheet's heading row, None if it has none.

    It is the row with the most known headings, the first of those that are equal; but never one below a row that has
    every required column, because the rows between would be lost. Of a heading of two rows, whose cells are merged
    downwards, it is the lower.
    """
    best, best_fields, is_complete = None, 0, False
    for at, row in enumerate(sheet.rows[:MAX_TITLE_ROWS]):
        fields = set(_fields_of(row, layout).values())
        is_lower_half = any(row[column].cover is Cover.SHOWS for column in _fields_of(row, layout))
        if len(fields) < max(MIN_KNOWN_HEADINGS, best_fields):
            continue
        if is_lower_half or (len(fields) > best_fields and not is_complete):
            best, best_fields, is_complete = at, len(fields), layout.required <= fields
    return best


def read_columns(row: Sequence[Cell], layout: Layout) -> Columns:
    """Return what the columns below a heading row mean; refuse two columns of one field and a missing required one."""
    fields: dict[str, int] = {}
    for column, field in _fields_of(row, layout).items():
        if field in fields:
            raise refusal("DUPLICATE_COLUMN", columns=layout.headings[field][0])
        fields[field] = column
    others = {column: folded for column, cell in enumerate(row) if (folded := fold_heading(_heading(cell)))}
    for column in fields.values():
        del others[column]
    ordinals = frozenset(column for column, folded in others.items() if folded in layout.ignored)
    absent = {heading: field for heading, field in _fields_by_heading(layout).items() if field not in fields}
    unknown = tuple(
        UnknownColumn(
            heading=_heading(row[column])[:MAX_HEADING_CHARACTERS],
            cell=row[column].reference,
            maybe=guess_heading(folded, absent, layout),
        )
        for column, folded in others.items()
        if column not in ordinals
    )
    _require_complete(fields, unknown, layout)
    return Columns(fields=fields, ordinals=ordinals, unknown=unknown)


def is_heading(row: Sequence[Cell], columns: Columns, layout: Layout) -> bool:
    """Tell whether a row repeats the heading, as printed tables do on each page."""
    repeated = _fields_of(row, layout)
    return len(repeated) >= MIN_KNOWN_HEADINGS and dict(zip(repeated.values(), repeated, strict=True)) == columns.fields


def titles(layout: Layout, fields: Iterable[str]) -> str:
    """Return the official headings of fields, in the layout's order."""
    wanted = set(fields)
    return "、".join(headings[0] for field, headings in layout.headings.items() if field in wanted)


def find_unsplit_heading(sheet: Sheet, layout: Layout) -> Cell | None:
    """Return the cell that holds a whole heading row, as it does where full-width commas or blanks separate it."""
    known = _fields_by_heading(layout)
    for cell in (cell for row in sheet.rows[:MAX_TITLE_ROWS] for cell in row):
        parts = [fold_heading(part) for part in _SEPARATORS_OF_PEOPLE.split(_heading(cell))]
        fields = {known[part] for part in parts if part in known}
        # A note that names some columns is mostly other words.
        if len(fields) >= MIN_KNOWN_HEADINGS and len(fields) * 2 >= len(parts):
            return cell
    return None


def _fields_of(row: Sequence[Cell], layout: Layout) -> dict[int, str]:
    known = _fields_by_heading(layout)
    folded = {column: fold_heading(_heading(cell)) for column, cell in enumerate(row)}
    return {column: known[heading] for column, heading in folded.items() if heading in known}


def _fields_by_heading(layout: Layout) -> dict[str, str]:
    return {fold_heading(heading): field for field, headings in layout.headings.items() for heading in headings}


def _heading(cell: Cell) -> str:
    return cell.value if isinstance(cell.value, str) else ""


def _require_complete(fields: Mapping[str, int], unknown: Sequence[UnknownColumn], layout: Layout) -> None:
    missing = layout.required - fields.keys()
    if not missing:
        return
    misspelt = next((column for column in unknown if column.maybe), None)
    if misspelt is None:
        raise refusal("MISSING_COLUMN", columns=titles(layout, missing))
    raise refusal(
        "MISSING_COLUMN",
        about="misspelt",
        columns=titles(layout, missing),
        cell=misspelt.cell,
        heading=misspelt.heading,
        maybe=str(misspelt.maybe),
    )
