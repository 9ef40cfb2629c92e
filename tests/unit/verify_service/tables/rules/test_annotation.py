"""Annotated workbooks: the partner's own file, its cells marked and listed, nothing else of it changed."""

import io
import zipfile
from typing import Any, cast

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from verify_service.errors import UsageError
from verify_service.tables.model import Annotation, Issue, Level, Mark, Summary, UnknownColumn
from verify_service.tables.rules.annotation import annotate_workbook
from verify_service.tables.rules.findings_sheet import MAX_LINES
from verify_service.tables.rules.limits import MAX_FILE_BYTES
from verify_service.tables.rules.marks import FILLS, MAX_COMMENTS
from verify_service.translations import Language

RED, AMBER = (FILLS[level].start_color.rgb for level in (Level.ERROR, Level.WARNING))
SHEET = "学员信息登记表"


def mark(cell: str, level: Level = Level.ERROR, *, row: int = 1, message: str = "请补填。") -> Mark:
    return Mark(row, level, Issue("EMPTY", "name", cell, message))


def annotation(*marks: Mark, **about: Any) -> Annotation:  # noqa: ANN401
    return Annotation(marks=marks, summary=Summary(rows=2, accepted=1, rejected=1), **about)


def roster(*rows: tuple[str, ...]) -> Workbook:
    workbook = Workbook()
    workbook.worksheets[0].title = SHEET
    for row in rows or [("姓名", "手机号"), ("林", "+8619400001234"), ("=SUM(1)", "x")]:
        workbook.worksheets[0].append(row)
    return workbook


def saved(workbook: Workbook) -> bytes:
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def annotated(workbook: Workbook | bytes, asked: Annotation, file_name: str = "roster.xlsx") -> Workbook:
    data = workbook if isinstance(workbook, bytes) else saved(workbook)
    return openpyxl.load_workbook(io.BytesIO(annotate_workbook(io.BytesIO(data), file_name, asked)))


def cell_in(workbook: Workbook, reference: str, sheet: str = SHEET) -> Cell:
    return cast("Cell", workbook[sheet][reference])


def comment_of(cell: Cell) -> str:
    return cell.comment.text if cell.comment else ""


def colour_of(cell: Cell) -> object:
    return cell.fill.start_color.rgb if cell.fill.fill_type else None


def links(workbook: Workbook, *rows: int) -> list[str | None]:
    cells = [cast("Cell", workbook.worksheets[0].cell(row, 2)) for row in rows]
    return [cell.hyperlink.location if cell.hyperlink else None for cell in cells]


def listed(workbook: Workbook) -> list[tuple[object, ...]]:
    return list(workbook.worksheets[0].iter_rows(values_only=True))


def test_errors_are_red_and_warnings_amber_and_comments_say_which() -> None:
    book = annotated(roster(), annotation(mark("A2"), mark("B2", Level.WARNING, message="请确认。")))

    assert [colour_of(cell_in(book, cell)) for cell in ("A2", "B2", "A3")] == [RED, AMBER, None]
    assert comment_of(cell_in(book, "A2")) == "【核对结果】\n错误：请补填。"
    assert comment_of(cell_in(book, "B2")) == "【核对结果】\n提示：请确认。"


def test_a_cell_with_an_error_and_a_warning_is_red_and_says_both() -> None:
    book = annotated(roster(), annotation(mark("A2", Level.WARNING, message="请确认。"), mark("A2")))

    assert colour_of(cell_in(book, "A2")) == RED
    assert comment_of(cell_in(book, "A2")).splitlines()[1:] == ["提示：请确认。", "错误：请补填。"]


def test_the_first_sheet_lists_counts_remarks_and_each_finding_with_a_link() -> None:
    asked = annotation(
        mark("B2"),
        mark("A3", Level.WARNING, row=2),
        unknown_columns=(UnknownColumn("=备注", "C1"), UnknownColumn("手机好", "D1", "手机号")),
        remarks=("缺照片的条目：2",),
    )
    book = annotated(roster(), asked)
    sheet = book.worksheets[0]
    rows = listed(book)

    assert (sheet.title, book.active) == ("核对结果", sheet)
    assert str(rows[1][0]).startswith("共 2 行，合格 1 行，有误 1 行；错误 1 处，提示 1 处。")
    assert rows[2][0] == "未识别的列（不会导入）：=备注（C1）、手机好（D1，是否应为“手机号”？）"
    assert rows[3][0] == "缺照片的条目：2"
    assert rows[5:] == [("1", "B2", "错误", "EMPTY", "请补填。"), ("2", "A3", "提示", "EMPTY", "请补填。")]
    assert links(book, 6, 7) == [f"'{SHEET}'!B2", f"'{SHEET}'!A3"]
    assert [other.sheet_view.tabSelected for other in book.worksheets] == [True, False]


def test_findings_of_several_sheets_are_marked_in_their_own() -> None:
    book = roster()
    book.create_sheet("乙's 班").append(["姓名"])
    book = annotated(book, annotation(mark(f"{SHEET}!A2"), mark("乙's 班!A1")))

    assert colour_of(cell_in(book, "A2")) == RED
    assert colour_of(cell_in(book, "A1", "乙's 班")) == RED
    assert links(book, 4, 5) == [
        f"'{SHEET}'!A2",
        "'乙''s 班'!A1",
    ]


def test_a_reference_without_a_sheet_means_the_one_that_was_read() -> None:
    book = roster()
    book.create_sheet("封面", 0)

    assert colour_of(cell_in(annotated(book, annotation(mark("A2"), sheet=SHEET)), "A2")) == RED


def test_in_english_the_words_are_english() -> None:
    book = annotated(roster(), annotation(mark("A2", message="Fill it in."), language=Language.ENGLISH))

    assert comment_of(cell_in(book, "A2")).splitlines()[1] == "Error: Fill it in."
    assert listed(book)[2] == ("Entry", "Cell", "Level", "Code", "What to do")


def test_what_the_partner_wrote_and_set_up_is_kept() -> None:
    book = roster()
    sheet = book.worksheets[0]
    sheet["A2"].font = Font(bold=True)
    sheet["A2"].comment = Comment("问过本人", "刘")
    sheet["D1"] = "=1+1"
    sheet["D2"].fill = PatternFill("solid", start_color="FF00FF00")
    sheet.column_dimensions["A"].width = 33
    sheet.merge_cells("A5:C5")
    sheet.protection.enable()
    rule = DataValidation(type="list", formula1='"男,女"')
    rule.add("C2:C9")
    sheet.add_data_validation(rule)
    book.create_sheet("其他")["B2"] = "留着"

    kept = annotated(book, annotation(mark("A2"), mark("B5")))

    own = kept[SHEET]
    assert comment_of(cell_in(kept, "A2")) == "问过本人\n\n【核对结果】\n错误：请补填。"
    assert cell_in(kept, "A2").comment.author == "刘"  # type: ignore[union-attr]  # the line above read it
    assert (cell_in(kept, "A2").font.b, own.column_dimensions["A"].width, own.protection.sheet) == (True, 33, True)
    assert (cell_in(kept, "D1").value, cell_in(kept, "D1").data_type) == ("=1+1", "f")
    assert colour_of(cell_in(kept, "D2")) == "FF00FF00"
    assert [str(rule.sqref) for rule in own.data_validations.dataValidation] == ["C2:C9"]
    assert kept["其他"]["B2"].value == "留着"
    assert colour_of(cell_in(kept, "A5")) == RED  # the anchor of the merged area that holds B5


def test_text_that_looks_like_a_formula_stays_text() -> None:
    book = roster()
    book.worksheets[0]["A2"].value = "=cmd|' /C calc'!A0"
    book.worksheets[0]["A2"].data_type = "s"

    cell = cell_in(annotated(book, annotation(mark("A2"))), "A2")

    assert (cell.value, cell.data_type) == ("=cmd|' /C calc'!A0", "s")


def test_a_second_check_replaces_the_marks_of_the_first() -> None:
    book = roster()
    book.worksheets[0]["A2"].comment = Comment("问过本人", "刘")
    first = annotated(book, annotation(mark("A2"), mark("B2")))

    second = annotated(first, annotation(mark("B3")))

    assert second.sheetnames == ["核对结果", SHEET]
    assert [colour_of(cell_in(second, cell)) for cell in ("A2", "B2", "B3")] == [None, None, RED]
    assert [comment_of(cell_in(second, cell)) for cell in ("A2", "B2")] == ["问过本人", ""]
    assert len(listed(second)) == 4


def test_a_sheet_of_the_partners_that_bears_the_same_name_is_kept() -> None:
    book = roster()
    book.create_sheet("核对结果")["A1"] = "我们自己的核对"

    assert annotated(book, annotation(mark("A2"))).sheetnames == ["核对结果1", SHEET, "核对结果"]


def test_a_csv_file_comes_back_as_a_workbook_with_the_same_cells() -> None:
    book = annotated("姓名,手机号\n\n林,+8619400001234\n=1+1,013\n".encode(), annotation(mark("A4")), "名单.csv")
    sheet = book.worksheets[1]

    assert [[cell.value for cell in row] for row in sheet] == [
        ["姓名", "手机号"],
        [None, None],
        ["林", "+8619400001234"],
        ["=1+1", "013"],
    ]
    assert {cell.data_type for row in sheet for cell in row if cell.value} == {"s"}
    assert (colour_of(cell_in(book, "A4", sheet.title)), cell_in(book, "A4", sheet.title).quotePrefix) == (RED, True)
    assert sheet.column_dimensions["B"].number_format == "@"


def test_comments_and_lines_beyond_the_limit_are_left_out_and_it_says_so() -> None:
    rows = MAX_LINES + 1
    marks = [mark(f"A{row}", row=row) for row in range(2, rows + 2)]
    book = annotated(roster(("姓名",), *[("林",)] * rows), annotation(*marks))

    cells = [cell_in(book, f"A{row}") for row in range(2, rows + 2)]
    assert {colour_of(cell) for cell in cells} == {RED}
    assert sum(cell.comment is not None for cell in cells) == MAX_COMMENTS
    assert [row[0] for row in listed(book)[2:4]] == [
        f"批注只加在前 {MAX_COMMENTS} 个单元格；其余单元格已标色，原因见下表。",
        f"下表只列出前 {MAX_LINES} 条，另有 1 条未列出。",
    ]


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.csv", "FILE_EMPTY"),
        (b"PK\x03\x04", "a.xlsx", "ARCHIVE_DAMAGED"),
        (b"x" * (MAX_FILE_BYTES + 1), "a.csv", "FILE_TOO_LARGE"),
        (b"PK\x03\x04" + b"x" * MAX_FILE_BYTES, "a.xlsx", "FILE_TOO_LARGE"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_as_reading_refuses_it(data: bytes, name: str, code: str) -> None:
    with pytest.raises(UsageError) as refused:
        annotate_workbook(io.BytesIO(data), name, annotation())

    assert refused.value.code == code


def test_a_workbook_whose_styles_are_broken_is_refused_without_quoting_it() -> None:
    whole = io.BytesIO(saved(roster()))
    broken = io.BytesIO()
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<cellXfs", b"<cellXf"))

    with pytest.raises(UsageError) as refused:
        annotate_workbook(io.BytesIO(broken.getvalue()), "a.xlsx", annotation())

    assert refused.value.code == "WORKBOOK_DAMAGED"
