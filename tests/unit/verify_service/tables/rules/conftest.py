"""Workbooks as bytes, made by openpyxl and then bent."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import openpyxl
import pytest

BuildWorkbook = Callable[[Sequence[list[Any]]], bytes]
BendWorkbook = Callable[[Mapping[str, bytes]], bytes]

SHEET_XML = (
    '<?xml version="1.0"?>{prolog}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<sheetData>{rows}</sheetData></worksheet>"
)


def _workbook(rows: Sequence[list[Any]]) -> bytes:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.worksheets[0].append(row)
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def _bent(parts: Mapping[str, bytes]) -> bytes:
    bent = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(_workbook([]))) as plain,
        zipfile.ZipFile(bent, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in plain.namelist():
            if name not in parts:
                archive.writestr(name, plain.read(name))
        for name, content in parts.items():
            archive.writestr(name, content)
    return bent.getvalue()


@pytest.fixture(scope="session")
def build_workbook() -> BuildWorkbook:
    """Rows of Python values -> the bytes of an `.xlsx`; a str that starts with `=` becomes a formula."""
    return _workbook


@pytest.fixture(scope="session")
def bend_workbook() -> BendWorkbook:
    """Parts to replace or add in an empty workbook -> its bytes."""
    return _bent


@pytest.fixture(scope="session")
def sheet_part() -> Callable[..., bytes]:
    """XML of rows -> the bytes of a sheet part."""
    return lambda rows, prolog="": SHEET_XML.format(rows=rows, prolog=prolog).encode()
