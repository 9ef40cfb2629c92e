"""Which sheets hold the table, and what becomes of their rows."""

from collections.abc import Sequence

import pytest

from verify_service.errors import FileRefusedError, UsageError
from verify_service.rosters.rules.columns import ROSTER_LAYOUT
from verify_service.tables.model import Cell, CellKind, Cover, Sheet, Table, UnknownColumn
from verify_service.tables.rules.explanations import explain_refusal
from verify_service.tables.rules.merges import MergedRange
from verify_service.tables.rules.sheet_choice import find_table
from verify_service.tables.rules.sheets import SheetRows
from verify_service.translations import Language

HEADINGS = ("姓名", "性别", "身份证号", "手机号", "合作机构名称")
BOY = ("林晓禾", "男", "110000199003079874", "19400001234", "星河传媒学院")
GIRL = ("林晓苗", "女", "440000199602299867", "19400005678", "星河传媒学院")


def sheet(
    *rows: Sequence[str], title: str = "名单", merged: Sequence[MergedRange] = (), hidden: Sequence[int] = ()
) -> Sheet:
    filled = SheetRows()
    for number, row in enumerate(rows, start=1):
        filled.add(number, {column: (CellKind.TEXT, text) for column, text in enumerate(row, start=1) if text})
    return filled.sheet(title, merged=merged, hidden=hidden)


def references(table: Table, field: str = "name") -> list[str]:
    return [row.cells[field].reference for row in table.rows]


def refusal_of(*sheets: Sheet, named: Sequence[str] = ()) -> UsageError:
    with pytest.raises(UsageError) as refused:
        find_table(sheets, ROSTER_LAYOUT, sheets=named)
    return refused.value


FIRST, SECOND = sheet(HEADINGS, BOY, title="名单甲"), sheet(("注",), HEADINGS, GIRL, title="名单乙")
NOTES = sheet(("填表说明",), title="说明")


def test_the_one_sheet_with_the_headings_is_taken() -> None:
    table = find_table([NOTES, SECOND], ROSTER_LAYOUT)

    assert (references(table), table.title) == (["A3"], "名单乙")


def test_two_sheets_with_the_headings_are_refused_by_their_titles_lest_one_is_forgotten() -> None:
    refused = refusal_of(FIRST, NOTES, SECOND)

    assert refused.code == "SEVERAL_TABLES"
    assert "名单甲、名单乙" in refused.message
    assert "--sheet" in refused.message


def test_a_named_sheet_is_read_alone_with_plain_references() -> None:
    assert references(find_table([FIRST, SECOND], ROSTER_LAYOUT, sheets=["名单乙"])) == ["A3"]


def test_rows_of_several_named_sheets_follow_each_other_under_their_sheets_names() -> None:
    with_remark = sheet((*HEADINGS, "备注"), (*GIRL, "新"), title="名单乙")

    table = find_table([FIRST, NOTES, with_remark], ROSTER_LAYOUT, sheets=["名单乙", "名单甲", "名单甲"])

    assert references(table) == ["名单甲!A2", "名单乙!A2"]
    assert [cell.reference for cell in table.rows[1].others] == ["名单乙!F2"]
    assert (table.title, table.unknown_columns) == ("", (UnknownColumn("备注", "名单乙!F1"),))


@pytest.mark.parametrize(
    ("named", "code", "words"),
    [
        (["名单丙"], "UNKNOWN_SHEET", "名单甲、说明"),
        (["名单甲", "名单丙"], "UNKNOWN_SHEET", "名单丙"),
        (["说明"], "NO_HEADING", "姓名"),
        (["名单甲", "说明"], "NO_HEADING", "姓名"),
    ],
)
def test_a_name_without_a_table_is_refused(named: Sequence[str], code: str, words: str) -> None:
    refused = refusal_of(FIRST, NOTES, named=named)

    assert refused.code == code
    assert words in refused.message


def test_a_file_of_text_has_no_sheet_to_name() -> None:
    assert refusal_of(sheet(HEADINGS, BOY, title=""), named=["名单"]).code == "UNKNOWN_SHEET"


def test_a_hidden_row_is_data_that_is_known_to_be_hidden() -> None:
    table = find_table([sheet(HEADINGS, BOY, GIRL, hidden=[3])], ROSTER_LAYOUT)

    assert [row.is_hidden for row in table.rows] == [False, True]


def test_a_row_that_only_merged_cells_reach_is_blank() -> None:
    rows = [("序号", *HEADINGS), ("1", *BOY), ("2",)]

    table = find_table([sheet(*rows, merged=[MergedRange(2, 3, 6, 6)])], ROSTER_LAYOUT)

    assert references(table) == ["B2"]


def test_a_shared_cell_stands_in_every_row_it_reaches() -> None:
    table = find_table([sheet(HEADINGS, BOY, GIRL[:4], merged=[MergedRange(2, 3, 5, 5)])], ROSTER_LAYOUT)

    assert table.rows[1].cells["partner"] == Cell("E3", CellKind.TEXT, BOY[4], Cover.SHOWS)


def test_a_heading_repeated_on_each_page_is_no_person() -> None:
    assert references(find_table([sheet(HEADINGS, BOY, HEADINGS, GIRL)], ROSTER_LAYOUT)) == ["A2", "A4"]


def test_a_second_table_below_with_its_columns_in_another_order_is_data_to_be_refused_not_dropped() -> None:
    assert len(find_table([sheet(HEADINGS, BOY, HEADINGS[::-1], GIRL[::-1])], ROSTER_LAYOUT).rows) == 3


@pytest.mark.parametrize("separator", ["，", "、", " ", "|", "；"])
def test_columns_that_were_never_separated_are_told_by_their_cell(separator: str) -> None:
    refused = refusal_of(sheet(("名单",), (separator.join(HEADINGS),), (separator.join(BOY),)))

    assert refused.code == "NO_SEPARATOR"
    assert "A2" in refused.message


def test_a_note_that_mentions_columns_is_no_heading_in_one_cell() -> None:
    note = "填表说明：姓名、身份证号 须与证件一致，手机号 由本人使用，照片 另附，不得涂改，逾期不补"

    assert refusal_of(sheet((note,), ("甲", "乙"))).code == "NO_HEADING"


def test_a_refusal_can_be_said_in_english_too() -> None:
    refused = refusal_of(FIRST, SECOND)
    assert isinstance(refused, FileRefusedError)

    assert explain_refusal(refused, Language.ENGLISH).startswith(
        "More than one sheet has the headings: 名单甲、名单乙."
    )
