"""Putting a sheet together, row by row, whatever kind of file it comes from."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, TypeAlias

from openpyxl.utils import get_column_letter

from verify_service.errors import FileRefusedError
from verify_service.tables.model import Cell, CellKind, Sheet
from verify_service.tables.rules.explanations import refusal
from verify_service.tables.rules.limits import MAX_COLUMNS, MAX_ROWS, MAX_SCANNED_ROWS, MAX_TEXT_CHARACTERS
from verify_service.tables.rules.merges import MergedRange, cover_merged

Held: TypeAlias = tuple[CellKind, str | int | float | bool | None]
"""Kind and value of one filled cell."""
EXACT_INTEGERS: Final = 1 << 53
LAST_COLUMN: Final = 16_384
"""XFD, the last one of a spreadsheet program; text can have more."""


def held_number(number: float) -> Held:
    """Return a number as held: beyond 53 bits a spreadsheet rounds it anyway, beyond 64 no MessagePack carries it."""
    return CellKind.NUMBER, float(number) if abs(number) > EXACT_INTEGERS else number


def held_day(day: date) -> Held:
    """Return a day as held, of an instant its day: nothing else is asked for."""
    return CellKind.DATE, day.isoformat()[: len("2026-03-14")]


def too_many_columns(row: int, column: int) -> FileRefusedError:
    """Return the refusal that names a filled cell beyond the last column that is read."""
    cell = f"{get_column_letter(min(column, LAST_COLUMN))}{row}"
    return refusal("TOO_MANY_COLUMNS", cell=cell, columns=MAX_COLUMNS)


class SheetRows:
    """The filled rows of one sheet, within the limits."""

    def __init__(self) -> None:
        self._rows: dict[int, tuple[Cell, ...]] = {}

    def add(self, number: int, held: Mapping[int, Held]) -> None:
        """Add a row by its number and its filled cells by column, both from 1.

        Raises:
            UsageError: TOO_MANY_ROWS, TOO_MANY_COLUMNS, or WORKBOOK_DAMAGED for a row that was there before.

        """
        if number > MAX_SCANNED_ROWS:
            raise refusal("TOO_MANY_ROWS", rows=MAX_ROWS)
        if not held:
            return
        if number in self._rows:
            raise refusal("WORKBOOK_DAMAGED")
        if len(self._rows) == MAX_ROWS:
            raise refusal("TOO_MANY_ROWS", rows=MAX_ROWS)
        width = max(held)
        if width > MAX_COLUMNS:
            raise too_many_columns(number, min(column for column in held if column > MAX_COLUMNS))
        self._rows[number] = tuple(_cell(column, number, held.get(column)) for column in range(1, width + 1))

    def sheet(self, title: str, *, merged: Iterable[MergedRange] = (), hidden: Iterable[int] = ()) -> Sheet:
        """Return the sheet, its merged ranges read and those of its rows named that are hidden."""
        rows = cover_merged(self._rows, merged)
        return Sheet(
            title=title,
            rows=tuple(rows[number] for number in sorted(rows)),
            hidden_rows=frozenset(hidden) & rows.keys(),
        )


def _cell(column: int, row: int, held: Held | None) -> Cell:
    reference = f"{get_column_letter(column)}{row}"
    if held is None:
        return Cell(reference)
    kind, value = held
    if isinstance(value, str) and len(value) > MAX_TEXT_CHARACTERS:
        return Cell(reference, CellKind.TOO_LONG)
    return Cell(reference, kind, value)
