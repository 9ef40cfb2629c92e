"""The records of an old workbook's stream ([MS-XLS] 2.1.4), as far as its values' reader keeps silent about them.

python-calamine gives the last result of a formula as if somebody had typed it, nothing for an error, and makes a grid
as large as the farthest cell claims.
"""

import struct
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from verify_service.tables.model import CellKind

MAX_SHEETS: Final = 100
BOF, EOF, BOUND_SHEET, FILE_PASS, SUP_BOOK = 0x0809, 0x000A, 0x0085, 0x002F, 0x01AE
DIMENSIONS, ROW, BOOL_OR_ERROR, MANY_NUMBERS = 0x0200, 0x0208, 0x0205, 0x00BD
FORMULAS: Final = frozenset({0x0006, 0x0206, 0x0406})
CELLS: Final = frozenset({0x0203, 0x0204, BOOL_OR_ERROR, 0x00D6, 0x00FD, 0x027E, MANY_NUMBERS}) | FORMULAS
HIDDEN_ROW: Final = 0x20
WORKSHEET, MACRO_SHEET, MACRO_MODULE = 0, 1, 6
# Supporting workbooks that are this one itself, or functions that came with Excel (2.4.271).
OWN_WORKBOOK, ADD_IN = 0x0401, 0x3A01


class BiffError(Exception):
    """The stream is cut off, or of a version before Excel 5."""


class BoundSheet(msgspec.Struct, frozen=True):
    """A sheet as the workbook announces it."""

    position: int
    is_visible: bool
    kind: int


class SheetRecords(msgspec.Struct, frozen=True):
    """What stands in one sheet's records; rows and columns count from 1."""

    kinds: dict[tuple[int, int], CellKind]
    """Of the cells that hold a formula or an error."""
    hidden_rows: frozenset[int]
    last_row: int
    last_column: tuple[int, int]
    """The column farthest right that holds a value, and a row where it does."""


class WorkbookRecords(msgspec.Struct, frozen=True):
    """What stands before the first sheet."""

    sheets: tuple[BoundSheet, ...]
    is_encrypted: bool
    is_linked: bool


def read_globals(stream: bytes) -> WorkbookRecords:
    """Return what the workbook says of itself; of an encrypted one nothing else can be read."""
    sheets: list[BoundSheet] = []
    is_linked = False
    for kind, payload in _records(stream, 0):
        if kind == FILE_PASS:
            return WorkbookRecords((), is_encrypted=True, is_linked=False)
        if kind == BOUND_SHEET:
            position, visibility, sheet_kind = struct.unpack_from("<LBB", payload)
            sheets.append(BoundSheet(position, visibility & 3 == 0, sheet_kind))
        elif kind == SUP_BOOK:
            is_linked |= struct.unpack_from("<H", payload, 2)[0] not in {OWN_WORKBOOK, ADD_IN}
    return WorkbookRecords(tuple(sheets), is_encrypted=False, is_linked=is_linked)


def read_sheet_records(stream: bytes, position: int) -> SheetRecords:
    """Return what one sheet's records say beyond its values."""
    kinds: dict[tuple[int, int], CellKind] = {}
    hidden: set[int] = set()
    last_row, last_column = 0, (0, 0)
    for kind, payload in _records(stream, position):
        if kind == ROW:
            row, flags = struct.unpack_from("<H10xH", payload)
            if flags & HIDDEN_ROW:
                hidden.add(row + 1)
        elif kind in CELLS:
            row, column = (number + 1 for number in struct.unpack_from("<HH", payload))
            if kind in FORMULAS:
                kinds[row, column] = CellKind.FORMULA
            elif kind == BOOL_OR_ERROR and payload[7]:
                kinds[row, column] = CellKind.ERROR
            elif kind == MANY_NUMBERS:
                column = struct.unpack_from("<H", payload, len(payload) - 2)[0] + 1
            last_row, last_column = max(last_row, row), max(last_column, (column, row))
    return SheetRecords(kinds, frozenset(hidden), last_row, last_column)


def without_sizes(stream: bytes, sheets: Iterable[BoundSheet]) -> bytes:
    """Return the stream without the sizes its sheets announce: their reader would reserve that much at once."""
    blanked = bytearray(stream)
    for sheet in sheets:
        for kind, payload in _records(blanked, sheet.position):
            if kind == DIMENSIONS:
                payload[:] = bytes(len(payload))
    return bytes(blanked)


def _records(stream: bytes | bytearray, position: int) -> Iterator[tuple[int, memoryview]]:
    """Yield the records of one substream, those of charts inside it left out."""
    view, depth = memoryview(stream), 0
    try:
        while True:
            kind, length = struct.unpack_from("<HH", view, position)
            position += 4 + length
            if position > len(view) or (depth == 0 and kind != BOF):
                raise BiffError
            depth += (kind == BOF) - (kind == EOF)
            if depth == 0:
                return
            if depth == 1:
                yield kind, view[position - length : position]
    except struct.error:
        raise BiffError from None
