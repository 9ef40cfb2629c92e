"""What every handler of the consoles is lent: connections of two roles, secrets, words, and lists that are kept."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from verify_service.consoles.kept_lists import KeptLists
from verify_service.consoles.visitors import Visitor
from verify_service.database import Connection
from verify_service.institution import Institution
from verify_service.key_directory import KeyDirectory
from verify_service.keys.service import require_genuine_secrets, require_secrets
from verify_service.lending import Lender, Loan
from verify_service.pages.views import SiteTexts
from verify_service.sealing.model import Secrets
from verify_service.settings import Settings

MOST_CONNECTIONS: Final = 8
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
        self.kept_lists = KeptLists()
        self._staff = Lender(console_url, most=MOST_CONNECTIONS)
        self._partners = Lender(portal_url, most=MOST_CONNECTIONS)

    async def open(self) -> None:
        """Connect to the database, refusing secrets that are not this register's."""
        await self._staff.open()
        await self._partners.open()
        async with self.connection() as connection:
            await self.secrets(connection)

    async def close(self) -> None:
        """Let go of it."""
        await self._staff.close()
        await self._partners.close()

    def connection(self) -> Loan:
        """Lend a connection under the consoles' role, for staff."""
        return self._staff.lend()

    @asynccontextmanager
    async def portal(self, visitor: Visitor) -> AsyncIterator[Connection]:
        """Lend a connection under the portal's role, in a transaction that sees the rows of this visitor's partner.

        The setting ends with the transaction: the next to be lent the connection sees nothing until it sets its own.
        """
        async with self._partners.lend() as connection, connection.transaction():
            await connection.execute(BIND_PARTNER, "" if visitor.partner_id is None else str(visitor.partner_id))
            yield connection

    async def secrets(self, connection: Connection) -> Secrets:
        """Return the secrets that sealing and finding people need, as they are now; refuse where one is missing."""
        states = await require_genuine_secrets(connection, self.directory.every_secret())
        return require_secrets(self.directory.require_secrets(), states)
