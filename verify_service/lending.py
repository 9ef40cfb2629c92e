"""Lending connections to requests, each to one at a time.

Not asyncpg's own pool: it makes a task, a timer and a proxy of each loan, half of what a lookup's statement costs.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Final

import asyncpg

from verify_service.database import CONNECT_SECONDS, DATABASE_FAILURES, Connection
from verify_service.errors import DatabaseUnavailableError

MOST_CONNECTIONS: Final = 16
WAIT_SECONDS: Final = 2.0
"""A request that waits longer for a connection is answered 503 instead of queueing without end."""
STATEMENT_SECONDS: Final = 10.0
SESSION: Final = {
    # The role reads only, unless it says otherwise; a failed lookup is counted by the one function it may call.
    "default_transaction_read_only": "off",
    # Once a connection: of a lookup, planning costs more than the index reads it plans.
    "plan_cache_mode": "force_generic_plan",
}
"""Statements are prepared once per connection and reused; single ones leave nothing behind that had to be reset."""
POINT_READS: Final = {**SESSION, "enable_seqscan": "off"}
"""For who only ever reads by index. A plan is kept as it was made: of a table that had few rows then, or none, it would
read all, and each of a guesser's failures would make every lookup slower until the next `analyze`."""

REFUSED: Final = (asyncpg.IntegrityConstraintViolationError,)
"""What the register refuses to hold: the database is there, and would refuse it again. Whoever foresees one turns it
into a refusal; any other is a fault of ours, to be logged and mended."""


class Lender:
    """Opens connections of one role as they are needed, and keeps them for the next request."""

    def __init__(self, url: str, *, most: int = MOST_CONNECTIONS, session: Mapping[str, str] = SESSION) -> None:
        self._url = url
        self._session = dict(session)
        self._turns = asyncio.Semaphore(most)
        self._at_hand: list[Connection] = []
        self._is_open = False

    async def open(self) -> None:
        """Open the first connection; raise what asyncpg raises where the database cannot be reached."""
        self._at_hand.append(await self._connect())
        self._is_open = True

    async def close(self) -> None:
        """Close every connection; one that is lent ends as it comes back."""
        self._is_open = False
        while self._at_hand:
            with suppress(*DATABASE_FAILURES):
                await self._at_hand.pop().close(timeout=STATEMENT_SECONDS)

    def lend(self) -> "Loan":
        """Return a loan to be entered once, with `async with`: of whichever connection is free then.

        A wait that is too long, and whatever the database does wrong until the loan ends, is raised as
        `DatabaseUnavailableError`; one of `REFUSED` as it is.
        """
        return Loan(self)

    async def take(self) -> Connection:
        """Return a connection that nobody else has; raise one of `DATABASE_FAILURES`."""
        if not self._is_open:
            raise asyncpg.InterfaceError("nothing is lent before the lender opens, or after it closed")
        if self._at_hand and not self._turns.locked():
            await self._turns.acquire()  # at once
        else:
            async with asyncio.timeout(WAIT_SECONDS):
                await self._turns.acquire()
        try:
            return self._kept() or await self._connect()
        except BaseException:
            self._turns.release()
            raise

    def give_back(self, connection: Connection, *, in_order: bool) -> None:
        """Keep a connection for the next request; end one that was cut off in a statement or a transaction."""
        if in_order and self._is_open and not connection.is_in_transaction():
            self._at_hand.append(connection)
        else:
            connection.terminate()
        self._turns.release()

    def _kept(self) -> Connection | None:
        while self._at_hand:
            connection = self._at_hand.pop()
            if not connection.is_closed():
                return connection
        return None

    async def _connect(self) -> Connection:
        async with asyncio.timeout(WAIT_SECONDS):
            return await asyncpg.connect(
                self._url, timeout=CONNECT_SECONDS, command_timeout=STATEMENT_SECONDS, server_settings=self._session
            )


class Loan:
    """One connection for as long as an `async with` lasts."""

    __slots__ = ("_connection", "_lender")

    def __init__(self, lender: Lender) -> None:
        self._lender = lender

    async def __aenter__(self) -> Connection:
        try:
            self._connection = await self._lender.take()
        except DATABASE_FAILURES as error:
            raise _unreachable() from error
        return self._connection

    async def __aexit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        failed = isinstance(error, DATABASE_FAILURES) and not isinstance(error, REFUSED)
        self._lender.give_back(self._connection, in_order=not failed and not isinstance(error, asyncio.CancelledError))
        if failed:
            raise _unreachable() from error


def _unreachable() -> DatabaseUnavailableError:
    return DatabaseUnavailableError("DATABASE_UNREACHABLE", "the database cannot be reached")
