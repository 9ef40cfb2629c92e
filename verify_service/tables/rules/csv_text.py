"""Reading `.csv` files and pasted text: the encodings and separators that spreadsheet programs write in China."""

import codecs
import csv
import io
import re
from typing import Final

from verify_service.tables.model import CellKind, Sheet
from verify_service.tables.rules.explanations import refusal
from verify_service.tables.rules.limits import MAX_FILE_BYTES, MAX_TEXT_CHARACTERS
from verify_service.tables.rules.sheets import SheetRows

BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SEPARATORS: Final = (",", "\t", ";")
SAMPLE_LINES: Final = 20
_STATED_SEPARATOR: Final = re.compile(r'"?sep=([^"\r\n])"?(?:\r\n|\r|\n)', re.IGNORECASE)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def read_csv(data: bytes) -> tuple[Sheet, ...]:
    """Return the file as one sheet of text cells; refuse bytes that are no text and quotes that are never closed.

    A first line `sep=;`, by which Excel is told the separator, is no row.
    """
    text, _ = decode_text(data)
    stated = _STATED_SEPARATOR.match(text)
    separator = stated[1] if stated else find_separator(text)
    csv.field_size_limit(MAX_FILE_BYTES)  # a long cell is that cell's error, not the file's
    lines = csv.reader(io.StringIO(text[stated.end() if stated else 0 :], newline=""), delimiter=separator, strict=True)
    rows = SheetRows()
    try:
        for number, fields in enumerate(lines, start=1):
            filled = {column: field for column, field in enumerate(fields, start=1) if field.strip()}
            rows.add(number, {column: (CellKind.TEXT, field) for column, field in filled.items()})
    except csv.Error:
        # Without strict mode an unclosed quote swallows every later row into one cell.
        raise refusal("CSV_QUOTES", line=lines.line_num + bool(stated)) from None
    return (rows.sheet(""),)


def decode_text(data: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding: by byte order mark, else UTF-16 if it can be nothing else, else
    UTF-8 if valid, else GB 18030.

    The order matters: UTF-8 text often decodes as GB 18030 without an error (姓名 becomes 濮撳悕), never the reverse.
    """
    marked = next((encoding for mark, encoding in BYTE_ORDER_MARKS if data.startswith(mark)), None)
    for encoding in (marked,) if marked else _unmarked_encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and not (encoding.startswith("utf-16-") and _CONTROL.search(text)):
            return text, encoding
    raise refusal("NOT_TEXT")


def find_separator(text: str) -> str:
    """Return the separator that splits a single line of the beginning into the most fields; a comma in doubt."""
    sample = text[: SAMPLE_LINES * MAX_TEXT_CHARACTERS].splitlines()[:SAMPLE_LINES]
    return max(SEPARATORS, key=lambda separator: max((line.count(separator) for line in sample), default=0))


def _unmarked_encodings(data: bytes) -> tuple[str, ...]:
    """Return what bytes without a mark may be: separators and line ends of UTF-16 have a zero byte on one side."""
    if b"\0" not in data:
        return "utf-8", "gb18030"
    return ("utf-16-le",) if data[1::2].count(0) > data[::2].count(0) else ("utf-16-be",)
