"""Reading `.xlsx` workbooks: openpyxl in read-only mode, which is only given bytes that were measured first."""

import io
import threading
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final, cast

import openpyxl
from openpyxl.cell.cell import Cell as OpenpyxlCell
from openpyxl.cell.cell import MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet.worksheet import Worksheet

from verify_service.errors import UsageError
from verify_service.tables.model import Cell, CellKind, Sheet
from verify_service.tables.rules.archives import ArchiveLimits, open_archive, read_entry
from verify_service.tables.rules.explanations import refusal
from verify_service.tables.rules.limits import MAX_COLUMNS, MAX_ROWS, MAX_TEXT_CHARACTERS

if not openpyxl.DEFUSEDXML:  # without it a 2 KB workbook of nested entities fills the memory
    msg = "openpyxl does not see defusedxml: refusing to read workbooks"
    raise ImportError(msg)

LIMITS: Final = ArchiveLimits(entries=200, entry_bytes=16 << 20, total_bytes=48 << 20, ratio=200)
MAX_SIDE_PART_BYTES: Final = 1 << 20
"""Styles, themes and relations are parsed into whole trees, some 100 bytes of memory for each byte."""
MAX_TAGS: Final = 1_000_000
"""Of all parts together: 130 KB that inflate to 15 MB of `<c/>` cost 16 seconds and 1.2 GB. Ten thousand rows of
twelve columns have half a million.
"""
STREAMED_PARTS: Final = ("xl/worksheets/sheet", "xl/sharedStrings.xml", "xl/media/")
MACRO_PARTS: Final = ("xl/vbaproject.bin", "xl/macrosheets/")
MAX_SCANNED_ROWS: Final = 100_000
"""A cell in row 1,048,576 makes openpyxl hand out that many blank rows, and a row number can claim far more."""

# Warnings are silenced per process, so two threads silencing them at once could leave them off for good.
_silence = threading.Lock()

_KINDS: Final = {
    "s": CellKind.TEXT,
    "inlineStr": CellKind.TEXT,
    "n": CellKind.NUMBER,
    "b": CellKind.BOOLEAN,
    "d": CellKind.DATE,
    "f": CellKind.FORMULA,
    "e": CellKind.ERROR,
}


def read_workbook(data: bytes) -> tuple[Sheet, ...]:
    """Return the visible sheets of an `.xlsx` file; refuse macros, external links, DTDs, damage and excess size."""
    measured = _measured_copy(data)
    try:
        # openpyxl quotes a number it cannot read as a date, which may be an ID number, in a warning.
        with _silence, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            workbook = openpyxl.load_workbook(measured, read_only=True, keep_links=False)
            return tuple(_read_sheet(sheet) for sheet in workbook.worksheets if sheet.sheet_state == "visible")
    except UsageError:
        raise
    except Exception:
        # openpyxl lets through whatever broken XML leads to, with cells quoted in the texts.
        raise refusal("WORKBOOK_DAMAGED") from None


def _measured_copy(data: bytes) -> io.BytesIO:
    """Return the workbook repacked without compression, so that nothing larger than checked can come out of it."""
    copy = io.BytesIO()
    with open_archive(data, LIMITS) as archive, zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as measured:
        parts = {entry.filename: entry for entry in archive.infolist()}
        if len(parts) < len(archive.infolist()):
            raise refusal("WORKBOOK_DAMAGED")  # two parts of one name: readers disagree on which one counts
        tags = 0
        for name, entry in parts.items():
            content = read_entry(archive, entry)
            _require_harmless(name, content)
            tags += content.count(b"<")
            if tags > MAX_TAGS:
                raise refusal("ARCHIVE_TOO_LARGE")
            measured.writestr(zipfile.ZipInfo(name), content)
    copy.seek(0)
    return copy


def _require_harmless(name: str, content: bytes) -> None:
    if name.lower().startswith(MACRO_PARTS):
        raise refusal("WORKBOOK_MACROS")
    if name.lower().startswith("xl/externallinks/"):
        raise refusal("WORKBOOK_LINKS")
    if b"<!DOCTYPE" in content and name.lower().endswith((".xml", ".rels")):
        raise refusal("WORKBOOK_DAMAGED")
    if len(content) > MAX_SIDE_PART_BYTES and not name.startswith(STREAMED_PARTS):
        raise refusal("ARCHIVE_TOO_LARGE")


def _read_sheet(sheet: ReadOnlyWorksheet | Worksheet) -> Sheet:
    # The size a sheet announces is the maker's word: a wrong one would cut rows off.
    cast("ReadOnlyWorksheet", sheet).reset_dimensions()
    rows: list[tuple[Cell, ...]] = []
    for number, cells in enumerate(cast("Worksheet", sheet).iter_rows(max_col=MAX_COLUMNS), start=1):
        if row := tuple(_filled_cells(cells, number)):
            rows.append(row)
        if len(rows) > MAX_ROWS or number > MAX_SCANNED_ROWS:
            raise refusal("TOO_MANY_ROWS", rows=MAX_ROWS)
    return Sheet(title=sheet.title, rows=tuple(rows))


def _filled_cells(cells: Sequence[OpenpyxlCell | MergedCell], row: int) -> Iterator[Cell]:
    """Yield the cells of a row up to its last filled one."""
    filled = [column for column, cell in enumerate(cells, start=1) if cell.value is not None]
    for column in range(1, filled[-1] + 1 if filled else 1):
        cell = cells[column - 1]
        yield _cell(f"{get_column_letter(column)}{row}", cell.data_type, cell.value)


def _cell(reference: str, data_type: str, value: object) -> Cell:
    if value is None or value == "":
        return Cell(reference)
    kind = _KINDS.get(data_type, CellKind.ERROR)
    held: str | int | float | date | None
    match kind, value:
        case CellKind.TEXT, str():
            held = value[:MAX_TEXT_CHARACTERS]
        case ((CellKind.NUMBER | CellKind.BOOLEAN), int() | float()):
            held = value
        case CellKind.DATE, datetime():
            held = value.date()
        case CellKind.DATE, date():
            held = value
        case CellKind.FORMULA, _:
            held = None
        case _:
            kind, held = CellKind.ERROR, None
    return Cell(reference, kind, held)
