"""What a file is by its bytes, whatever its name says."""

import re
from enum import StrEnum
from typing import Final

from verify_service.errors import UsageError
from verify_service.tables.rules.archives import open_archive
from verify_service.tables.rules.compound_files import SIGNATURE as OLE2_SIGNATURE
from verify_service.tables.rules.compound_files import CompoundFile, CompoundFileError
from verify_service.tables.rules.csv_text import decode_text
from verify_service.tables.rules.workbook_parts import LIMITS

ZIP_SIGNATURES: Final = (b"PK\x03\x04", b"PK\x05\x06")
_MARKUP: Final = re.compile(
    r"\s*(?:<(?:html|!doctype|\?xml|table|meta|head|style|!--)\b|<!--|MIME-Version:)", re.IGNORECASE
)


class Content(StrEnum):
    """A kind of content, in the words the refusals are written for."""

    WORKBOOK = "xlsx"
    OLD_WORKBOOK = "xls"
    BINARY_WORKBOOK = "xlsb"
    OPEN_DOCUMENT = "ods"
    NUMBERS = "numbers"
    DOCUMENT = "document"
    ZIP = "zip"
    ARCHIVE = "archive"
    PDF = "pdf"
    PICTURE = "picture"
    MARKUP = "markup"
    TEXT = "text"
    BINARY = "binary"


_SIGNATURES: Final = (
    (b"%PDF-", Content.PDF),
    (b"\x89PNG", Content.PICTURE),
    (b"\xff\xd8\xff", Content.PICTURE),
    (b"GIF8", Content.PICTURE),
    (b"Rar!", Content.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", Content.ARCHIVE),
    (b"\x1f\x8b", Content.ARCHIVE),
    (b"{\\rtf", Content.DOCUMENT),
)
# Which part makes a ZIP what it is; the first that fits.
_PARTS: Final = (
    ("word/", Content.DOCUMENT),
    ("ppt/", Content.DOCUMENT),
    ("xl/workbook.bin", Content.BINARY_WORKBOOK),
    ("xl/", Content.WORKBOOK),
    ("index/", Content.NUMBERS),
    ("index.zip", Content.NUMBERS),
    ("content.xml", Content.OPEN_DOCUMENT),
)
_DOCUMENT_STREAMS: Final = frozenset({"WordDocument", "PowerPoint Document"})
_HEIF: Final = slice(4, 8)


def content_of(data: bytes) -> Content:
    """Return what the bytes are. A damaged workbook is still one: its reader will say what is wrong with it."""
    for signature, content in _SIGNATURES:
        if data.startswith(signature):
            return content
    if data.startswith(ZIP_SIGNATURES):
        return _content_of_zip(data)
    if data.startswith(OLE2_SIGNATURE):
        return _content_of_compound_file(data)
    if data[_HEIF] == b"ftyp" or (data.startswith(b"RIFF") and data[8:12] == b"WEBP"):
        return Content.PICTURE
    try:
        text, _ = decode_text(data)
    except UsageError:
        return Content.BINARY
    return Content.MARKUP if _MARKUP.match(text) else Content.TEXT


def _content_of_zip(data: bytes) -> Content:
    try:
        with open_archive(data, LIMITS) as archive:
            names = [name.lower() for name in archive.namelist()]
    except UsageError:
        return Content.WORKBOOK
    found = (content for part, content in _PARTS if any(name.startswith(part) for name in names))
    return next(found, Content.ZIP)


def _content_of_compound_file(data: bytes) -> Content:
    try:
        names = {entry.name for entry in CompoundFile(data).entries}
    except CompoundFileError:
        return Content.OLD_WORKBOOK
    return Content.OLD_WORKBOOK if names.isdisjoint(_DOCUMENT_STREAMS) else Content.DOCUMENT
