"""The public side over HTTP: in this process for what it answers, as a process of its own for how it runs.

`client` asks a service on the register `published`, which nobody changes. A test that asks for `settings` has a clone
of that register to itself.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from litestar.testing import AsyncTestClient
from litestar.types import ASGIApp

from tests.databases import lent_database, run_apart
from verify_service.app import create_app
from verify_service.embedded.server import EmbeddedServer
from verify_service.settings import Settings

Client = AsyncTestClient[ASGIApp]
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@asynccontextmanager
async def asking(settings: Settings) -> AsyncIterator[Client]:
    """Lend a client of a service with these settings; a fault of the service is answered with 500, as by a server."""
    assert settings.database_url is not None
    async with _client_of(await create_app(settings, settings.database_url)) as client:
        yield client


def _client_of(app: ASGIApp) -> Client:
    return AsyncTestClient(app, raise_server_exceptions=False)


@pytest.fixture(scope="session")
def site_app(site: Settings) -> ASGIApp:
    """The service on `site`, which each test starts and ends anew: putting it together takes longer than most ask."""
    assert site.database_url is not None
    return run_apart(create_app(site, site.database_url))


@pytest.fixture
async def client(site_app: ASGIApp) -> AsyncIterator[Client]:
    async with _client_of(site_app) as client:
        yield client


@pytest.fixture
def database_name(server: EmbeddedServer, published_template: str) -> Iterator[str]:
    """A clone of the register `published`, of this test alone."""
    with lent_database(server, published_template) as name:
        yield name
