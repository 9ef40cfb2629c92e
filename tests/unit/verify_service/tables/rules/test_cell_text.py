"""What a column takes of each kind of cell."""

import pytest

from verify_service.errors import FieldError
from verify_service.tables.model import Accepts, Cell, CellKind
from verify_service.tables.rules.cell_text import read_text


@pytest.mark.parametrize(
    ("cell", "accepts", "text", "warnings"),
    [
        (Cell("A1"), Accepts.TEXT, "", ()),
        (Cell("A1", CellKind.TEXT, " 林 "), Accepts.DATES, " 林 ", ()),
        (Cell("A1", CellKind.NUMBER, 19400001234), Accepts.WHOLE_NUMBERS, "19400001234", ()),
        (Cell("A1", CellKind.NUMBER, 19400001234.0), Accepts.WHOLE_NUMBERS, "19400001234", ()),
        (
            Cell("A1", CellKind.NUMBER, 110000900307987),
            Accepts.WHOLE_NUMBERS_WITH_WARNING,
            "110000900307987",
            ("NUMERIC_CELL",),
        ),
        (Cell("A1", CellKind.NUMBER, 85.5), Accepts.NUMBERS, "85.5", ()),
        (Cell("A1", CellKind.NUMBER, 85.0), Accepts.NUMBERS, "85", ()),
        (Cell("A1", CellKind.DATE, "2026-03-14"), Accepts.DATES, "2026-03-14", ()),
        (Cell("A1", CellKind.NUMBER, 20260314), Accepts.DATES, "20260314", ()),
    ],
)
def test_an_accepted_cell_gives_its_text(cell: Cell, accepts: Accepts, text: str, warnings: tuple[str, ...]) -> None:
    assert read_text(cell, accepts) == (text, warnings)


@pytest.mark.parametrize(
    ("kind", "value", "accepts", "code"),
    [
        (CellKind.FORMULA, None, Accepts.NUMBERS, "FORMULA"),
        (CellKind.TOO_LONG, None, Accepts.TEXT, "TOO_LONG"),
        (CellKind.ERROR, None, Accepts.TEXT, "CELL_TYPE"),
        (CellKind.BOOLEAN, True, Accepts.NUMBERS, "CELL_TYPE"),
        (CellKind.DATE, "2026-03-14", Accepts.WHOLE_NUMBERS, "CELL_TYPE"),
        (CellKind.NUMBER, 123, Accepts.TEXT, "CELL_TYPE"),
        (CellKind.NUMBER, 10**15, Accepts.WHOLE_NUMBERS, "NUMERIC_CELL"),
        (CellKind.NUMBER, 1.1000019900307987e17, Accepts.WHOLE_NUMBERS_WITH_WARNING, "NUMERIC_CELL"),
        (CellKind.NUMBER, 1.5, Accepts.WHOLE_NUMBERS, "NUMERIC_CELL"),
        (CellKind.NUMBER, -1, Accepts.WHOLE_NUMBERS, "NUMERIC_CELL"),
        (CellKind.NUMBER, float("inf"), Accepts.NUMBERS, "NUMERIC_CELL"),
        (CellKind.NUMBER, float("nan"), Accepts.NUMBERS, "NUMERIC_CELL"),
    ],
)
def test_a_cell_the_column_does_not_take_is_refused(
    kind: CellKind, value: str | float | None, accepts: Accepts, code: str
) -> None:
    with pytest.raises(FieldError) as refused:
        read_text(Cell("A1", kind, value), accepts)

    assert refused.value.code == code
