"""A file's name and its content have to agree; a refusal says what the file is and what to do."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hostile.old_workbooks import compound_file
from verify_service.errors import UsageError
from verify_service.tables.rules.compound_files import SIGNATURE
from verify_service.tables.rules.files import read_tables
from verify_service.tables.rules.limits import MAX_FILE_BYTES

DATA = Path(__file__).parents[4] / "data"
OLD_EXCEL = (DATA / "roster-old-excel.xls").read_bytes()
WORKBOOK = (DATA / "roster-operator.xlsx").read_bytes()
TEXT = "姓名,性别\n".encode()
PDF = b"%PDF-1.7\n"
HTML = b"\xef\xbb\xbf <HTML><table>"


def zip_of(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("file_name", "data"),
    [
        ("名单.XLSX", WORKBOOK),
        ("名单.xls", OLD_EXCEL),
        ("名单.ET", OLD_EXCEL),
        ("folder/名单.CSV", TEXT),
        ("-.txt", TEXT),
        ("a.csv", "姓名,性别\n".encode("utf-16-be")),
    ],
)
def test_the_name_is_judged_by_its_ending_in_any_case(file_name: str, data: bytes) -> None:
    assert read_tables(io.BytesIO(data), file_name)[0].rows


@pytest.mark.parametrize(
    ("file_name", "data", "code", "advice"),
    [
        ("a.csv", WORKBOOK, "NOT_CSV", "改回 .xlsx"),
        ("a.csv", OLD_EXCEL, "NOT_CSV", "改回 .xls"),
        ("a.csv", HTML, "NOT_CSV", "网页"),
        ("a.csv", PDF, "NOT_CSV", "PDF"),
        ("a.csv", zip_of("名单.xlsx"), "NOT_CSV", "解压"),
        ("a.csv", b"\xff\xfe\x00", "NOT_TEXT", "编码"),
        ("a.xlsx", OLD_EXCEL, "NOT_XLSX", "改为 .xls"),
        ("a.xlsx", TEXT, "NOT_XLSX", "改为 .csv"),
        ("a.xlsx", b"<?xml version='1.0'?><Workbook/>", "NOT_XLSX", "网页"),
        ("a.xlsx", PDF, "NOT_XLSX", "PDF"),
        ("a.xlsx", b"\x89PNG\r\n\x1a\n", "NOT_XLSX", "截图"),
        ("a.xlsx", b"\xff\xd8\xff\xe0", "NOT_XLSX", "截图"),
        ("a.xlsx", b"Rar!\x1a\x07", "NOT_XLSX", "解压"),
        ("a.xlsx", b"7z\xbc\xaf\x27\x1c", "NOT_XLSX", "解压"),
        ("a.xlsx", b"\x80\x81\xff\xfe\x00\x01", "NOT_XLSX", "这不是 .xlsx"),  # no text either
        ("a.xlsx", zip_of("[Content_Types].xml", "word/document.xml"), "NOT_XLSX", "文字文档"),
        ("a.xlsx", zip_of("mimetype", "content.xml"), "NOT_XLSX", "OpenDocument"),
        ("a.xlsx", zip_of("Index/Document.iwa"), "NOT_XLSX", "Numbers"),
        ("a.xlsx", zip_of("xl/workbook.bin"), "NOT_XLSX", "二进制"),
        ("a.xls", WORKBOOK, "NOT_XLS", "改为 .xlsx"),
        ("a.xls", b"<html><table>", "NOT_XLS", "网页"),
        ("a.xls", TEXT, "NOT_XLS", "改为 .csv"),
        ("a.xls", compound_file({"WordDocument": 0}), "NOT_XLS", "文字文档"),
        ("a.xlsm", WORKBOOK, "WORKBOOK_MACROS", "宏"),
        ("a.pdf", PDF, "FILE_KIND", "PDF"),
        ("a.ods", zip_of("mimetype", "content.xml"), "FILE_KIND", "OpenDocument"),
        ("a.numbers", zip_of("Index/Document.iwa"), "FILE_KIND", "Numbers"),
        ("a.wps", compound_file({"WordDocument": 0}), "FILE_KIND", "文字文档"),
        ("a.xlsb", zip_of("xl/workbook.bin"), "FILE_KIND", "二进制"),
        ("a.zip", zip_of("名单.xlsx"), "FILE_KIND", "解压"),
        ("roster", TEXT, "FILE_KIND", "改为 .csv"),
        ("roster.xlsx(1)", WORKBOOK, "FILE_KIND", "改为 .xlsx"),
        ("", b"\x80\x81\xff\xfe\x00\x01", "FILE_KIND", ".xlsx"),
        ("a.csv", b"", "FILE_EMPTY", "空"),
        ("a.csv", b"x" * (MAX_FILE_BYTES + 1), "FILE_TOO_LARGE", "10 MB"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused_with_advice(
    file_name: str, data: bytes, code: str, advice: str
) -> None:
    with pytest.raises(UsageError) as refused:
        read_tables(io.BytesIO(data), file_name)

    assert (refused.value.code, refused.value.exit_code) == (code, 2)
    assert advice in refused.value.message


@pytest.mark.parametrize("file_name", ["a.xlsx", "a.xls", "a.csv", "a"])
@pytest.mark.parametrize(
    ("stream", "code"),
    [
        ("EncryptedPackage", "WORKBOOK_ENCRYPTED"),
        ("_VBA_PROJECT_CUR", "WORKBOOK_MACROS"),
        ("Macros", "WORKBOOK_MACROS"),
        ("MBD0001A2B3", "WORKBOOK_OBJECTS"),
    ],
)
def test_a_protected_or_armed_workbook_is_named_whatever_its_file_is_called(
    file_name: str, stream: str, code: str
) -> None:
    with pytest.raises(UsageError) as refused:
        read_tables(io.BytesIO(compound_file({"Workbook": 0, stream: 0})), file_name)

    assert refused.value.code == code


BEGINNINGS = [b"", b"PK\x03\x04", b"PK\x05\x06", SIGNATURE, OLD_EXCEL[:600], b"\xff\xfe", b"<html", WORKBOOK[:300]]


@pytest.mark.parametrize("ending", [".xlsx", ".xls", ".et", ".csv", ".txt", ".pdf", ""])
@given(start=st.sampled_from(BEGINNINGS), rest=st.binary(max_size=1500))
@settings(max_examples=60, deadline=None)
def test_any_bytes_under_any_name_are_read_or_refused(ending: str, start: bytes, rest: bytes) -> None:
    try:
        read_tables(io.BytesIO(start + rest), f"名单{ending}")
    except UsageError as refused:
        assert refused.message  # noqa: PT017 - either outcome is right, a third is not
