"""What the registrar's forms have in common: days, people chosen in a list, and how large a form may be."""

from datetime import date
from typing import Final

from verify_service.errors import UsageError

MAX_FORM_BYTES: Final = 64 * 1024
MAX_LIST_BYTES: Final = 512 * 1024
"""For forms that hold a list: 3,000 certificates or people."""

Chosen = str | list[str]
"""A field that may stand in a form several times."""


def read_day(text: str) -> date | None:
    """Return the day of a date field, None where it is empty. Raises UsageError DAY."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError("DAY", "a day is written 2026-03-14") from None


def read_chosen(chosen: Chosen) -> tuple[str, ...]:
    """Return what was chosen in a list, each once."""
    several = [chosen] if isinstance(chosen, str) else chosen
    return tuple(dict.fromkeys(one.strip() for one in several if one.strip()))
