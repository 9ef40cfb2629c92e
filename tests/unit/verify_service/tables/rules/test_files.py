"""A file's name and its content have to agree; a refusal says what the file is and what to do."""

from collections.abc import Callable
from pathlib import Path

import pytest

from verify_service.errors import UsageError
from verify_service.tables.rules.files import read_tables
from verify_service.tables.rules.limits import MAX_FILE_BYTES

DATA = Path(__file__).parents[4] / "data"
OLD_EXCEL = (DATA / "roster-old-excel.xls").read_bytes()
WORKBOOK = (DATA / "roster-operator.xlsx").read_bytes()
TEXT = "姓名,性别\n".encode()


def test_the_name_is_judged_by_its_ending_in_any_case(build_workbook: Callable[..., bytes]) -> None:
    assert read_tables("名单.XLSX", build_workbook([["x"]])) != ()
    assert read_tables("folder/名单.CSV", TEXT) != ()


@pytest.mark.parametrize(
    ("file_name", "data", "code", "advice"),
    [
        ("a.csv", WORKBOOK, "NOT_CSV", "改回 .xlsx"),
        ("a.csv", OLD_EXCEL, "NOT_CSV", "旧版 Excel"),
        ("a.csv", b"\xef\xbb\xbf <HTML><table>", "NOT_CSV", "网页"),
        ("a.xlsx", OLD_EXCEL, "NOT_XLSX", "密码"),
        ("a.xlsx", TEXT, "NOT_XLSX", "改为 .csv"),
        ("a.xlsx", b"<?xml version='1.0'?><Workbook/>", "NOT_XLSX", "网页"),
        ("a.xls", OLD_EXCEL, "OLD_EXCEL", "另存为 .xlsx"),
        ("a.xls", WORKBOOK, "OLD_EXCEL", "改为 .xlsx"),
        ("a.xls", b"<html><table>", "OLD_EXCEL", "网页"),
        ("a.xls", TEXT, "OLD_EXCEL", "改为 .csv"),
        ("a.xlsm", WORKBOOK, "WORKBOOK_MACROS", "宏"),
        ("a.pdf", b"%PDF-1.7", "FILE_KIND", ".xlsx"),
        ("roster", TEXT, "FILE_KIND", ".csv"),
        ("", TEXT, "FILE_KIND", ".csv"),
        ("a.csv", b"", "FILE_EMPTY", "空"),
        ("a.csv", b"x" * (MAX_FILE_BYTES + 1), "FILE_TOO_LARGE", "10 MB"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused_with_advice(
    file_name: str, data: bytes, code: str, advice: str
) -> None:
    with pytest.raises(UsageError) as refused:
        read_tables(file_name, data)

    assert (refused.value.code, refused.value.exit_code) == (code, 2)
    assert advice in refused.value.message
