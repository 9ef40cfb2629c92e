"""Ending failures that count no more, of facts about which nobody fails again."""

from typing import Final

from verify_service.budgets.queries import upkeep as queries
from verify_service.database import Connection

BATCH: Final = 10_000
"""Buckets a statement: a question that fails about one of them waits for it, some tenths of a second."""


async def count_old(connection: Connection) -> int:
    """Return how many failures have left the longest window of their bucket, by the database's clock."""
    return await queries.count_old_failures(connection)


async def end_old(connection: Connection) -> int:
    """End them, and return how many these were. Nothing is recorded: those that end by themselves are not either."""
    ended, buckets = 0, BATCH
    while buckets == BATCH:
        buckets, failures = await queries.end_old_failures(connection, BATCH)
        ended += failures
    return ended
