"""Corrected cells in a workbook: as they were typed, whatever covered them."""

from typing import Final, cast

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from verify_service.tables.model import Annotation, Summary
from verify_service.tables.rules.corrections import correct_cells

SUMMARY: Final = Summary(0, 0, 0)


@pytest.fixture
def workbook() -> Workbook:
    workbook = Workbook()
    sheet = cast("Worksheet", workbook.worksheets[0])
    sheet.title = "名单"
    for row in (("姓名", "合作机构"), ("甲", "某学院"), ("乙", None), ("丙", None)):
        sheet.append(row)
    sheet.merge_cells("B2:B4")
    return workbook


def corrected(workbook: Workbook, **texts: str) -> list[list[object]]:
    correct_cells(workbook, Annotation(marks=(), summary=SUMMARY, sheet="名单", corrections=texts))
    return [[cell.value for cell in row] for row in workbook.worksheets[0].iter_rows(min_row=2)]


def test_a_cell_says_what_was_typed_and_an_emptied_one_nothing(workbook: Workbook) -> None:
    assert corrected(workbook, A2="丁", A4="") == [["丁", "某学院"], ["乙", None], [None, None]]


def test_what_begins_like_a_formula_is_text(workbook: Workbook) -> None:
    correct_cells(workbook, Annotation(marks=(), summary=SUMMARY, sheet="名单", corrections={"名单!A2": "=1+1"}))

    cell = workbook.worksheets[0]["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)


def test_a_merged_area_is_taken_apart_and_its_other_cells_say_what_it_showed(workbook: Workbook) -> None:
    assert corrected(workbook, B3="他学院") == [["甲", "某学院"], ["乙", "他学院"], ["丙", "某学院"]]
    assert workbook.worksheets[0].merged_cells.ranges == set()
