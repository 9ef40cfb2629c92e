"""Thirty working days by the calendars of 2020 to 2026."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify_service.working_days.model import Calendar
from verify_service.working_days.rules.counting import CalendarMissingError, due_on, is_working_day

DATA = Path(__file__).parents[3] / "data"
YEARS = json.loads((DATA / "calendar_2020_2026.json").read_text("utf-8"))
CASES = [
    pytest.param(case, id=case["id"])
    for case in json.loads((DATA / "cases.json").read_text("utf-8"))["cases"]
    if case["kind"] == "deadline"
]


def days(member: str) -> frozenset[date]:
    return frozenset(date.fromisoformat(day) for year in YEARS.values() for day in year[member])


CALENDAR = Calendar(
    years=frozenset(map(int, YEARS)),
    off_weekdays=days("off_weekdays"),
    working_weekend_days=days("working_weekend_days"),
)


@pytest.mark.parametrize("case", CASES)
def test_every_shared_deadline_is_counted_as_listed(case: dict[str, Any]) -> None:
    held_on, expected = date.fromisoformat(case["input"]["exam_date"]), case["expect"]

    if expected["ok"]:
        assert due_on(held_on, CALENDAR, case["input"]["working_days"]).isoformat() == expected["deadline"]
    else:
        with pytest.raises(CalendarMissingError, match=str(expected["year"])) as refusal:
            due_on(held_on, CALENDAR, case["input"]["working_days"])
        assert (refusal.value.code, refusal.value.year) == (expected["error"], expected["year"])


@pytest.mark.parametrize(
    ("year", "count"), [(2020, 249), (2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)]
)
def test_a_year_has_as_many_working_days_as_its_notice_leaves(year: int, count: int) -> None:
    every_day = (date(year, 1, 1) + timedelta(days=offset) for offset in range(366))

    assert sum(is_working_day(day, CALENDAR) for day in every_day if day.year == year) == count


def test_a_weekend_exchanged_for_a_holiday_is_worked() -> None:
    assert is_working_day(date(2026, 2, 14), CALENDAR)  # Saturday before the Spring Festival
    assert not is_working_day(date(2026, 2, 21), CALENDAR)  # Saturday within it


def test_a_weekday_of_a_festival_is_not_worked() -> None:
    assert not is_working_day(date(2026, 2, 16), CALENDAR)  # Monday of the festival
    assert is_working_day(date(2026, 2, 24), CALENDAR)  # Tuesday after it


def test_a_day_of_an_unknown_year_is_never_guessed() -> None:
    with pytest.raises(CalendarMissingError, match="2019"):
        is_working_day(date(2019, 12, 31), CALENDAR)


def test_an_exam_in_an_unknown_year_counts_from_the_first_known_day() -> None:
    # 31 December 2019 itself is not counted, so 2019's notice is not needed.
    assert due_on(date(2019, 12, 31), CALENDAR, 1) == date(2020, 1, 2)


@given(st.dates(date(2020, 1, 1), date(2026, 10, 31)), st.integers(1, 30))
@settings(max_examples=100)
def test_the_due_day_is_a_working_day_with_exactly_the_others_before_it(held_on: date, working_days: int) -> None:
    due = due_on(held_on, CALENDAR, working_days)

    counted = [held_on + timedelta(days=offset) for offset in range(1, (due - held_on).days + 1)]
    assert is_working_day(due, CALENDAR)
    assert sum(is_working_day(day, CALENDAR) for day in counted) == working_days
