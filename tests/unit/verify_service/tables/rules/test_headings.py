"""Finding the heading row and what lies below it."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from verify_service.errors import UsageError
from verify_service.rosters.rules.columns import ROSTER_LAYOUT
from verify_service.tables.model import Cell, CellKind, Sheet
from verify_service.tables.rules.headings import find_table, fold_heading

DATA = json.loads((Path(__file__).parents[4] / "data/cases.json").read_text("utf-8"))
HEADING_CASES = [
    pytest.param(case, id=case["id"])
    for case in DATA["cases"]
    if case["kind"] == "cell" and case["input"]["column"] == "header"
]
FIELDS = {"id_number": "idNumber"}
HEADINGS = ("序号", "姓名", "性别", "身份证号", "手机号", "合作机构名称")
PERSON = ("1", "林晓禾", "男", "110000199003079874", "19400001234", "星河传媒学院")


def sheet(*rows: Sequence[str]) -> Sheet:
    return Sheet(
        title="",
        rows=tuple(
            tuple(
                Cell(f"{'ABCDEFGHIJ'[column]}{number}", CellKind.TEXT if text else CellKind.EMPTY, text or None)
                for column, text in enumerate(row)
            )
            for number, row in enumerate(rows, start=1)
        ),
    )


def refusal_of(*sheets: Sheet) -> UsageError:
    with pytest.raises(UsageError) as refused:
        find_table(sheets, ROSTER_LAYOUT)
    return refused.value


@pytest.mark.parametrize("case", HEADING_CASES)
def test_every_shared_case_of_a_heading_is_the_field_listed(case: dict[str, Any]) -> None:
    field = case["expect"]["value"]
    known = {fold_heading(heading) for heading in ROSTER_LAYOUT.headings[FIELDS.get(field, field)]}

    assert fold_heading(case["input"]["value"]) in known


@pytest.mark.parametrize("heading", ["姓名*", "＊姓名", "姓 名（必填）", "姓\n名", "姓名[与证件一致]", "\u200b姓名："])
def test_marks_blanks_and_remarks_do_not_change_a_heading(heading: str) -> None:
    assert fold_heading(heading) == "姓名"


def test_no_two_fields_share_a_heading() -> None:
    folded = [fold_heading(heading) for headings in ROSTER_LAYOUT.headings.values() for heading in headings]

    assert len(folded) == len(set(folded))


def test_titles_and_notes_above_the_heading_and_blank_rows_below_are_no_data() -> None:
    table = find_table(
        [
            sheet(
                ("学员信息登记表",),
                ("填表说明：姓名须与身份证一致",),
                HEADINGS,
                PERSON,
                ("2", "", "", "", "", ""),  # a prepared template numbers rows nobody filled in
                ("\u3000", " ", "\u200b", "", ""),
                PERSON,
            )
        ],
        ROSTER_LAYOUT,
    )

    assert [row.cells["name"].reference for row in table.rows] == ["B4", "B7"]


def test_a_row_that_ends_early_still_has_a_cell_for_every_column() -> None:
    table = find_table([sheet(HEADINGS, PERSON[:3])], ROSTER_LAYOUT)

    assert table.rows[0].cells["partner"] == Cell("F2")


def test_columns_nobody_asked_for_are_named() -> None:
    table = find_table([sheet((*HEADINGS, "班主任", "备注（选填）"), PERSON)], ROSTER_LAYOUT)

    assert table.unknown_columns == ("班主任", "备注（选填）")


def test_a_sheet_without_the_headings_is_passed_over() -> None:
    table = find_table([sheet(("说明",)), sheet(HEADINGS, PERSON)], ROSTER_LAYOUT)

    assert len(table.rows) == 1


def test_a_file_without_a_heading_row_is_refused_naming_the_columns() -> None:
    error = refusal_of(sheet(PERSON))

    assert error.code == "NO_HEADING"
    assert "姓名、性别、身份证号、手机号、合作机构名称" in error.message


def test_a_missing_required_column_is_named() -> None:
    error = refusal_of(sheet(HEADINGS[:4], PERSON))

    assert error.code == "MISSING_COLUMN"
    assert "手机号、合作机构名称" in error.message


def test_two_columns_for_one_field_are_refused() -> None:
    error = refusal_of(sheet((*HEADINGS, "联系电话"), PERSON))

    assert error.code == "DUPLICATE_COLUMN"
    assert "手机号" in error.message


def test_two_sheets_with_the_headings_are_refused_lest_one_is_forgotten() -> None:
    assert refusal_of(sheet(HEADINGS, PERSON), sheet(HEADINGS, PERSON)).code == "SEVERAL_TABLES"
