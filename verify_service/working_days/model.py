"""The calendar as the State Council's yearly notices change it."""

from datetime import date

import msgspec


class Calendar(msgspec.Struct, frozen=True, kw_only=True):
    """What departs from Monday-to-Friday in the years whose notice is known; no other year may be judged."""

    years: frozenset[int]
    off_weekdays: frozenset[date]  # 放假: Mondays to Fridays on which nobody works
    working_weekend_days: frozenset[date]  # 调休上班: Saturdays and Sundays on which everybody does
