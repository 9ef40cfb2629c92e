"""How much heavy work is done at once: files checked, receipts drawn."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import anyio

from verify_service.problems import UNAVAILABLE, ProblemError

AT_ONCE: Final = 2
"""A check may take a processor for four seconds: what is left of the machine answers lookups."""
MOST_WAITING: Final = 8
WAIT_SECONDS: Final = 10.0
RETRY_SECONDS: Final = 15


class Turns:
    """Lets two pieces of one kind of work run at once and a few wait; whoever comes then is told to come back."""

    def __init__(self) -> None:
        self._limiter = anyio.CapacityLimiter(AT_ONCE)

    def require_free(self) -> None:
        """Raise the `unavailable` problem while no turn is free: whoever may not wait asks this first."""
        if self._limiter.available_tokens < 1:
            raise ProblemError(UNAVAILABLE, retry_after_seconds=RETRY_SECONDS)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn and hold it, or raise the `unavailable` problem."""
        if self._limiter.statistics().tasks_waiting >= MOST_WAITING:
            raise ProblemError(UNAVAILABLE, retry_after_seconds=RETRY_SECONDS)
        borrower = object()
        try:
            with anyio.fail_after(WAIT_SECONDS):
                await self._limiter.acquire_on_behalf_of(borrower)
        except TimeoutError:
            raise ProblemError(UNAVAILABLE, retry_after_seconds=RETRY_SECONDS) from None
        try:
            yield
        finally:
            self._limiter.release_on_behalf_of(borrower)
