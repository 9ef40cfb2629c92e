"""The parts of an `.xlsx` file, measured and judged before any parser sees them."""

import io
import zipfile
from typing import Final

from verify_service.tables.rules.archives import ArchiveLimits, open_archive, read_entry
from verify_service.tables.rules.explanations import refusal

LIMITS: Final = ArchiveLimits(entries=200, entry_bytes=16 << 20, total_bytes=48 << 20, ratio=200)
MAX_SIDE_PART_BYTES: Final = 1 << 20
"""Styles, themes and relations are parsed into whole trees, some 100 bytes of memory for each byte."""
MAX_TAGS: Final = 1_000_000
"""Of all parts together: 130 KB that inflate to 15 MB of `<c/>` cost 16 seconds and 1.2 GB. Ten thousand rows of
twelve columns have half a million.
"""
STREAMED_PARTS: Final = ("xl/worksheets/", "xl/sharedstrings.xml", "xl/media/")
# What may not be in a workbook from outside, by the beginning of the part's name: code, sentence of its own.
REFUSED_PARTS: Final = (
    ("xl/vbaproject.bin", "WORKBOOK_MACROS", ""),
    ("xl/macrosheets/", "WORKBOOK_MACROS", ""),
    ("xl/externallinks/", "WORKBOOK_LINKS", ""),
    ("xl/connections.xml", "WORKBOOK_LINKS", "connections"),
    ("xl/querytables/", "WORKBOOK_LINKS", "connections"),
    ("xl/model/", "WORKBOOK_LINKS", "connections"),
    ("xl/embeddings/", "WORKBOOK_OBJECTS", ""),
    ("xl/activex/", "WORKBOOK_OBJECTS", ""),
)


def measured_copy(data: bytes) -> io.BytesIO:
    """Return the workbook repacked without compression, so that nothing larger than checked can come out of it.

    Refused are macros, links, embedded objects, DTDs, parts of one name, and what is damaged or too large.
    """
    copy = io.BytesIO()
    with open_archive(data, LIMITS) as archive, zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as measured:
        parts = {entry.filename: entry for entry in archive.infolist()}
        if len(parts) < len(archive.infolist()):
            raise refusal("WORKBOOK_DAMAGED")  # two parts of one name: readers disagree on which one counts
        tags = 0
        for name, entry in parts.items():
            content = read_entry(archive, entry)
            _require_harmless(name.lower(), content)
            tags += content.count(b"<")
            if tags > MAX_TAGS:
                raise refusal("ARCHIVE_TOO_LARGE")
            measured.writestr(zipfile.ZipInfo(name), content)
    copy.seek(0)
    return copy


def _require_harmless(name: str, content: bytes) -> None:
    for start, code, about in REFUSED_PARTS:
        if name.startswith(start):
            raise refusal(code, about=about)
    # No spreadsheet program writes UTF-16 or UTF-32 here; they would hide a DTD from the search below.
    if name.endswith((".xml", ".rels")) and (b"<!DOCTYPE" in content or b"\0" in content):
        raise refusal("WORKBOOK_DAMAGED")
    if len(content) > MAX_SIDE_PART_BYTES and not name.startswith(STREAMED_PARTS):
        raise refusal("ARCHIVE_TOO_LARGE")
