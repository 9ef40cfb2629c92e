"""Calendar files: the real years pass, and whatever is wrong is named by year and entry."""

import json
from datetime import date
from pathlib import Path

import pytest

from verify_service.errors import UsageError
from verify_service.working_days.rules.files import MAX_CALENDAR_BYTES, conflicting_years, parse_notices

ROOT = Path(__file__).parents[4]
REAL = (ROOT / "tests/data/calendar_2020_2026.json").read_bytes()
INVENTED = (ROOT / "tests/data/calendar_2027_invented.json").read_bytes()
YEAR = json.loads(INVENTED)["2027"]
SOURCE = YEAR["source"]


def file(key: str = "2027", **changes: object) -> bytes:
    return json.dumps({key: {**YEAR, **changes}}).encode()


def test_a_year_is_read_with_its_days_and_its_source() -> None:
    (notice,) = parse_notices(file(source=f"  {SOURCE}\n"), None)

    assert (notice.year, notice.source, notice.working_days) == (2027, SOURCE, 261 - 14 + 2)
    assert sorted(map(str, notice.off_weekdays)) == YEAR["off_weekdays"]
    assert notice.working_weekend_days == {date(2027, 2, 14), date(2027, 10, 9)}


def test_every_real_year_passes_with_its_count_of_working_days() -> None:
    counts = {notice.year: notice.working_days for notice in parse_notices(REAL, SOURCE)}

    assert counts == {2020: 249, 2021: 250, 2022: 249, 2023: 249, 2024: 251, 2025: 248, 2026: 248}


def test_the_example_for_operators_is_the_real_year_2026() -> None:
    (example,) = parse_notices((ROOT / "ops/calendar.example.json").read_bytes(), None)
    real = {notice.year: notice for notice in parse_notices(REAL, SOURCE)}

    assert conflicting_years([example], real) == []
    assert example.year in real
    assert "国务院办公厅" in example.source


def test_a_source_given_beside_the_file_is_for_years_that_name_none() -> None:
    years = {"2027": YEAR, "2026": {**json.loads(REAL)["2026"]}}

    notices = parse_notices(json.dumps(years).encode(), "另一通知")

    assert [(notice.year, notice.source) for notice in notices] == [(2026, "另一通知"), (2027, SOURCE)]


@pytest.mark.parametrize(
    ("data", "code", "named"),
    [
        (b"", "CALENDAR_FILE", "JSON"),
        (b"{", "CALENDAR_FILE", "JSON"),
        (b"\xff", "CALENDAR_FILE", "JSON"),
        (b"[]", "CALENDAR_FILE", "JSON"),
        (b"{}", "CALENDAR_FILE", "no year"),
        (b" " * (MAX_CALENDAR_BYTES + 1), "CALENDAR_FILE", "larger"),
        (b'{"2027": 1}', "CALENDAR_FILE", "2027: Expected `object`"),
        (b'{"2027": {"source": "x", "off_weekdays": []}}', "CALENDAR_FILE", "2027: .*working_weekend_days"),
        (file(more=1), "CALENDAR_FILE", "2027: .*unknown field"),
        (file(off_weekdays="2027-01-01"), "CALENDAR_FILE", r"2027: .*\$.off_weekdays"),
        (file(off_weekdays=["2027-01-01", "2027-02-30"]), "CALENDAR_FILE", r"2027: .*\$.off_weekdays\[1\]"),
        (file(off_weekdays=["1月1日"]), "CALENDAR_FILE", r"2027: .*\$.off_weekdays\[0\]"),
        (file(working_weekend_days=[20270102]), "CALENDAR_FILE", r"2027: .*\$.working_weekend_days\[0\]"),
        (file("27"), "CALENDAR_YEAR", "not a year"),
        (file("2027 "), "CALENDAR_YEAR", "not a year"),
        (file("1999"), "CALENDAR_YEAR", "not a year"),
        (file(source=None), "CALENDAR_SOURCE", "2027: .*--source"),
        (file(source=" "), "CALENDAR_SOURCE", "2027: .*--source"),
        (file(off_weekdays=["2026-12-31"]), "CALENDAR_DAY", r"2027: off_weekdays\[0\], 2026-12-31, .*another year"),
        (file(off_weekdays=["2027-01-02"]), "CALENDAR_DAY", r"off_weekdays\[0\], 2027-01-02, is at a weekend"),
        (
            file(working_weekend_days=["2027-01-02", "2027-01-04"]),
            "CALENDAR_DAY",
            r"working_weekend_days\[1\], 2027-01-04, is not at a weekend",
        ),
        (file(off_weekdays=["2027-01-01"] * 2), "CALENDAR_DAY", r"off_weekdays\[1\], 2027-01-01, is listed twice"),
        (file(off_weekdays=[]), "CALENDAR_COUNT", "2027: 263 working days; .*240 to 256"),
        (file(off_weekdays=YEAR["off_weekdays"][:6]), "CALENDAR_COUNT", "2027: 257 working days; .*240 to 256"),
    ],
)
def test_a_wrong_file_is_refused_by_year_and_entry(data: bytes, code: str, named: str) -> None:
    with pytest.raises(UsageError, match=named) as refusal:
        parse_notices(data, None)

    assert refusal.value.code == code
