"""The register's main job, on databases of its own; a test that asks for `sample` finds it done on the sample data."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import WITH_ISSUER
from tests.databases import lent_database
from tests.office import Office
from verify_service.audit.model import Actor
from verify_service.cli.session import OperatorSession
from verify_service.credentials.service.desk import Desk
from verify_service.database import Connection
from verify_service.embedded.server import EmbeddedServer
from verify_service.key_directory import KeyDirectory
from verify_service.sealing.model import Secrets
from verify_service.settings import Settings


@pytest.fixture
def database_name(server: EmbeddedServer, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of this test alone, whose issuer has keys."""
    template = request.getfixturevalue("sample_template") if "sample" in request.fixturenames else WITH_ISSUER
    with lent_database(server, template) as name:
        yield name


@pytest.fixture
def sample(office: Office) -> Office:
    """The operator's office, with 60 and 16 certificates of the sample data issued."""
    return office


@pytest.fixture
def office(settings: Settings, tmp_path: Path) -> Office:
    return Office(settings, tmp_path)


@pytest.fixture
def secrets(settings: Settings) -> Secrets:
    return KeyDirectory(settings).require_secrets()


@pytest.fixture
async def desk(operator: Connection, settings: Settings, actor: Actor) -> Desk:
    return await OperatorSession(settings, operator, KeyDirectory(settings), actor).desk()
