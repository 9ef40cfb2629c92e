"""The process's own clock, for what no database is asked about: the time of an answer, and today's date."""

import datetime
from typing import Final
from zoneinfo import ZoneInfo

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")


def now() -> datetime.datetime:
    """Return the present instant in UTC, whole seconds."""
    return datetime.datetime.now(datetime.UTC).replace(microsecond=0)


def date_in_shanghai(instant: datetime.datetime) -> datetime.date:
    """Return the date an aware instant falls on where the service's users are."""
    return instant.astimezone(SHANGHAI).date()


def today_in_shanghai() -> datetime.date:
    """Return today's date where the service's users are."""
    return date_in_shanghai(now())
