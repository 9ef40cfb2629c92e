"""Checking a roster: sample files, cross-checks, and the shape of the report."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec
import pytest

from verify_service.photos.model import PreparedPhotos
from verify_service.photos.service import prepare_photos
from verify_service.rosters.model import RosterReport
from verify_service.rosters.rules.checks import check_roster, read_roster
from verify_service.rosters.rules.photo_checks import photographed_people
from verify_service.tables.model import Summary
from verify_service.tables.rules.files import read_tables
from verify_service.translations import Language

DATA = Path(__file__).parents[4] / "data"
TODAY = date(2026, 11, 23)
BOY = ("林晓禾", "110000199003079874", "男", "19400001234", "某某培训学校")
GIRL = ("林晓苗", "440000199602299867", "女", "19400005678", "某某培训学校")

Check = Callable[..., RosterReport]


def check_file(name: str) -> RosterReport:
    with (DATA / name).open("rb") as file:
        roster = read_roster(read_tables(file, name))
    return check_roster(roster, today=TODAY, missing_characters=lambda _: ())


def fit_photos(report: RosterReport, name: str) -> PreparedPhotos:
    with (DATA / name).open("rb") as file:
        return prepare_photos(file, photographed_people(report), keep=True)


@pytest.mark.parametrize(
    ("roster", "photos", "rows", "unexpected"),
    [
        (
            "roster-operator.xlsx",
            "photos-operator.zip",
            56,
            {
                "../../evil.jpg",
                "照片/IMG_20260301.jpg",
                "照片/不在名单110000199003079874.jpg",
            },
        ),
        ("roster-host.csv", "photos-host.zip", 17, set()),
    ],
)
def test_a_good_roster_is_accepted_whole_and_everybody_has_a_photo(
    roster: str, photos: str, rows: int, unexpected: set[str]
) -> None:
    report = check_file(roster)

    prepared = fit_photos(report, photos)

    assert report.summary == Summary(rows=rows, accepted=rows, rejected=0)
    assert prepared.by_row.keys() == set(range(1, rows + 1))
    summary = prepared.summary
    assert (summary.matched, summary.missing, set(summary.unexpected)) == (rows, (), unexpected)
    assert (summary.suggestions, summary.warnings) == ((), ())


def test_the_people_of_a_good_roster_are_read_as_they_are() -> None:
    people = json.loads((DATA / "people.json").read_text("utf-8"))["operator"]

    values = [row.value for row in check_file("roster-operator.xlsx").rows]

    assert [(value.name, value.id_number, value.phone, value.also_online_host) for value in values] == [
        (person["name"], person["id_number"], person["phone"], person["also_host"]) for person in people
    ]


def test_a_messy_roster_is_reported_row_by_row_as_listed() -> None:
    listed = json.loads((DATA / "roster-messy.expected.json").read_text("utf-8"))["rows"]

    rows = check_file("roster-messy.xlsx").rows

    first = [row.errors[0] if row.errors else None for row in rows]
    assert [
        {"row": row, "code": issue.code if issue else "", "field": issue.field if issue else ""}
        for row, issue in enumerate(first, start=1)
    ] == listed
    assert [issue.code for issue in rows[8].errors] == ["DUPLICATE", "ID_NAME_CONFLICT"]
    assert [len(row.errors) for row in rows] == [1, 0, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1, 0, 1, 0]


def test_the_report_has_the_shape_of_the_contract(check: Check) -> None:
    report = json.loads(msgspec.json.encode(check(("林2禾", *BOY[1:]))))

    assert report == {
        "rows": [
            {
                "row": 1,
                "errors": [
                    {
                        "code": "DIGIT",
                        "field": "name",
                        "cell": "A2",
                        "message": "姓名中有数字：请按身份证上的姓名填写。",
                    }
                ],
                "warnings": [],
                "value": {
                    "name": None,
                    "sex": "男",
                    "idNumber": "110000199003079874",
                    "phone": "19400001234",
                    "partner": "某某培训学校",
                    "alsoOnlineHost": False,
                    "documentType": "resident",
                },
            }
        ],
        "summary": {"rows": 1, "accepted": 0, "rejected": 1},
        "unknownColumns": [],
        "photos": None,
    }


def test_the_same_report_is_available_in_english(check: Check) -> None:
    (row,) = check(("", *BOY[1:]), language=Language.ENGLISH).rows

    assert row.errors[0].message == "This is required and is empty: fill it in."


@pytest.mark.parametrize(("required", "errors", "warnings"), [(False, [], ["NO_GLYPH"]), (True, ["NO_GLYPH"], [])])
def test_a_name_no_face_can_draw_warns_in_a_check_and_is_refused_in_an_import(
    check: Check,
    *,
    required: bool,
    errors: list[str],
    warnings: list[str],
) -> None:
    (row,) = check(BOY, missing_characters=lambda name: (name[1], "\U0002a6a5"), glyphs_required=required).rows

    assert "U+6653, U+2A6A5" in (*row.errors, *row.warnings)[0].message
    assert [issue.code for issue in row.errors] == errors
    assert [issue.code for issue in row.warnings] == warnings


def test_rows_nobody_can_identify_are_neither_duplicates_nor_conflicts(check: Check) -> None:
    nameless, numberless = ("", *BOY[1:]), (BOY[0], "1", *BOY[2:])

    rows = check(BOY, nameless, numberless, numberless).rows

    assert [[issue.code for issue in row.errors] for row in rows] == [[], ["EMPTY"], ["LENGTH"], ["LENGTH"]]
    assert [row.warnings for row in rows] == [()] * 4


def test_one_person_twice_does_not_share_a_phone_with_anybody(check: Check) -> None:
    assert [row.warnings for row in check(BOY, BOY).rows] == [(), ()]


def test_namesakes_with_their_own_numbers_are_two_people(check: Check) -> None:
    assert check(BOY, (BOY[0], *GIRL[1:])).summary.accepted == 2


def test_photos_of_rows_that_could_not_be_read_are_not_called_missing(check: Check) -> None:
    prepared = fit_photos(check(BOY, ("", *GIRL[1:])), "photos-host.zip")

    assert prepared.by_row == {}
    assert prepared.summary.missing == (1,)
    assert len(prepared.summary.unexpected) == 17
