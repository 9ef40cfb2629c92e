"""Which credentials a signer that works all day looks at: not the millions that were signed long ago."""

import datetime
from typing import Final
from uuid import UUID

MARGIN: Final = datetime.timedelta(days=1)
"""Far longer than a transaction lasts, or than two machines' clocks are apart."""


def oldest_recent(instant: datetime.datetime) -> UUID:
    """Return the UUIDv7 that precedes every one made within a day of an aware instant (RFC 9562 §5.7)."""
    return UUID(int=int((instant - MARGIN).timestamp() * 1000) << 80)
