"""Budgets at a lookup's own clock, on a clone of the register `published`."""

from collections.abc import AsyncIterator, Iterator, Mapping

import pytest

from tests.databases import lent_database
from tests.desks import lookup_desk
from tests.registers import Certificate
from verify_service.embedded.server import DatabaseUrls, EmbeddedServer
from verify_service.key_directory import KeyDirectory
from verify_service.lending import POINT_READS, Lender
from verify_service.lookups.service import Desk
from verify_service.settings import Settings

AT_ONCE = 50


@pytest.fixture
def database_name(server: EmbeddedServer, published_template: str) -> Iterator[str]:
    with lent_database(server, published_template) as name:
        yield name


@pytest.fixture
async def lender(database: DatabaseUrls) -> AsyncIterator[Lender]:
    lender = Lender(database.web, most=AT_ONCE, session=POINT_READS)
    await lender.open()
    yield lender
    await lender.close()


@pytest.fixture
def desk(settings: Settings) -> Desk:
    return lookup_desk(KeyDirectory(settings).require_secrets().index[0])


@pytest.fixture
def person(certificates: Mapping[str, Certificate]) -> Certificate:
    return certificates["valid"]
