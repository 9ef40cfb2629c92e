"""What every handler of the consoles is lent: two pools, the secrets, and what the pages say of the institution."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from verify_service.consoles.visitors import Visitor
from verify_service.database import ACQUIRE_SECONDS, DATABASE_FAILURES, Connection, Pool, open_pool
from verify_service.errors import DatabaseUnavailableError
from verify_service.institution import Institution
from verify_service.key_directory import KeyDirectory
from verify_service.keys.service import require_genuine_secrets, require_secrets
from verify_service.pages.views import SiteTexts
from verify_service.sealing.model import Secrets
from verify_service.settings import Settings

POOL_CONNECTIONS: Final = 8
BIND_PARTNER: Final = "select set_config('verify_service.partner_id', $1, true)"


class ConsoleContext:
    """The console process. Unlike the public one it holds the subject secret: it finds people by their ID number."""

    def __init__(
        self, settings: Settings, console_url: str, portal_url: str, *, institution: Institution, site: SiteTexts
    ) -> None:
        self.settings = settings
        self.public_url = settings.require_public_url()
        self.institution = institution
        self.site = site
        self.directory = KeyDirectory(settings)
        self._urls = (console_url, portal_url)
        self._pools: tuple[Pool, Pool] | None = None

    async def open(self) -> None:
        """Open both pools, refusing secrets that are not this register's."""
        console_url, portal_url = self._urls
        self._pools = (
            await open_pool(console_url, size=POOL_CONNECTIONS),
            await open_pool(portal_url, size=POOL_CONNECTIONS),
        )
        async with self.connection() as connection:
            await self.secrets(connection)

    async def close(self) -> None:
        """Close both."""
        for pool in self._pools or ():
            await pool.close()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """Lend a connection under the consoles' role, for staff."""
        async with _lent(self._pools and self._pools[0]) as connection:
            yield connection

    @asynccontextmanager
    async def portal(self, visitor: Visitor) -> AsyncIterator[Connection]:
        """Lend a connection under the portal's role, in a transaction that sees the rows of this visitor's partner.

        The setting ends with the transaction: the next to be lent the connection sees nothing until it sets its own.
        """
        async with _lent(self._pools and self._pools[1]) as connection, connection.transaction():
            await connection.execute(BIND_PARTNER, "" if visitor.partner_id is None else str(visitor.partner_id))
            yield connection

    async def secrets(self, connection: Connection) -> Secrets:
        """Return the secrets that sealing and finding people need, as they are now; refuse where one is missing."""
        states = await require_genuine_secrets(connection, self.directory.every_secret())
        return require_secrets(self.directory.require_secrets(), states)


@asynccontextmanager
async def _lent(pool: Pool | None) -> AsyncIterator[Connection]:
    if pool is None:
        raise DatabaseUnavailableError("DATABASE_CLOSED", "the database pool is not open")
    try:
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            yield connection
    except DATABASE_FAILURES as error:
        raise DatabaseUnavailableError("DATABASE_UNREACHABLE", "the database cannot be reached") from error
