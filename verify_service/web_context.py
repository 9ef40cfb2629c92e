"""What every request handler is lent: made once at start, holding no private signing key and no subject secret."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from verify_service.database import ACQUIRE_SECONDS, DATABASE_FAILURES, Connection, Pool, open_pool
from verify_service.errors import UnavailableError
from verify_service.pages.views import SiteTexts
from verify_service.sealing.model import SecretKey
from verify_service.settings import Settings
from verify_service.trust import Trust


class WebContext:
    """The web process: its settings, its database pool, the secret lookups need, and whose signatures count."""

    def __init__(
        self, settings: Settings, database_url: str, *, index_secret: SecretKey, trust: Trust, site: SiteTexts
    ) -> None:
        self.settings = settings
        self.public_url = settings.require_public_url()
        self.index_secret = index_secret
        self.trust = trust
        self.site = site
        self.status_lists: dict[tuple[str, int], bytes] = {}
        """What was served last, by purpose and number, for when the database is down."""
        self._database_url = database_url
        self._pool: Pool | None = None

    async def open(self) -> None:
        """Open the pool."""
        self._pool = await open_pool(self._database_url)

    async def close(self) -> None:
        """Close the pool."""
        if self._pool is not None:
            await self._pool.close()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """Lend a connection for one request; whatever the database does wrong becomes `UnavailableError`."""
        if self._pool is None:
            raise UnavailableError("DATABASE_CLOSED", "the database pool is not open")
        try:
            async with self._pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
                yield connection
        except DATABASE_FAILURES as error:
            raise UnavailableError("DATABASE_UNREACHABLE", "the database cannot be reached") from error
