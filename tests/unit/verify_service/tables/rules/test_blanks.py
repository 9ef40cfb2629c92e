"""Rows that are no data: blank ones, totals, signatures, examples."""

import pytest

from verify_service.tables.model import Cell, CellKind, TableRow
from verify_service.tables.rules.blanks import is_blank, label_row_code


def text(value: str) -> Cell:
    return Cell("A1", CellKind.TEXT, value) if value else Cell("A1")


@pytest.mark.parametrize("value", ["", " ", "\u3000", "\u200b", "\t\n"])
def test_what_nobody_sees_is_blank(value: str) -> None:
    assert is_blank(text(value))


@pytest.mark.parametrize("cell", [Cell("A1", CellKind.NUMBER, 0), Cell("A1", CellKind.FORMULA), text("0")])
def test_a_number_or_formula_is_not_blank(cell: Cell) -> None:
    assert not is_blank(cell)


@pytest.mark.parametrize(
    ("ordinal", "name", "id_number", "code"),
    [
        ("1", "林晓禾", "110000199003079874", None),
        ("1", "林晓禾", "", None),
        ("", "合计", "", "FOOTER"),
        ("合计：2人", "", "", "FOOTER"),
        ("", "合 计", "", "FOOTER"),
        ("", "填表人：某某", "", "FOOTER"),
        ("备注：以上人员均已缴费", "", "", "FOOTER"),
        ("", "合计", "110000199003079874", None),  # a row with an ID number is a person, whatever the name
        ("", "示例：张三", "110101200001010000", "SAMPLE_ROW"),
        ("（示例）", "张三", "110101200001010000", "SAMPLE_ROW"),
        ("例：", "张三", "", "SAMPLE_ROW"),
    ],
)
def test_a_row_that_labels_the_table_is_told_from_data(
    ordinal: str, name: str, id_number: str, code: str | None
) -> None:
    row = TableRow(cells={"name": text(name), "idNumber": text(id_number)}, others=(text(ordinal),))

    assert label_row_code(row, key="idNumber") == code
