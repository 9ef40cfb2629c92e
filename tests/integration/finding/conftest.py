"""A register with certificates in every state, under the role of the consoles."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.databases import lent_database
from verify_service.database import Connection, connected
from verify_service.embedded.server import DatabaseUrls, EmbeddedServer
from verify_service.key_directory import KeyDirectory
from verify_service.sealing.model import Secrets
from verify_service.settings import Settings


@pytest.fixture
def database_name(server: EmbeddedServer, published_template: str) -> Iterator[str]:
    """A clone of the register `published`, of this test alone."""
    with lent_database(server, published_template) as name:
        yield name


@pytest.fixture
async def console_role(database: DatabaseUrls) -> AsyncIterator[Connection]:
    async with connected(database.console, "CONSOLE_DATABASE_URL") as connection:
        yield connection


@pytest.fixture
def secrets(settings: Settings) -> Secrets:
    return KeyDirectory(settings).require_secrets()
