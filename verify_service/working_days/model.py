"""The calendar as the State Council's yearly notices change it."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Final

import msgspec

SATURDAY: Final = 5


class Calendar(msgspec.Struct, frozen=True, kw_only=True):
    """What departs from Monday-to-Friday in the years whose notice is known; no other year may be judged."""

    years: frozenset[int]
    off_weekdays: frozenset[date]  # 放假: Mondays to Fridays on which nobody works
    working_weekend_days: frozenset[date]  # 调休上班: Saturdays and Sundays on which everybody does


class YearNotice(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One year of the calendar, as one notice of the State Council's office (国务院办公厅) changes it."""

    year: int
    source: str
    """Which notice: its title, and its number where it has one."""
    off_weekdays: frozenset[date]
    working_weekend_days: frozenset[date]
    amended_because: str | None = None
    """Why the days differ from those entered first; None where they do not."""

    @property
    def working_days(self) -> int:
        """Return how many working days the year has."""
        first = date(self.year, 1, 1)
        every_day = (first + timedelta(days=offset) for offset in range((date(self.year, 12, 31) - first).days + 1))
        weekdays = sum(day.weekday() < SATURDAY for day in every_day)
        return weekdays - len(self.off_weekdays) + len(self.working_weekend_days)

    @property
    def exceptions(self) -> frozenset[tuple[date, bool]]:
        """Return every day that departs from the week, and whether it is worked."""
        off = frozenset((day, False) for day in self.off_weekdays)
        return off | frozenset((day, True) for day in self.working_weekend_days)


class Coverage(msgspec.Struct, frozen=True, rename="camel"):
    """How far ahead due dates can be counted."""

    through: date | None
    """Last day known without a gap; None for an empty calendar."""
    last_exam_on: date | None
    """Last day of an exam whose working days all lie within."""
    missing_year: int | None
    """The year to enter soon; None as long as every exam of the next weeks can be counted."""


class YearChange(StrEnum):
    """What importing one year's notice came to."""

    IMPORTED = "imported"
    UNCHANGED = "unchanged"
    AMENDED = "amended"
