"""Reading a table's file by its name and its content, which have to agree."""

from pathlib import PurePath
from typing import BinaryIO, Final

from verify_service.tables.model import Sheet
from verify_service.tables.rules.contents import Content, content_of
from verify_service.tables.rules.csv_text import read_csv
from verify_service.tables.rules.explanations import refusal
from verify_service.tables.rules.limits import MAX_FILE_BYTES
from verify_service.tables.rules.old_workbooks import read_old_workbook, require_unprotected
from verify_service.tables.rules.workbooks import read_workbook

MACRO_ENDINGS: Final = frozenset({".xlsm", ".xltm", ".xlam"})


def read_tables(file: BinaryIO, file_name: str) -> tuple[Sheet, ...]:
    """Return the visible sheets of an `.xlsx`, `.xls`, `.et`, `.csv` or `.txt` file.

    Raises:
        UsageError: the file is of another kind, whatever its name says, or damaged, or too large. The text says what
            it is and what to do.

    """
    data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise refusal("FILE_TOO_LARGE", megabytes=MAX_FILE_BYTES >> 20)
    if not data:
        raise refusal("FILE_EMPTY")
    content = content_of(data)
    if content is Content.OLD_WORKBOOK:
        require_unprotected(data)  # an .xlsx with a password is such a file too: that is what to say of it
    return _read(data, content, PurePath(file_name).suffix.lower())


def _read(data: bytes, content: Content, ending: str) -> tuple[Sheet, ...]:
    match ending, content:
        case ".csv" | ".txt", Content.TEXT | Content.BINARY:
            return read_csv(data)
        case ".xlsx", Content.WORKBOOK:
            return read_workbook(data)
        case ".xls" | ".et", Content.OLD_WORKBOOK:
            return read_old_workbook(data)
        case ".csv" | ".txt", _:
            raise refusal("NOT_CSV", about=content)
        case ".xlsx", _:
            raise refusal("NOT_XLSX", about=content)
        case ".xls" | ".et", _:
            raise refusal("NOT_XLS", about=content)
        case _, Content.WORKBOOK if ending in MACRO_ENDINGS:
            raise refusal("WORKBOOK_MACROS")
    raise refusal("FILE_KIND", about=content)
