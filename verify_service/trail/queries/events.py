"""SQL that reads the trail from one end to the other."""

from collections.abc import AsyncIterator
from typing import Final

from verify_service.database import Connection
from verify_service.trail.model import StoredEvent

FETCHED_AT_ONCE: Final = 2_000
SELECT_EVENTS: Final = """
select audit_event_id as number, occurred_at, actor, action, object_type, object_id, detail::text as detail,
       previous_hash, hash
  from audit_event
 where audit_event_id >= $1
 order by audit_event_id
"""


async def read_events(connection: Connection, first: int = 1) -> AsyncIterator[StoredEvent]:
    """Yield the events from a number on, in order, as they stood when the first was read; must run in a transaction."""
    async for row in connection.cursor(SELECT_EVENTS, first, prefetch=FETCHED_AT_ONCE):
        yield StoredEvent(*row)
