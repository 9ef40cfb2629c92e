"""Counting without writing: a hit must cost the database nothing, and a row that changes must not tell of one."""

from collections import Counter

from verify_service.database import Connection
from verify_service.lookup_counts.model import Outcome
from verify_service.lookup_counts.queries import adding


class LookupTally:
    """What one process has counted since it wrote last. Killed, it loses a few seconds of counting."""

    def __init__(self) -> None:
        self._counts = Counter[Outcome]()

    def count(self, outcome: Outcome, times: int = 1) -> None:
        """Count an outcome, in memory."""
        self._counts[outcome] += times

    async def write(self, connection: Connection) -> None:
        """Add what was counted to today's; where that fails it is kept for the next time."""
        written, self._counts = self._counts, Counter()
        if not written:
            return
        try:
            await adding.add(connection, written)
        except BaseException:
            self._counts.update(written)
            raise
