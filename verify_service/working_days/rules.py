"""Counting working days as 民法典 articles 201 and 203 do: the day of the event itself is not counted."""

from datetime import date, timedelta
from typing import Final

from verify_service.errors import ServiceError
from verify_service.working_days.model import Calendar

CERTIFICATE_WORKING_DAYS: Final = 30
_SATURDAY: Final = 5
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
    if day.weekday() >= _SATURDAY:
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
