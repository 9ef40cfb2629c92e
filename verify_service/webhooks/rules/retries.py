"""When a delivery that failed is tried again, and when no more."""

import datetime
from typing import Final

FIRST_DELAY_SECONDS: Final = 5
GROWTH: Final = 4
MAX_DELAY_SECONDS: Final = 24 * 3600
MAX_ATTEMPTS: Final = 11
"""5 s, 20 s, 80 s, 5 min, 21 min, 85 min, 6 h, 23 h, 24 h, 24 h: 78 hours in all."""
JITTER: Final = 0.2
"""Deliveries that failed together are not to come back together."""


def next_delay(attempts: int, chance: float) -> datetime.timedelta | None:
    """Return how long to wait after so many failed attempts, or None where that was the last.

    `chance` in [0, 1) places the delay between 80 % and 120 % of the scheduled one.
    """
    if attempts >= MAX_ATTEMPTS:
        return None
    scheduled = min(FIRST_DELAY_SECONDS * GROWTH ** (attempts - 1), MAX_DELAY_SECONDS)
    return datetime.timedelta(seconds=scheduled * (1 - JITTER + 2 * JITTER * chance))
