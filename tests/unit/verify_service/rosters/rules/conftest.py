"""Rosters written down as rows of values."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest

from verify_service.rosters.model import RosterReport
from verify_service.rosters.rules.checks import check_roster, read_roster
from verify_service.tables.model import Cell, CellKind, Sheet

TODAY = date(2026, 11, 23)
HEADINGS = ("姓名", "身份证号", "性别", "手机号", "合作机构名称")
KINDS = {str: CellKind.TEXT, int: CellKind.NUMBER, float: CellKind.NUMBER, bool: CellKind.BOOLEAN}


def _cell(reference: str, value: object) -> Cell:
    if isinstance(value, CellKind):
        return Cell(reference, value)
    if value is None or value == "":
        return Cell(reference)
    return Cell(reference, KINDS[type(value)], value)  # type: ignore[arg-type]


def _sheet(rows: Sequence[Sequence[object]]) -> Sheet:
    return Sheet(
        title="",
        rows=tuple(
            tuple(_cell(f"{'ABCDEFGH'[column]}{number}", value) for column, value in enumerate(row))
            for number, row in enumerate(rows, start=1)
        ),
    )


@pytest.fixture(scope="session")
def check() -> Callable[..., RosterReport]:
    """Rows below the five required headings (and more, if named) -> the report; a CellKind stands for such a cell."""

    def check_rows(*rows: Sequence[object], more_headings: Sequence[str] = (), **options: Any) -> RosterReport:  # noqa: ANN401
        roster = read_roster([_sheet([(*HEADINGS, *more_headings), *rows])])
        return check_roster(roster, **{"today": TODAY, "missing_characters": lambda _: (), **options})

    return check_rows
