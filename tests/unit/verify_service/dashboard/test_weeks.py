"""What is due and late in which week."""

import datetime

import pytest

from verify_service.dashboard.model import PassedGroup
from verify_service.dashboard.rules.weeks import due_dates, dues_of, monday_of, shown_weeks, waiting_of, weeks_of
from verify_service.lookup_counts.model import DayCount, Outcome
from verify_service.working_days.model import Calendar

NO_HOLIDAYS = Calendar(years=frozenset({2026}), off_weekdays=frozenset(), working_weekend_days=frozenset())
EXAM_ON = datetime.date(2026, 3, 14)  # a Saturday
DUE_ON = datetime.date(2026, 4, 24)  # thirty weekdays later, a Friday
WEEK = datetime.date(2026, 4, 20)


def test_a_certificate_is_due_in_the_week_of_its_thirtieth_working_day() -> None:
    groups = [PassedGroup(EXAM_ON, None, 3), PassedGroup(EXAM_ON, datetime.date(2026, 3, 20), 40)]

    assert dues_of(groups, due_dates(NO_HOLIDAYS), DUE_ON) == {WEEK: (43, 0)}


@pytest.mark.parametrize(
    ("issued_on", "today", "late"),
    [
        (DUE_ON, DUE_ON, 0),
        (DUE_ON + datetime.timedelta(days=1), DUE_ON + datetime.timedelta(days=9), 3),
        (None, DUE_ON, 0),
        (None, DUE_ON + datetime.timedelta(days=1), 3),
    ],
)
def test_late_is_what_came_after_its_day_or_has_not_come(
    issued_on: datetime.date | None, today: datetime.date, late: int
) -> None:
    groups = [PassedGroup(EXAM_ON, issued_on, 3)]

    assert dues_of(groups, due_dates(NO_HOLIDAYS), today) == {WEEK: (3, late)}


def test_who_waits_is_counted_whether_or_not_the_calendar_reaches() -> None:
    beyond = PassedGroup(datetime.date(2026, 12, 20), None, 2)
    groups = [PassedGroup(EXAM_ON, None, 3), PassedGroup(EXAM_ON, DUE_ON, 9), beyond]

    waiting = waiting_of(groups, due_dates(NO_HOLIDAYS), DUE_ON + datetime.timedelta(days=1))

    assert (waiting.entries, waiting.late, waiting.next_due_on, waiting.without_due_date) == (5, 3, DUE_ON, 2)


def test_weeks_run_from_monday_and_this_one_is_among_them() -> None:
    sunday = datetime.date(2026, 11, 29)
    weeks = shown_weeks(sunday)

    assert monday_of(sunday) == datetime.date(2026, 11, 23)
    assert monday_of(sunday) in weeks
    assert {week.weekday() for week in weeks} == {0}
    assert len(set(weeks)) == 18


def test_each_week_has_its_own_counts() -> None:
    days = [datetime.date(2026, 11, 22), datetime.date(2026, 11, 23), datetime.date(2026, 11, 29)]
    counts = [DayCount(day, Outcome.FOUND, 10**place) for place, day in enumerate(days)]
    counts.append(DayCount(days[2], Outcome.LIMITER_ERROR, 7))
    mondays = (datetime.date(2026, 11, 16), datetime.date(2026, 11, 23))

    before, now = weeks_of(mondays, {mondays[1]: 5}, {mondays[0]: 1}, {mondays[1]: (8, 2)}, counts)

    assert (before.found, before.issued, before.revoked, before.due) == (1, 0, 1, 0)
    assert (now.found, now.limited, now.issued, now.due, now.late) == (110, 0, 5, 8, 2)
