"""Reading a table's file by its name and its first bytes, which have to agree."""

from pathlib import PurePath
from typing import Final

from verify_service.tables.model import Sheet
from verify_service.tables.rules.csv_text import read_csv
from verify_service.tables.rules.explanations import refusal
from verify_service.tables.rules.limits import MAX_FILE_BYTES
from verify_service.tables.rules.workbooks import read_workbook

ZIP_SIGNATURE: Final = b"PK\x03\x04"
OLE2_SIGNATURE: Final = b"\xd0\xcf\x11\xe0"
"""Old Excel, and any workbook that Excel protected with a password."""
MARKUP_STARTS: Final = (b"<html", b"<!doctype", b"<?xml", b"<table", b"<meta")


def read_tables(file_name: str, data: bytes) -> tuple[Sheet, ...]:
    """Return the sheets of an `.xlsx` or `.csv` file.

    Raises:
        UsageError: the file is of another kind, whatever its name says, or damaged, or too large. The text says what
            it is and what to do.

    """
    if len(data) > MAX_FILE_BYTES:
        raise refusal("FILE_TOO_LARGE", megabytes=MAX_FILE_BYTES >> 20)
    if not data:
        raise refusal("FILE_EMPTY")
    content = _content(data)
    match PurePath(file_name).suffix.lower():
        case ".csv" | ".txt" if content == "text":
            return read_csv(data)
        case ".csv" | ".txt":
            raise refusal("NOT_CSV", about=content)
        case ".xlsx" if content == "zip":
            return read_workbook(data)
        case ".xlsx":
            raise refusal("NOT_XLSX", about=content)
        case ".xls":
            raise refusal("OLD_EXCEL", about=content)
        case ".xlsm" | ".xltm":
            raise refusal("WORKBOOK_MACROS")
    raise refusal("FILE_KIND")


def _content(data: bytes) -> str:
    """Return what the bytes are, in the words the refusals are written for: zip, ole2, markup or text."""
    if data.startswith(ZIP_SIGNATURE):
        return "zip"
    if data.startswith(OLE2_SIGNATURE):
        return "ole2"
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:16].lower()
    return "markup" if start.startswith(MARKUP_STARTS) else "text"
