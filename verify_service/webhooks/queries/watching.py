"""What the web process may ask about watches: functions that check the bearer token themselves."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from verify_service.database import Connection
from verify_service.webhooks.model import Watches

# The role reads only, unless a transaction says otherwise; it is granted these functions and no table.
ALLOW_CHANGES: Final = "set transaction read write"
COUNT_WATCHES: Final = "select watched, most from count_watches($1, $2)"
ADD_WATCHES: Final = "select watched, most from watch_certificates($1, $2, $3)"
REMOVE_WATCHES: Final = "select watched, most from unwatch_certificates($1, $2, $3)"


async def count_watches(connection: Connection, webhook_id: UUID, access_digest: bytes) -> Watches | None:
    """Return how many certificates a webhook watches; None where there is no such webhook with this token."""
    row = await connection.fetchrow(COUNT_WATCHES, webhook_id, access_digest)
    return None if row is None else Watches(*row)


async def add_watches(
    connection: Connection, webhook_id: UUID, access_digest: bytes, tokens: Sequence[bytes]
) -> Watches | None:
    """Watch these too; None, and nothing done, also where that would be more than the webhook may watch."""
    async with connection.transaction():
        await connection.execute(ALLOW_CHANGES)
        row = await connection.fetchrow(ADD_WATCHES, webhook_id, access_digest, tokens)
    return None if row is None else Watches(*row)


async def remove_watches(
    connection: Connection, webhook_id: UUID, access_digest: bytes, tokens: Sequence[bytes] | None
) -> Watches | None:
    """Watch these no longer, or none at all where `tokens` is None."""
    async with connection.transaction():
        await connection.execute(ALLOW_CHANGES)
        row = await connection.fetchrow(REMOVE_WATCHES, webhook_id, access_digest, tokens)
    return None if row is None else Watches(*row)
