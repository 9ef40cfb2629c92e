"""Calendar files: the years of the State Council's notices as JSON, and what any notice must be to be plausible."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

import msgspec

from verify_service.errors import UsageError
from verify_service.working_days.model import SATURDAY, Calendar, YearNotice

MAX_CALENDAR_BYTES: Final = 1024 * 1024
_PLAUSIBLE_WORKING_DAYS: Final = range(240, 257)
_YEAR: Final = re.compile("20[0-9]{2}")


class _YearInFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    off_weekdays: tuple[date, ...]
    working_weekend_days: tuple[date, ...]
    source: str | None = None


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


def read_notice(
    year: int, source: str, off_weekdays: Sequence[date], working_weekend_days: Sequence[date]
) -> YearNotice:
    """Return one year's notice. Raises UsageError as `parse_notices` does of its days, its count and its source."""
    notice = YearNotice(
        year=year,
        source=" ".join(source.split()),
        off_weekdays=_parse_days(year, "off_weekdays", off_weekdays, of_weekend=False),
        working_weekend_days=_parse_days(year, "working_weekend_days", working_weekend_days, of_weekend=True),
    )
    if not notice.source:
        raise UsageError("CALENDAR_SOURCE", f'{year}: name the State Council\'s notice, as "source" or by --source')
    if notice.working_days not in _PLAUSIBLE_WORKING_DAYS:
        bounds = f"{_PLAUSIBLE_WORKING_DAYS[0]} to {_PLAUSIBLE_WORKING_DAYS[-1]}"
        raise UsageError("CALENDAR_COUNT", f"{year}: {notice.working_days} working days; a year has {bounds}")
    return notice


def calendar_with(calendar: Calendar, notices: Iterable[YearNotice]) -> Calendar:
    """Return the calendar as it would be with these years, in the place of what it knows of them."""
    added = {notice.year: notice for notice in notices}
    return Calendar(
        years=calendar.years | frozenset(added),
        off_weekdays=_replaced(calendar.off_weekdays, {year: one.off_weekdays for year, one in added.items()}),
        working_weekend_days=_replaced(
            calendar.working_weekend_days, {year: one.working_weekend_days for year, one in added.items()}
        ),
    )


def conflicting_years(notices: Sequence[YearNotice], standing: Mapping[int, YearNotice]) -> list[int]:
    """Return the years that stand in the calendar with other days."""
    return [
        notice.year
        for notice in notices
        if notice.year in standing and notice.exceptions != standing[notice.year].exceptions
    ]


def _parse_year(key: str, raw: msgspec.Raw, source: str | None) -> YearNotice:
    if not _YEAR.fullmatch(key):
        raise UsageError("CALENDAR_YEAR", "the calendar file has a member that is not a year from 2000 to 2099")
    try:
        parsed = msgspec.json.decode(raw, type=_YearInFile)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError("CALENDAR_FILE", f"{key}: {error}") from None  # says where
    return read_notice(int(key), parsed.source or source or "", parsed.off_weekdays, parsed.working_weekend_days)


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


def _replaced(days: frozenset[date], of_years: Mapping[int, frozenset[date]]) -> frozenset[date]:
    kept = frozenset(day for day in days if day.year not in of_years)
    return kept.union(*of_years.values())
