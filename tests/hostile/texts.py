"""Text files that are none, or that are meant for somebody else's parser."""

import random

from tests.hostile.archives import HEADINGS, workbook
from tests.hostile.corpus import hostile

HEADING_LINE = ",".join(HEADINGS) + "\n"
PERSON_LINE = "林晓禾,男,110000199003079874,19400001234,测试学院\n"


@hostile("an empty file", "roster.csv", "FILE_EMPTY")
def _empty() -> bytes:
    return b""


@hostile("11 MB of rows", "roster.csv", "FILE_TOO_LARGE")
def _too_large() -> bytes:
    return (HEADING_LINE + PERSON_LINE * 200_000).encode()


@hostile("100,000 rows", "roster.csv", "TOO_MANY_ROWS")
def _many_rows() -> bytes:
    return (HEADING_LINE + PERSON_LINE * 100_000).encode()


@hostile("a row of 100,000 columns", "roster.csv", "TOO_MANY_COLUMNS")
def _many_columns() -> bytes:
    return (HEADING_LINE + "x," * 100_000 + "\n").encode()


@hostile("a cell of 9 MB", "roster.csv", ":TOO_LONG")
def _long_cell() -> bytes:
    return (HEADING_LINE + PERSON_LINE.replace("林晓禾", "林" * (3 << 20))).encode()


@hostile("a quote that never ends", "roster.csv", "CSV_QUOTES")
def _open_quote() -> bytes:
    return (HEADING_LINE + '"林晓禾' + PERSON_LINE * 1000).encode()


@hostile("random bytes", "roster.csv", "NOT_TEXT")
def _random() -> bytes:
    return b"\xff" + random.Random(7).randbytes(50_000)  # noqa: S311  # the same bytes every time


@hostile("NUL bytes between the letters", "roster.csv", "NOT_TEXT")
def _nul_bytes() -> bytes:
    return "\0".join(HEADING_LINE + PERSON_LINE).encode()


@hostile("UTF-16 cut in the middle of a character", "roster.csv", "NOT_TEXT")
def _cut_utf_16() -> bytes:
    return (HEADING_LINE + PERSON_LINE).encode("utf-16")[:-1]


@hostile("a workbook renamed to .csv", "roster.csv", "NOT_CSV")
def _workbook() -> bytes:
    return workbook({})


@hostile("a PDF that is a roster further down", "roster.csv", "NOT_CSV")
def _polyglot() -> bytes:
    return b"%PDF-1.7\n" + (HEADING_LINE + PERSON_LINE).encode()


@hostile("a program", "roster.exe", "FILE_KIND")
def _program() -> bytes:
    return b"MZ\x90\0" + b"\0" * 1000
