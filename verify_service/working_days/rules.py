"""Counting working days as 民法典 articles 201 and 203 do: the day of the event itself is not counted."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import count
from typing import Final

import msgspec

from verify_service.errors import ServiceError, UsageError
from verify_service.working_days.model import SATURDAY, Calendar, Coverage, YearNotice

CERTIFICATE_WORKING_DAYS: Final = 30
NOTICE_DAYS: Final = 60
"""So many days before the first exam that could not be counted, the missing year is asked for."""
MAX_CALENDAR_BYTES: Final = 1024 * 1024
_PLAUSIBLE_WORKING_DAYS: Final = range(240, 257)
_YEAR: Final = re.compile("20[0-9]{2}")
_ONE_DAY: Final = timedelta(days=1)


class CalendarMissingError(ServiceError):
    """The State Council's notice for `year` is not in the calendar; a guess would be wrong by days."""

    def __init__(self, year: int) -> None:
        super().__init__("CALENDAR_MISSING", f"the working-day calendar for {year} is missing: import it first")
        self.year = year


class _YearInFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    off_weekdays: tuple[date, ...]
    working_weekend_days: tuple[date, ...]
    source: str | None = None


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


def parse_notices(data: bytes, source: str | None) -> tuple[YearNotice, ...]:
    """Return the years of a calendar file in order; `source` is for those that name none.

    Raises UsageError naming year and entry: CALENDAR_FILE (not such a file), CALENDAR_YEAR, CALENDAR_SOURCE,
    CALENDAR_DAY (of another year, twice, or nothing its list could change), CALENDAR_COUNT (240 to 256 working days
    are plausible: half a notice is not).
    """
    if len(data) > MAX_CALENDAR_BYTES:
        raise UsageError("CALENDAR_FILE", f"the calendar file is larger than {MAX_CALENDAR_BYTES} bytes")
    try:
        years = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise UsageError("CALENDAR_FILE", "the calendar file is not a JSON object of years") from None
    if not years:
        raise UsageError("CALENDAR_FILE", "the calendar file names no year")
    return tuple(_parse_year(key, years[key], source) for key in sorted(years))


def conflicting_years(notices: Sequence[YearNotice], standing: Mapping[int, YearNotice]) -> list[int]:
    """Return the years that stand in the calendar with other days."""
    return [
        notice.year
        for notice in notices
        if notice.year in standing and notice.exceptions != standing[notice.year].exceptions
    ]


def _last_exam_on(through: date, calendar: Calendar) -> date:
    first_counted, left = through + _ONE_DAY, CERTIFICATE_WORKING_DAYS
    while left:
        first_counted -= _ONE_DAY
        left -= is_working_day(first_counted, calendar)
    return first_counted - _ONE_DAY


def _parse_year(key: str, raw: msgspec.Raw, source: str | None) -> YearNotice:
    if not _YEAR.fullmatch(key):
        raise UsageError("CALENDAR_YEAR", "the calendar file has a member that is not a year from 2000 to 2099")
    try:
        parsed = msgspec.json.decode(raw, type=_YearInFile)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError("CALENDAR_FILE", f"{key}: {error}") from None  # says where
    notice = YearNotice(
        year=int(key),
        source=" ".join((parsed.source or source or "").split()),
        off_weekdays=_parse_days(int(key), "off_weekdays", parsed.off_weekdays, of_weekend=False),
        working_weekend_days=_parse_days(
            int(key), "working_weekend_days", parsed.working_weekend_days, of_weekend=True
        ),
    )
    if not notice.source:
        raise UsageError("CALENDAR_SOURCE", f'{key}: name the State Council\'s notice, as "source" or by --source')
    if notice.working_days not in _PLAUSIBLE_WORKING_DAYS:
        bounds = f"{_PLAUSIBLE_WORKING_DAYS[0]} to {_PLAUSIBLE_WORKING_DAYS[-1]}"
        raise UsageError("CALENDAR_COUNT", f"{key}: {notice.working_days} working days; a year has {bounds}")
    return notice


def _parse_days(year: int, member: str, days: Sequence[date], *, of_weekend: bool) -> frozenset[date]:
    found: set[date] = set()
    for place, day in enumerate(days):
        entry = f"{year}: {member}[{place}], {day},"
        if day.year != year:
            raise UsageError("CALENDAR_DAY", f"{entry} is of another year")
        if (day.weekday() >= SATURDAY) is not of_weekend:
            raise UsageError("CALENDAR_DAY", f"{entry} is {'not ' if of_weekend else ''}at a weekend")
        if day in found:
            raise UsageError("CALENDAR_DAY", f"{entry} is listed twice")
        found.add(day)
    return frozenset(found)
