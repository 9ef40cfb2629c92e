"""Dates and times as people read them: Beijing time in both languages, whatever the visitor's clock says."""

import datetime
from typing import Final

from verify_service.clock import SHANGHAI
from verify_service.translations import Language

# strftime's month names follow the process locale, which an operator may set to anything.
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def format_date(day: datetime.date, language: Language) -> str:
    """Return 2026年8月6日, or 6 August 2026."""
    if language is Language.CHINESE:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def format_instant(instant: datetime.datetime, language: Language) -> str:
    """Return 2026年11月23日 16:59:05, or 23 November 2026, 16:59:05 (Beijing time); the instant must be aware."""
    local = instant.astimezone(SHANGHAI)
    if language is Language.CHINESE:
        return f"{format_date(local, language)} {local:%H:%M:%S}"
    return f"{format_date(local, language)}, {local:%H:%M:%S} (Beijing time)"
