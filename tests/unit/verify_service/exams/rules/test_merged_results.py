"""Merged cells of a results file: a day or a sitting may be shared, how somebody fared never."""

from datetime import date

import pytest

from verify_service.exams.rules.results_file import CheckedResults, check_results, read_results
from verify_service.tables.model import CellKind
from verify_service.tables.rules.merges import MergedRange
from verify_service.tables.rules.sheets import SheetRows

HEADINGS = ("姓名", "身份证号", "证书类别", "考试日期", "考次", "理论成绩", "实操成绩", "结论")
FIRST = ("林晓禾", "110000199003079874", "全媒体运营师", "2026-03-14", "首考", "71", "75", "合格")
SECOND = ("林晓苗", "440000199602299867", "全媒体运营师", "2026-03-14", "首考", "60", "61", "合格")
SHARED = {3: "kind", 4: "examOn", 5: "sitting"}
PERSONAL = {1: "name", 2: "idNumber", 6: "theoryScore", 7: "practiceScore", 8: "conclusion"}


def check(*merged_columns: int) -> CheckedResults:
    rows = SheetRows()
    for number, row in enumerate((HEADINGS, FIRST, SECOND), start=1):
        beneath = merged_columns if number == 3 else ()
        rows.add(number, {at: (CellKind.TEXT, text) for at, text in enumerate(row, start=1) if at not in beneath})
    sheet = rows.sheet("成绩", merged=[MergedRange(2, 3, column, column) for column in merged_columns])
    return check_results(read_results([sheet]), today=date(2026, 11, 23))


def test_day_sitting_and_kind_are_taken_from_a_merged_cell_with_a_warning() -> None:
    checked = check(*SHARED)

    assert [(issue.code, issue.field) for issue in checked.report.rows[1].warnings] == [
        ("MERGED", field) for field in SHARED.values()
    ]
    assert checked.sittings.keys() == {1, 2}


@pytest.mark.parametrize("column", PERSONAL)
def test_what_one_person_achieved_is_never_taken_from_a_merged_cell(column: int) -> None:
    checked = check(column)

    assert [(issue.code, issue.field) for issue in checked.report.rows[1].errors] == [("MERGED", PERSONAL[column])]
    assert checked.sittings.keys() == {1}
