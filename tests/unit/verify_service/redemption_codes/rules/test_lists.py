"""The workbook that hands codes out: a name beside its own code, text only, ready to print."""

import io
import re
import zipfile

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from verify_service.redemption_codes.model import HandedCode
from verify_service.redemption_codes.rules.codes import format_code, new_redemption_code
from verify_service.redemption_codes.rules.lists import code_workbook
from verify_service.redemption_codes.rules.tails import id_number_tails


def line(name: str, id_number: str) -> HandedCode:
    return HandedCode(name, id_number, new_redemption_code())


def sheet_of(data: bytes) -> Worksheet:
    workbook = openpyxl.load_workbook(io.BytesIO(data))
    (sheet,) = workbook.worksheets
    return sheet


def rows_of(data: bytes) -> list[tuple[object, ...]]:
    return list(sheet_of(data).iter_rows(values_only=True))


@pytest.mark.parametrize(
    ("numbers", "tails"),
    [
        (["11000119900101960X"], ["960X"]),
        (["11000119900101960X", "110001199001019618"], ["960X", "9618"]),
        (["11000119900101960X", "11000119900103960X"], ["3960X", "1960X"]),
        (["11000119900101960X", "11000119900103960X", "110001199001019618"], ["3960X", "1960X", "19618"]),
        (["A1234567", "B1234567"], ["A1234567", "B1234567"]),
        (["1234567", "01234567"], ["1234567", "01234567"]),
    ],
)
def test_a_tail_is_as_long_as_it_takes_to_tell_namesakes_apart(numbers: list[str], tails: list[str]) -> None:
    found = id_number_tails([line("林同名", number) for number in numbers])

    assert sorted(found) == sorted(numbers)
    assert sorted(found.values()) == sorted(tails)
    assert all(number.endswith(tail) for number, tail in found.items())


def test_people_of_different_names_may_have_the_same_tail() -> None:
    found = id_number_tails([line("林一", "11000119900101960X"), line("林二", "11000119900103960X")])

    assert set(found.values()) == {"960X"}


def test_a_row_has_place_name_tail_and_code_below_title_and_heading() -> None:
    one, other = line("张三", "110001199001019618"), line("李四", "11000119900101960X")

    rows = rows_of(code_workbook("C1", "测试学院", [one, other]))

    assert rows[0] == ("兑换码　班次 C1　合作机构 测试学院", None, None, None)
    assert rows[1] == ("序号", "姓名", "证件号码末位", "兑换码")
    assert rows[2:] == [("1", "李四", "960X", format_code(other.code)), ("2", "张三", "9618", format_code(one.code))]


def test_the_order_is_by_pinyin_and_does_not_depend_on_the_order_of_enrolment() -> None:
    names = ["赵芳", "王强", "阿依古丽", "李明", "陈静"]
    lines = [line(name, f"11000119900101{number:04}") for number, name in enumerate(names)]
    lines += [line("王强", "110001199001010009")]

    forwards, backwards = (rows_of(code_workbook("C1", "测试学院", order)) for order in (lines, lines[::-1]))

    assert forwards == backwards
    assert [row[1] for row in forwards[2:]] == ["阿依古丽", "陈静", "李明", "王强", "王强", "赵芳"]
    assert [row[2] for row in forwards[2:] if row[1] == "王强"] == ["0001", "0009"]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://127.0.0.1")'])
def test_nothing_is_a_formula_whatever_it_begins_with(name: str) -> None:
    data = code_workbook("C1", name, [line(name, "=cmd|' /C calc'!A0")])

    cells = [cell for row in sheet_of(data).iter_rows(min_row=2) for cell in row]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert re.search(b"<f[ />]", archive.read("xl/worksheets/sheet1.xml")) is None


def test_the_sheet_prints_on_a4_with_its_heading_on_every_page() -> None:
    sheet = sheet_of(code_workbook("C1", "测试学院", [line("张三", "110001199001019618")]))

    assert sheet.freeze_panes == "A3"
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "portrait")
    assert sheet.print_title_rows == "$1:$2"
    assert sheet.column_dimensions["D"].width >= len("7M2K-Q4T9-XWZB-3DHR-3")
