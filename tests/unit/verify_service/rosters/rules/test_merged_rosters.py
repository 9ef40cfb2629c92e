"""Merged cells and hidden rows of a roster, from the workbook to the report."""

import io
from collections.abc import Sequence
from datetime import date

import openpyxl
import pytest

from verify_service.rosters.model import RosterReport
from verify_service.rosters.rules.checks import check_roster, read_roster
from verify_service.tables.rules.workbooks import read_workbook

HEADINGS = ("姓名", "性别", "身份证号", "手机号", "合作机构名称", "加考网络视听主播", "证件类型")
BOY = ("林晓禾", "男", "110000199003079874", "19400001234", "星河传媒学院", "是", "居民身份证")
GIRL = ("林晓苗", "女", "440000199602299867", "19400005678", None, None, None)
SHARED = {"E2:E3": "partner", "F2:F3": "alsoOnlineHost", "G2:G3": "documentType"}
PERSONAL = {"A2:A3": "name", "B2:B3": "sex", "C2:C3": "idNumber", "D2:D3": "phone"}


def check(*merged: str, hidden: Sequence[int] = ()) -> RosterReport:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    for row in (HEADINGS, BOY, GIRL):
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    for number in hidden:
        sheet.row_dimensions[number].hidden = True
    written = io.BytesIO()
    workbook.save(written)
    roster = read_roster(read_workbook(written.getvalue()))
    return check_roster(roster, today=date(2026, 11, 23), missing_characters=lambda _: ())


def test_what_people_may_share_is_taken_from_the_merged_cell_with_a_warning() -> None:
    _, row = check(*SHARED).rows

    assert row.errors == ()
    assert [(issue.code, issue.field, issue.cell) for issue in row.warnings] == [
        ("MERGED", "documentType", "G3"),
        ("MERGED", "partner", "E3"),
        ("MERGED", "alsoOnlineHost", "F3"),
    ]
    assert (row.value.partner, row.value.also_online_host) == (BOY[4], True)


@pytest.mark.parametrize("cells", PERSONAL)
def test_what_is_somebody_s_own_is_never_taken_from_a_merged_cell(cells: str) -> None:
    _, row = check(cells, *SHARED).rows

    assert [(issue.code, issue.field) for issue in row.errors] == [("MERGED", PERSONAL[cells])]


def test_cells_merged_sideways_fill_nothing() -> None:
    _, row = check("A3:B3", "E2:E3").rows

    assert [(issue.code, issue.field) for issue in row.errors] == [("EMPTY", "sex")]


def test_a_row_hidden_or_filtered_out_is_read_with_a_warning() -> None:
    report = check("E2:E3", hidden=[3])

    assert report.summary.accepted == 2
    assert next((issue.code, issue.cell) for issue in report.rows[1].warnings) == ("HIDDEN_ROW", "A3")
