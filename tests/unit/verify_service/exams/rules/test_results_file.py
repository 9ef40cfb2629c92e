"""Checking a results file."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import msgspec
import pytest

from verify_service.errors import FieldError, UsageError
from verify_service.exams.model import Conclusion, Sitting, SittingKind
from verify_service.exams.rules.results_columns import KIND_TITLES, parse_exam_day, parse_kind
from verify_service.exams.rules.results_file import CheckedResults, check_results, read_results
from verify_service.tables.model import Cell, CellKind, Finding, Sheet, Table
from verify_service.tables.rules.files import read_tables
from verify_service.tables.rules.reports import with_findings

DATA = Path(__file__).parents[4] / "data"
TODAY = date(2026, 11, 23)
HEADINGS = ("姓名", "身份证号", "证书类别", "考试日期", "考次", "理论成绩", "实操成绩", "结论")
FIRST = ("林晓禾", "110000199003079874", "全媒体运营师", "2026-03-14", "首考", "31", "42.5", "不合格")
MAKE_UP = ("林晓禾", "110000199003079874", "全媒体运营师", "2026-04-18", "补考", "71", "75", "合格")


def results_of(*rows: Sequence[str]) -> Table:
    cells = tuple(
        tuple(
            Cell(f"{'ABCDEFGH'[column]}{number}", CellKind.TEXT if text else CellKind.EMPTY, text or None)
            for column, text in enumerate(row)
        )
        for number, row in enumerate((HEADINGS, *rows), start=1)
    )
    return read_results([Sheet(title="", rows=cells)])


def check(*rows: Sequence[str]) -> CheckedResults:
    return check_results(results_of(*rows), today=TODAY)


def replaced(row: tuple[str, ...], column: str, text: str) -> tuple[str, ...]:
    return tuple(text if heading == column else old for heading, old in zip(HEADINGS, row, strict=True))


@pytest.mark.parametrize(("name", "rows", "make_ups"), [("results-operator.xlsx", 67, 3), ("results-host.xlsx", 18, 1)])
def test_a_good_file_is_accepted_whole(name: str, rows: int, make_ups: int) -> None:
    with (DATA / name).open("rb") as file:
        checked = check_results(read_results(read_tables(file, name)), today=TODAY)

    assert checked.report.summary.accepted == len(checked.report.rows) == len(checked.sittings) == rows
    assert sum(sitting.kind is SittingKind.MAKE_UP for sitting in checked.sittings.values()) == make_ups


def test_both_sittings_of_one_person_may_stand_in_one_file_with_their_scores() -> None:
    checked = check(FIRST, MAKE_UP)

    assert checked.sittings == {
        1: Sitting(
            kind=SittingKind.FIRST,
            held_on=date(2026, 3, 14),
            conclusion=Conclusion.FAILED,
            theory_score_tenths=310,
            practice_score_tenths=425,
        ),
        2: Sitting(
            kind=SittingKind.MAKE_UP,
            held_on=date(2026, 4, 18),
            conclusion=Conclusion.PASSED,
            theory_score_tenths=710,
            practice_score_tenths=750,
        ),
    }


def test_the_report_has_the_shape_of_the_contract() -> None:
    report = json.loads(msgspec.json.encode(check(MAKE_UP).report))

    assert report == {
        "rows": [
            {
                "row": 1,
                "errors": [],
                "warnings": [],
                "value": {
                    "name": "林晓禾",
                    "idNumber": "110000199003079874",
                    "kind": "omnimedia_operator",
                    "sitting": "makeUp",
                    "examOn": "2026-04-18",
                    "conclusion": "passed",
                },
            }
        ],
        "summary": {"rows": 1, "accepted": 1, "rejected": 0},
        "unknownColumns": [],
    }


@pytest.mark.parametrize(
    ("column", "text", "code", "field"),
    [
        ("姓名", "", "EMPTY", "name"),
        ("身份证号", "110000199003079870", "CHECKSUM", "idNumber"),
        ("证书类别", "播音员主持人", "PATTERN", "kind"),
        ("证书类别", "", "EMPTY", "kind"),
        ("考试日期", "2026-02-30", "PATTERN", "examOn"),
        ("考试日期", "2026-11-24", "EXAM_FUTURE", "examOn"),
        ("考次", "第三次", "PATTERN", "sitting"),
        ("理论成绩", "101", "PATTERN", "theoryScore"),
        ("实操成绩", "缺", "PATTERN", "practiceScore"),
        ("结论", "通过", "PATTERN", "conclusion"),
    ],
)
def test_a_cell_that_is_wrong_is_named_and_records_no_sitting(column: str, text: str, code: str, field: str) -> None:
    checked = check(replaced(FIRST, column, text))

    assert [(issue.code, issue.field) for issue in checked.report.rows[0].errors] == [(code, field)]
    assert checked.sittings == {}


def test_an_absentee_has_no_scores() -> None:
    absent = ("林晓禾", "110000199003079874", "网络视听主播", "2026/3/15", "首考", "", "", "缺考")

    sitting = check(absent).sittings[1]

    assert (sitting.theory_score_tenths, sitting.practice_score_tenths) == (None, None)


def test_the_same_sitting_twice_is_a_duplicate_even_with_another_outcome() -> None:
    rows = check(FIRST, replaced(FIRST, "结论", "合格"), replaced(FIRST, "证书类别", "网络视听主播")).report.rows

    assert [[issue.code for issue in row.errors] for row in rows] == [[], ["DUPLICATE"], []]


def test_one_id_number_under_two_names_is_a_conflict_on_both_rows() -> None:
    rows = check(FIRST, replaced(MAKE_UP, "姓名", "林晓苗")).report.rows

    assert [[issue.code for issue in row.errors] for row in rows] == [["ID_NAME_CONFLICT"], ["ID_NAME_CONFLICT"]]


def test_a_number_of_another_document_needs_no_type_here() -> None:
    assert check(replaced(FIRST, "身份证号", "ej1234567")).report.rows[0].value.id_number == "EJ1234567"


def test_what_only_the_register_knows_is_added_to_the_row() -> None:
    results = results_of(FIRST)
    report = check_results(results, today=TODAY).report

    enriched = with_findings(report, results, errors=[Finding(1, "NOT_ENROLLED", "idNumber")])

    assert [(issue.code, issue.cell) for issue in enriched.rows[0].errors] == [("NOT_ENROLLED", "B2")]
    assert enriched.summary.rejected == 1


def test_a_roster_handed_in_as_results_is_refused_naming_the_columns() -> None:
    with (DATA / "roster-host.csv").open("rb") as file:
        sheets = read_tables(file, "roster-host.csv")

    with pytest.raises(UsageError) as refused:
        read_results(sheets)

    assert refused.value.code == "MISSING_COLUMN"
    assert "证书类别、考试日期、考次、结论" in refused.value.message


@pytest.mark.parametrize(
    "text", ["2026-03-14", "2026/3/14", "2026.03.14", "2026年3月14日", "20260314", " 2026－03－14 "]
)
def test_a_day_is_read_in_every_usual_spelling(text: str) -> None:
    assert parse_exam_day(text, today=TODAY) == date(2026, 3, 14)


@pytest.mark.parametrize("text", ["14.3.2026", "2026-3", "46095", "1999-03-14", "2026-13-01", "3月14日", "今天"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(FieldError, match="PATTERN"):
        parse_exam_day(text, today=TODAY)


@pytest.mark.parametrize("text", ["全媒体运营师", "《全媒体运营师岗位合格证书》", "全媒体 运营师"])
def test_a_kind_is_named_by_its_title(text: str) -> None:
    assert parse_kind(text, KIND_TITLES) == "omnimedia_operator"
