"""The shared cases of cells, rows and sets of rows, through the whole check of a roster."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from verify_service.rosters.model import RosterReport
from verify_service.tables.model import CellKind

DATA = json.loads((Path(__file__).parents[4] / "data/cases.json").read_text("utf-8"))
FIELDS = {"id_number": "idNumber", "gender": "sex"}
COLUMNS = {"name": 0, "id_number": 1, "gender": 2, "phone": 3}
BOY = ("林晓禾", "110000199003079874", "男", "19400001234", "某某培训学校")
SOMEBODY = ("林晓苗", "440000199602299867", "女", "19400005678", "某某培训学校")
SEXES = {"110000199003079874": "男", "31000019850615981X": "男", "440000199602299867": "女"}
BENT_CELLS = {"f": CellKind.FORMULA, "e": CellKind.ERROR}

Check = Callable[..., RosterReport]


def cases(kind: str) -> list[Any]:
    return [
        pytest.param(case, id=case["id"])
        for case in DATA["cases"]
        if case["kind"] == kind and not (kind == "cell" and case["input"]["column"] == "header")
    ]


@pytest.mark.parametrize("case", cases("cell"))
def test_every_shared_case_of_a_cell_is_judged_as_listed(check: Check, case: dict[str, Any]) -> None:
    cell, expected = case["input"], case["expect"]
    row: list[object] = list(BOY)
    row[COLUMNS[cell["column"]]] = BENT_CELLS.get(cell["type"], cell["value"])
    field = FIELDS.get(cell["column"], cell["column"])

    (report,) = check(row).rows

    found = [issue.code for issue in report.errors if issue.field == field]
    warned = {issue.code for issue in report.warnings if issue.field == field}
    if expected["ok"]:
        values = {"idNumber": report.value.id_number, "phone": report.value.phone, "sex": report.value.sex}
        assert (found, values[field]) == ([], expected["value"])
        assert warned == set(expected.get("warn", ()))
    else:
        assert found == [expected["error"]]


@pytest.mark.parametrize("case", cases("row"))
def test_every_shared_case_of_a_row_is_treated_as_listed(check: Check, case: dict[str, Any]) -> None:
    expected = case["expect"]

    rows = check(case["input"], SOMEBODY).rows[:-1]

    match expected["action"]:
        case "skip":
            assert rows == ()
        case "accept":
            assert [row.errors for row in rows] == [()]
        case "error":
            assert [[issue.code for issue in row.errors] for row in rows] == [[expected["error"]]]
            assert expected.get("column", rows[0].errors[0].field) == rows[0].errors[0].field


@pytest.mark.parametrize("case", cases("rows"))
def test_every_shared_case_of_several_rows_is_judged_as_listed(check: Check, case: dict[str, Any]) -> None:
    rows = []
    for number, (name, id_number, *phone) in enumerate(case["input"]):
        sex = SEXES.get(id_number.upper(), "男")
        rows.append((name, id_number, sex, phone[0] if phone else f"1940000123{number}", "某某培训学校"))

    first, second = check(*rows).rows

    errors = [[issue.code for issue in row.errors] for row in (first, second)]
    expected = case["expect"]
    if "duplicate" in expected:
        assert errors == [[], ["DUPLICATE"]]
    elif "error" in expected:
        assert errors == [[expected["error"]]] * 2
    else:
        shared = [expected["warn"]] if "warn" in expected else []
        assert errors == [[], []]
        assert [[issue.code for issue in row.warnings if issue.field == "phone"] for row in (first, second)] == [
            shared
        ] * 2
