"""What one client may take of the connections to the consoles: so many at once, for bodies that keep coming."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import anyio
import msgspec

from verify_service.problems import TOO_MANY_REQUESTS, ProblemError

RETRY_SECONDS: Final = 5


class Limits(msgspec.Struct, frozen=True):
    """How much of the consoles is anybody's."""

    connections: int = 256
    """Requests that are handed on at once, whoever asks."""
    each: int = 16
    """Of these, one client's: an office of people behind one address, and what pages of photos ask for meanwhile."""
    wait_seconds: float = 5.0
    """So long more of them wait for their turn, and everybody for a connection."""
    silent_seconds: float = 30.0
    """So long nothing may come of a body that is not at its end."""
    grace_seconds: float = 30.0
    least_bytes_per_second: int = 1024
    """Less of a body, once the waiting for it exceeds the grace, is no slow line: others need the connection."""

    def patience_seconds(self, received_bytes: int, waited_seconds: float) -> float:
        """Return how long more to wait for the next piece of a body; nothing or less: it comes too slowly."""
        earned_seconds = self.grace_seconds + received_bytes / self.least_bytes_per_second
        return min(self.silent_seconds, earned_seconds - waited_seconds)


class Shares:
    """Counts the requests that each client has under way; only of clients that have any."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._turns: dict[str, anyio.Semaphore] = {}
        self._asking: dict[str, int] = {}

    @asynccontextmanager
    async def share(self, client: str) -> AsyncIterator[None]:
        """Hold one of a client's requests, after a wait if need be; raise the `too-many-requests` problem."""
        turns = self._turns.setdefault(client, anyio.Semaphore(self._limits.each))
        self._asking[client] = self._asking.get(client, 0) + 1
        try:
            await self._wait(turns)
            try:
                yield
            finally:
                turns.release()
        finally:
            self._leave(client)

    async def _wait(self, turns: anyio.Semaphore) -> None:
        try:
            with anyio.fail_after(self._limits.wait_seconds):
                await turns.acquire()
        except TimeoutError:
            raise ProblemError(TOO_MANY_REQUESTS, retry_after_seconds=RETRY_SECONDS) from None

    def _leave(self, client: str) -> None:
        self._asking[client] -= 1
        if not self._asking[client]:
            del self._asking[client], self._turns[client]
