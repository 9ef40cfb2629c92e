"""Which events an auditor asked for: what stands in the address of the page."""

import datetime
import re
from collections.abc import Mapping
from typing import Final

from verify_service.clock import SHANGHAI
from verify_service.trail.model import EventFilter

MAX_CHARACTERS: Final = 200
_ONE_DAY: Final = datetime.timedelta(days=1)
_LAST_DAY: Final = datetime.date(9000, 1, 1)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def parse_filter(asked: Mapping[str, str]) -> EventFilter:
    """Return the filter of an address; what cannot be read asks for nothing. Days are Shanghai's, `until` included."""
    return EventFilter(
        actor=_text(asked.get("actor")),
        action=_text(asked.get("action")),
        object_id=_text(asked.get("object")),
        since=_midnight(asked.get("from"), datetime.timedelta()),
        until=_midnight(asked.get("until"), _ONE_DAY),
    )


def parse_number(text: str | None) -> int | None:
    """Return the number of an event, or None."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def _text(value: str | None) -> str | None:
    stripped = (value or "").replace("\0", "").strip()[:MAX_CHARACTERS]
    return stripped or None


def _midnight(value: str | None, later: datetime.timedelta) -> datetime.datetime | None:
    try:
        day = datetime.date.fromisoformat(value) if value and _DAY.fullmatch(value) else None
    except ValueError:
        return None
    if day is None or day > _LAST_DAY:
        return None
    return datetime.datetime.combine(day + later, datetime.time(), SHANGHAI)
