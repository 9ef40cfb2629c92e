"""Reading `.xls` workbooks, and `.et` ones of WPS in the same format.

python-calamine reads the values, given only a stream that was cut out of the file and walked through first.
"""

import io
import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from python_calamine import CalamineSheet, CalamineWorkbook

from verify_service.errors import UsageError
from verify_service.tables.model import CellKind, Sheet
from verify_service.tables.rules import biff_records
from verify_service.tables.rules.biff_records import BoundSheet, SheetRecords
from verify_service.tables.rules.compound_files import CompoundFile, CompoundFileError, lone_stream_file
from verify_service.tables.rules.explanations import refusal
from verify_service.tables.rules.limits import MAX_COLUMNS, MAX_ROWS
from verify_service.tables.rules.merges import MergedRange
from verify_service.tables.rules.sheets import Held, SheetRows, held_day, held_number, too_many_columns

STREAMS: Final = ("Workbook", "Book")
"""Excel 97 and later; Excel 5 and 95."""
MACRO_STORAGES: Final = frozenset({"_vba_project_cur", "vba", "macros"})
_EMBEDDED: Final = re.compile("MBD[0-9A-F]{8}")
"""The storage of an embedded object."""
MAX_LAST_ROW: Final = 20_000
"""Of every sheet, hidden ones too: a grid is made up to its last cell."""


def require_unprotected(data: bytes) -> None:
    """Refuse a compound file that is a workbook behind a password, one of the new kind included, or has macros."""
    try:
        file = CompoundFile(data)
    except CompoundFileError:
        return
    names = {entry.name for entry in file.entries}
    if "EncryptedPackage" in names:
        raise refusal("WORKBOOK_ENCRYPTED")
    if not MACRO_STORAGES.isdisjoint(name.lower() for name in names):
        raise refusal("WORKBOOK_MACROS")
    if any(_EMBEDDED.fullmatch(name) for name in names):
        raise refusal("WORKBOOK_OBJECTS")


def read_old_workbook(data: bytes) -> tuple[Sheet, ...]:
    """Return the visible sheets of an `.xls` file; refuse passwords, macro sheets, links, damage and excess size."""
    try:
        name, stream = _workbook_stream(CompoundFile(data))
        sheets = _announced_sheets(stream)
        records = [_walk_sheet(stream, sheet) for sheet in sheets]
        harmless = lone_stream_file(name, biff_records.without_sizes(stream, sheets))
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(harmless))
        return tuple(
            _read_sheet(workbook.get_sheet_by_index(at), of_sheet)
            for at, of_sheet in enumerate(records)
            if of_sheet is not None
        )
    except (UsageError, MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException:
        # A panic of the reader, which is written in Rust, is no Exception.
        raise refusal("WORKBOOK_DAMAGED") from None


def _workbook_stream(file: CompoundFile) -> tuple[str, bytes]:
    for name in STREAMS:
        if (stream := file.stream(name)) is not None:
            return name, stream
    raise CompoundFileError


def _announced_sheets(stream: bytes) -> Sequence[BoundSheet]:
    workbook = biff_records.read_globals(stream)
    if workbook.is_encrypted:
        raise refusal("WORKBOOK_ENCRYPTED")
    if workbook.is_linked:
        raise refusal("WORKBOOK_LINKS")
    if len(workbook.sheets) > biff_records.MAX_SHEETS:
        raise refusal("ARCHIVE_TOO_LARGE")
    return workbook.sheets


def _walk_sheet(stream: bytes, sheet: BoundSheet) -> SheetRecords | None:
    """Return the records of one sheet, None if nobody sees it or it is a chart."""
    if sheet.kind in {biff_records.MACRO_SHEET, biff_records.MACRO_MODULE}:
        raise refusal("WORKBOOK_MACROS")
    if sheet.kind != biff_records.WORKSHEET:
        return None
    records = biff_records.read_sheet_records(stream, sheet.position)
    if records.last_row > MAX_LAST_ROW:
        raise refusal("TOO_MANY_ROWS", rows=MAX_ROWS)
    column, row = records.last_column
    if column > MAX_COLUMNS:
        raise too_many_columns(row, column)
    return records if sheet.is_visible else None


def _read_sheet(sheet: CalamineSheet, records: SheetRecords) -> Sheet:
    rows = SheetRows()
    for number, values in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        rows.add(number, dict(_held_cells(number, values, records)))
    return rows.sheet(sheet.name, merged=_merged_ranges(sheet), hidden=records.hidden_rows)


def _held_cells(number: int, values: list[Any], records: SheetRecords) -> Iterator[tuple[int, Held]]:
    for column, value in enumerate(values, start=1):
        told = records.kinds.get((number, column))
        if told is not None:
            yield column, (told, None)
        elif value != "":
            yield column, _held(value)


def _held(value: object) -> Held:
    match value:
        case str(text):
            return CellKind.TEXT, text
        case bool(flag):
            return CellKind.BOOLEAN, flag
        case int() | float() as number:
            return held_number(number)
        case date() as day:
            return held_day(day)
    return CellKind.ERROR, None  # a time of day or a span of time


def _merged_ranges(sheet: CalamineSheet) -> Iterator[MergedRange]:
    for (first_row, first_column), (last_row, last_column) in sheet.merged_cell_ranges or ():
        yield MergedRange(first_row + 1, last_row + 1, first_column + 1, last_column + 1)
