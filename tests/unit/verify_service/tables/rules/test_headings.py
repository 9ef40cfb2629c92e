"""Finding the heading row and what lies below it."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify_service.errors import UsageError
from verify_service.rosters.rules.columns import ROSTER_LAYOUT
from verify_service.tables.model import Cell, CellKind, Sheet, UnknownColumn
from verify_service.tables.rules.headings import fold_heading
from verify_service.tables.rules.merges import MergedRange
from verify_service.tables.rules.sheet_choice import find_table
from verify_service.tables.rules.sheets import SheetRows

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

    assert [column.heading for column in table.unknown_columns] == ["班主任", "备注（选填）"]


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


def test_the_row_with_the_most_headings_is_the_heading() -> None:
    note = ("说明", "姓名", "身份证号", "以证件为准")

    table = find_table([sheet(note, HEADINGS, PERSON)], ROSTER_LAYOUT)

    assert [row.cells["name"].reference for row in table.rows] == ["B3"]


def test_of_two_equal_rows_the_first_is_the_heading() -> None:
    half = ("姓名", "手机号", "", "")

    assert "性别" in refusal_of(sheet(half, ("身份证号", "手机号"))).message


def test_a_fuller_heading_below_a_complete_one_does_not_swallow_the_rows_between() -> None:
    fuller = (*HEADINGS, "加考网络视听主播")

    assert len(find_table([sheet(HEADINGS, PERSON, fuller, PERSON)], ROSTER_LAYOUT).rows) == 3


@pytest.mark.parametrize("lower", [("", "", "", "", "", ""), ("", "", "", "", "手机号", "微信")])
def test_of_a_heading_of_two_rows_merged_downwards_the_lower_one_counts(lower: Sequence[str]) -> None:
    upper = ("序号", "姓名", "性别", "身份证号", "联系方式" if lower[4] else "手机号", "")
    person = (*PERSON[:5], "wx")
    rows = SheetRows()
    for number, row in enumerate([(*upper, "合作机构名称"), (*lower, ""), (*person, PERSON[5])], start=1):
        rows.add(number, {column: (CellKind.TEXT, text) for column, text in enumerate(row, start=1) if text})
    downwards = [MergedRange(1, 2, column, column) for column in (1, 2, 3, 4, 7)]

    table = find_table([rows.sheet("", merged=downwards)], ROSTER_LAYOUT)

    assert [row.cells["phone"].value for row in table.rows] == [PERSON[4]]
    assert [column.heading for column in table.unknown_columns] == (["微信"] if lower[5] else [])


def test_a_misspelt_heading_is_reported_with_what_it_may_be() -> None:
    table = find_table([sheet((*HEADINGS, "证件类形", "备注"), PERSON)], ROSTER_LAYOUT)

    assert table.unknown_columns == (UnknownColumn("证件类形", "G1", "证件类型"), UnknownColumn("备注", "H1"))


def test_a_missing_column_that_is_there_misspelt_is_named_with_its_cell() -> None:
    refused = refusal_of(sheet(("姓名", "性别", "身份证好", "手机号", "合作机构名称"), PERSON))

    assert refused.code == "MISSING_COLUMN"
    assert all(word in refused.message for word in ("C1", "身份证好", "身份证号"))


@given(
    above=st.lists(st.lists(st.sampled_from(["", "说明", "2026", "注"]), max_size=8), max_size=29),
    order=st.permutations(range(len(HEADINGS))),
)
@settings(max_examples=60, deadline=None)
def test_the_heading_is_found_below_whatever_stands_above_and_in_any_order(
    above: list[list[str]], order: list[int]
) -> None:
    headings, person = [HEADINGS[at] for at in order], [PERSON[at] for at in order]

    table = find_table([sheet(*above, headings, person)], ROSTER_LAYOUT)

    assert [row.cells["idNumber"].value for row in table.rows] == [PERSON[3]]
