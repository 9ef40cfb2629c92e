"""Reading `.xlsx` workbooks: openpyxl in read-only mode, which is only given bytes that were measured first."""
# ruff: noqa: SLF001  # openpyxl hands a sheet's parser around under private names

import threading
import warnings
from datetime import date
from typing import Any, Final

import openpyxl

from verify_service.errors import UsageError
from verify_service.tables.model import CellKind, Sheet
from verify_service.tables.rules.explanations import refusal
from verify_service.tables.rules.sheet_parser import SheetParser
from verify_service.tables.rules.sheets import Held, SheetRows, held_day, held_number
from verify_service.tables.rules.workbook_parts import measured_copy

if not openpyxl.DEFUSEDXML:  # without it a 2 KB workbook of nested entities fills the memory
    msg = "openpyxl does not see defusedxml: refusing to read workbooks"
    raise ImportError(msg)

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
    """Return the visible sheets of an `.xlsx` file; refuse what `measured_copy` refuses, and damage."""
    measured = measured_copy(data)
    try:
        # openpyxl quotes a number it cannot read as a date, which may be an ID number, in a warning.
        with _silence, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            workbook = openpyxl.load_workbook(measured, read_only=True, keep_links=False)
            sheets = tuple(_read_sheet(sheet) for sheet in workbook.worksheets if sheet.sheet_state == "visible")
    except (UsageError, MemoryError):
        raise
    except Exception:
        # openpyxl lets through whatever broken XML leads to, with cells quoted in the texts.
        raise refusal("WORKBOOK_DAMAGED") from None
    if not workbook.worksheets:
        raise refusal("WORKBOOK_DAMAGED")  # openpyxl leaves out sheets whose part is missing
    return sheets


def _read_sheet(sheet: Any) -> Sheet:  # noqa: ANN401  # a ReadOnlyWorksheet; the stubs lack most of it
    rows = SheetRows()
    with sheet._get_source() as source:
        parser = SheetParser(
            source,
            sheet._shared_strings,
            epoch=sheet.parent.epoch,
            date_formats=sheet.parent._date_formats,
            timedelta_formats=sheet.parent._timedelta_formats,
        )
        for number, cells in parser.rows():
            rows.add(number, _held_cells(number, cells))
    return rows.sheet(sheet.title, merged=parser.merged, hidden=parser.hidden_rows())


def _held_cells(number: int, cells: list[dict[str, Any]]) -> dict[int, Held]:
    held: dict[int, Held] = {}
    for cell in cells:
        if cell["value"] is None or cell["value"] == "":
            continue
        if cell["row"] != number or cell["column"] in held:
            raise refusal("WORKBOOK_DAMAGED")  # programs disagree on which of two values counts
        held[cell["column"]] = _held(cell["data_type"], cell["value"])
    return held


def _held(data_type: str, value: object) -> Held:
    kind = _KINDS.get(data_type, CellKind.ERROR)
    match kind, value:
        case CellKind.FORMULA, _:
            return kind, None
        case CellKind.TEXT, str(text):
            return kind, text
        case CellKind.BOOLEAN, bool(flag):
            return kind, flag
        case CellKind.NUMBER, int() | float() as number:
            return held_number(number)
        case CellKind.DATE, date() as day:
            return held_day(day)
    return CellKind.ERROR, None
