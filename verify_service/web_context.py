"""What every request handler is lent: made once at start; no private key but that of receipts, no subject secret."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, TypeVar

import structlog

from verify_service.allowances import Allowances, read_allowances, while_guessed_at
from verify_service.database import Connection
from verify_service.errors import DatabaseUnavailableError, ServiceError, UnavailableError
from verify_service.lending import POINT_READS, REFUSED, Lender, Loan
from verify_service.lookup_counts.service import LookupTally
from verify_service.pages.views import SiteTexts
from verify_service.settings import Settings
from verify_service.trust import Trust

Answer = TypeVar("Answer")
ReadTrust = Callable[[Connection, Trust | None], Awaitable[Trust]]
"""Returns what counts now: the very value it is given, where nothing has changed since."""
ReadBreaker = Callable[[Connection], Awaitable[bool]]

REFRESH_SECONDS: Final = 3.0
"""So long after a rotation may its new public key be missing from did.json."""
GUESSED_AT_FACTOR: Final = 4
"""While the breaker is open, so much more work."""

log = structlog.get_logger()


class WebContext:
    """The web process: its settings, its connections, the secrets it opens with, and whose signatures count."""

    def __init__(
        self,
        settings: Settings,
        database_url: str,
        *,
        read_trust: ReadTrust,
        read_breaker: ReadBreaker,
        trust: Trust,
        site: SiteTexts,
    ) -> None:
        self.settings = settings
        self.public_url = settings.require_public_url()
        self.trust = trust
        """Exchanged as a whole while requests are answered: whoever needs two things of it takes it once."""
        self.site = site
        self.status_lists: dict[tuple[str, int], bytes] = {}
        """What was served last, by purpose and number, for when the database is down."""
        self.breaker_open = False
        """Far more questions fail than usual: limits and budgets are stricter for a while."""
        self.tally = LookupTally()
        """How lookups ended since it was written last."""
        self._allowances = read_allowances(settings.budgets)
        self._allowances_while_guessed_at = while_guessed_at(self._allowances)
        self._lender = Lender(database_url, session=POINT_READS)
        self._read_trust = read_trust
        self._read_breaker = read_breaker
        self._reading = asyncio.Lock()

    @property
    def allowances(self) -> Allowances:
        """How many failed questions about the same facts are answered now."""
        return self._allowances_while_guessed_at if self.breaker_open else self._allowances

    @property
    def effort(self) -> int:
        """How many derivations a proof of work takes now."""
        return self.settings.effort * (GUESSED_AT_FACTOR if self.breaker_open else 1)

    async def open(self) -> None:
        """Connect to the database."""
        await self._lender.open()

    async def close(self) -> None:
        """Write what was counted, and let go of the database."""
        await self.write_tally()
        await self._lender.close()

    def connection(self) -> Loan:
        """Lend a connection for one request; whatever it does wrong is raised as `Lender.lend` says."""
        return self._lender.lend()

    async def answer(self, ask: Callable[[Connection, Trust], Awaitable[Answer]]) -> Answer:
        """Return what `ask` answers; where it cannot, ask once more if keys or secrets have changed meanwhile.

        A certificate that was signed, or a person who was sealed, under a key this process has not heard of yet is no
        reason to fail.
        """
        trust = self.trust
        try:
            async with self.connection() as connection:
                return await ask(connection, trust)
        except DatabaseUnavailableError:
            raise
        except UnavailableError:
            if await self.refresh_trust() is trust:
                raise
        async with self.connection() as connection:
            return await ask(connection, self.trust)

    async def refresh_trust(self) -> Trust:
        """Read keys and secrets anew if they changed, and return them; what cannot be read leaves them as they are."""
        async with self._reading:
            try:
                async with self.connection() as connection:
                    trust = await self._read_trust(connection, self.trust)
            except ServiceError as error:
                log.warning("keys_not_read", code=error.code)
                return self.trust
            if trust is not self.trust:
                log.info("keys_changed")
            self.trust = trust
            return trust

    async def refresh_breaker(self) -> None:
        """Read whether the breaker is open; what cannot be read leaves it as it is."""
        with suppress(DatabaseUnavailableError):
            async with self.connection() as connection:
                self.breaker_open = await self._read_breaker(connection)

    async def write_tally(self) -> None:
        """Add what was counted to the day's counts; what cannot be written is kept for the next time."""
        try:
            async with self.connection() as connection:
                await self.tally.write(connection)
        except DatabaseUnavailableError:
            return
        except REFUSED as error:  # a fault of ours, and none of whoever looks something up meanwhile
            log.error("lookups_not_counted", exc_info=error)  # noqa: TRY400  # its text may quote a value

    async def keep_refreshing(self) -> None:
        """Read both anew and write what was counted every few seconds, for ever."""
        while True:
            await asyncio.sleep(REFRESH_SECONDS)
            await self.refresh_trust()
            await self.refresh_breaker()
            await self.write_tally()
