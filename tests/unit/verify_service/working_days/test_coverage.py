"""How far ahead due dates can be counted, and when the next year is asked for."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from verify_service.working_days.model import Calendar, Coverage
from verify_service.working_days.rules.counting import CalendarMissingError, coverage, due_on
from verify_service.working_days.rules.files import parse_notices

DATA = Path(__file__).parents[3] / "data" / "calendar_2020_2026.json"
NOTICES = parse_notices(DATA.read_bytes(), "国务院办公厅")
THROUGH, LAST_EXAM_ON = date(2026, 12, 31), date(2026, 11, 19)


def calendar(*years: int) -> Calendar:
    notices = [notice for notice in NOTICES if notice.year in years]
    return Calendar(
        years=frozenset(years),
        off_weekdays=frozenset().union(*(notice.off_weekdays for notice in notices)),
        working_weekend_days=frozenset().union(*(notice.working_weekend_days for notice in notices)),
    )


KNOWN = calendar(*range(2020, 2027))


@pytest.mark.parametrize(
    ("today", "missing_year"),
    [
        (date(2026, 1, 1), None),
        (date(2026, 9, 20), None),
        (date(2026, 9, 21), 2027),
        (date(2026, 11, 23), 2027),
        (date(2026, 12, 31), 2027),
    ],
)
def test_a_year_is_asked_for_sixty_days_before_the_first_exam_that_needs_it(
    today: date, missing_year: int | None
) -> None:
    assert coverage(KNOWN, today) == Coverage(THROUGH, LAST_EXAM_ON, missing_year)


@pytest.mark.parametrize("year", range(2020, 2027))
def test_the_last_exam_is_the_last_whose_due_date_can_be_counted(year: int) -> None:
    known = calendar(year)
    last_exam_on = coverage(known, date(year, 6, 1)).last_exam_on

    assert last_exam_on is not None
    assert due_on(last_exam_on, known).year == year
    with pytest.raises(CalendarMissingError):
        due_on(last_exam_on + timedelta(days=1), known)


def test_a_year_known_beyond_a_gap_does_not_count() -> None:
    assert coverage(calendar(2024, 2026), date(2024, 3, 1)).through == date(2024, 12, 31)


def test_in_a_year_that_is_not_known_that_year_is_missing() -> None:
    assert coverage(KNOWN, date(2027, 2, 1)) == Coverage(THROUGH, LAST_EXAM_ON, 2027)


def test_an_empty_calendar_reaches_nowhere() -> None:
    assert coverage(calendar(), date(2026, 1, 1)) == Coverage(None, None, 2026)
