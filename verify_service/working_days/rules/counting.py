"""Counting working days as 民法典 articles 201 and 203 do: the day of the event itself is not counted."""

from datetime import date, timedelta
from itertools import count
from typing import Final

from verify_service.errors import ServiceError
from verify_service.working_days.model import SATURDAY, Calendar, Coverage

CERTIFICATE_WORKING_DAYS: Final = 30
NOTICE_DAYS: Final = 60
"""So many days before the first exam that could not be counted, the missing year is asked for."""
_ONE_DAY: Final = timedelta(days=1)


class CalendarMissingError(ServiceError):
    """The State Council's notice for `year` is not in the calendar; a guess would be wrong by days."""

    def __init__(self, year: int) -> None:
        super().__init__("CALENDAR_MISSING", f"the working-day calendar for {year} is missing: import it first")
        self.year = year


def is_working_day(day: date, calendar: Calendar) -> bool:
    """Say whether people work on `day`, weekends exchanged for holidays included. Raises CalendarMissingError."""
    if day.year not in calendar.years:
        raise CalendarMissingError(day.year)
    if day.weekday() >= SATURDAY:
        return day in calendar.working_weekend_days
    return day not in calendar.off_weekdays


def due_on(held_on: date, calendar: Calendar, working_days: int = CERTIFICATE_WORKING_DAYS) -> date:
    """Return the last day, until 24:00 in Asia/Shanghai, of `working_days` counted from the day after the exam.

    The exam's own day may be any day. Raises CalendarMissingError naming the first year the count runs into unknown.
    """
    day = held_on
    for _ in range(working_days):
        day += _ONE_DAY
        while not is_working_day(day, calendar):
            day += _ONE_DAY
    return day


def coverage(calendar: Calendar, today: date) -> Coverage:
    """Return how far the calendar reaches from `today` on, a year known beyond a gap apart."""
    missing = next(year for year in count(today.year) if year not in calendar.years)
    last_known = max((year for year in calendar.years if year < missing), default=None)
    if last_known is None:
        return Coverage(None, None, missing)
    through = date(last_known, 12, 31)
    last_exam_on = _last_exam_on(through, calendar)
    soon = today + timedelta(days=NOTICE_DAYS)
    return Coverage(through, last_exam_on, missing if soon > last_exam_on else None)


def working_days_left(until: date, today: date, calendar: Calendar) -> int:
    """Return how many working days are left, the last one counted and today not; below zero, how many it is late.

    On the last day itself it is 0. Raises CalendarMissingError.
    """
    first, last = sorted((until, today))
    days = (first + timedelta(days=offset) for offset in range(1, (last - first).days + 1))
    counted = sum(is_working_day(day, calendar) for day in days)
    return counted if until >= today else -counted


def _last_exam_on(through: date, calendar: Calendar) -> date:
    first_counted, left = through + _ONE_DAY, CERTIFICATE_WORKING_DAYS
    while left:
        first_counted -= _ONE_DAY
        left -= is_working_day(first_counted, calendar)
    return first_counted - _ONE_DAY
