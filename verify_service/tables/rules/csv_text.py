"""Reading `.csv` files: the encodings and separators that spreadsheet programs write in China."""

import codecs
import csv
import io
from typing import Final

from openpyxl.utils import get_column_letter

from verify_service.tables.model import Cell, CellKind, Sheet
from verify_service.tables.rules.explanations import refusal
from verify_service.tables.rules.limits import MAX_COLUMNS, MAX_ROWS, MAX_TEXT_CHARACTERS

BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SEPARATORS: Final = (",", "\t", ";")
SAMPLE_LINES: Final = 20


def read_csv(data: bytes) -> tuple[Sheet, ...]:
    """Return the file as one sheet of text cells; refuse bytes that are no text and quotes that are never closed."""
    text, _ = decode_text(data)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=find_separator(text), strict=True)
    rows: list[tuple[Cell, ...]] = []
    try:
        for number, fields in enumerate(lines, start=1):
            if row := _filled_cells(fields[:MAX_COLUMNS], number):
                rows.append(row)
            if len(rows) > MAX_ROWS:
                raise refusal("TOO_MANY_ROWS", rows=MAX_ROWS)
    except csv.Error:
        # Without strict mode an unclosed quote swallows every later row into one cell.
        raise refusal("CSV_QUOTES", line=lines.line_num) from None
    return (Sheet(title="", rows=tuple(rows)),)


def decode_text(data: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding: by byte order mark, else UTF-8 if valid, else GB 18030.

    The order matters: UTF-8 text often decodes as GB 18030 without an error (姓名 becomes 濮撳悕), never the reverse.
    """
    marked = next((encoding for mark, encoding in BYTE_ORDER_MARKS if data.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise refusal("NOT_TEXT")


def find_separator(text: str) -> str:
    """Return the separator that splits a single line of the beginning into the most fields; a comma in doubt."""
    sample = text[: SAMPLE_LINES * MAX_TEXT_CHARACTERS].splitlines()[:SAMPLE_LINES]
    return max(SEPARATORS, key=lambda separator: max((line.count(separator) for line in sample), default=0))


def _filled_cells(fields: list[str], row: int) -> tuple[Cell, ...]:
    filled = [column for column, text in enumerate(fields, start=1) if text]
    width = filled[-1] if filled else 0
    return tuple(_cell(f"{get_column_letter(column)}{row}", fields[column - 1]) for column in range(1, width + 1))


def _cell(reference: str, text: str) -> Cell:
    return Cell(reference, CellKind.TEXT, text[:MAX_TEXT_CHARACTERS]) if text else Cell(reference)
