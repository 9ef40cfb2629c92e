"""What partners' pages ask, on connections as the console lends them: the portal's role, bound to one partner."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from uuid import UUID

import pytest

from tests.databases import lent_database
from tests.office import Office
from tests.registers import PARTNERS
from verify_service.database import Connection, connected
from verify_service.embedded.server import DatabaseUrls, EmbeddedServer
from verify_service.key_directory import KeyDirectory
from verify_service.sealing.model import Secrets
from verify_service.settings import Settings

Lend = Callable[[], AbstractAsyncContextManager[Connection]]


@pytest.fixture
def database_name(server: EmbeddedServer, shared_template: str) -> Iterator[str]:
    """A clone of the register `shared`, of this test alone."""
    with lent_database(server, shared_template) as name:
        yield name


@pytest.fixture
def office(settings: Settings, tmp_path: Path) -> Office:
    return Office(settings, tmp_path)


@pytest.fixture
def secrets(settings: Settings) -> Secrets:
    return KeyDirectory(settings).require_secrets()


@pytest.fixture
async def partner(migration: Connection) -> UUID:
    """The partner whose pages are asked for."""
    return UUID(str(await migration.fetchval("select partner_id from partner where name = $1", PARTNERS[0])))


@pytest.fixture
async def other(migration: Connection) -> UUID:
    """The other partner of the register."""
    return UUID(str(await migration.fetchval("select partner_id from partner where name = $1", PARTNERS[1])))


@pytest.fixture
def lend(database: DatabaseUrls, partner: UUID) -> Lend:
    """Lends connections that are bound to `partner`."""

    @asynccontextmanager
    async def lend() -> AsyncIterator[Connection]:
        async with connected(database.portal, "PORTAL_DATABASE_URL") as connection, connection.transaction():
            await connection.execute("select set_config('verify_service.partner_id', $1, true)", str(partner))
            yield connection

    return lend


@pytest.fixture
async def bound(lend: Lend) -> AsyncIterator[Connection]:
    async with lend() as connection:
        yield connection
