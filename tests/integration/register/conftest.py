"""The register's main job, on databases of its own; a test that asks for `sample` finds it done on the sample data."""

import fcntl
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import PUBLIC_URL, WITH_ISSUER
from tests.databases import administrate, lent_database, run_apart
from tests.integration.register.office import Office
from verify_service.audit.model import Actor
from verify_service.cli.session import OperatorSession
from verify_service.credentials.service.desk import Desk
from verify_service.database import Connection
from verify_service.embedded.cluster import database_statements
from verify_service.embedded.server import EmbeddedServer
from verify_service.key_directory import KeyDirectory
from verify_service.sealing.model import Secrets
from verify_service.settings import Settings

SAMPLE = "sample"


@pytest.fixture(scope="session")
def sample_template(server: EmbeddedServer, ground: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database in which both sample classes are enrolled, examined and issued to; made once, then only cloned."""
    with (ground / "sample.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (ground / "sample.made").exists():
            run_apart(
                administrate(server, f"drop database if exists {SAMPLE}", *database_statements(SAMPLE, WITH_ISSUER))
            )
            office = Office(_settings(server, SAMPLE, ground / "keys"), tmp_path_factory.mktemp("sample"))
            for cohort in ("operator", "host"):
                assert [ran.code for ran in office.import_sample(cohort)] == [0, 0]
                assert office.issue(cohort).code == 0
            (ground / "sample.made").touch()
    return SAMPLE


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
    return KeyDirectory(settings).require_secrets(with_subject=True)


@pytest.fixture
async def desk(operator: Connection, settings: Settings, actor: Actor) -> Desk:
    return await OperatorSession(settings, operator, KeyDirectory(settings), actor).desk()


def _settings(server: EmbeddedServer, database: str, key_dir: Path) -> Settings:
    urls = server.urls(database)
    return Settings(
        data_dir=key_dir.parent,
        key_dir=key_dir,
        public_url=PUBLIC_URL,
        database_url=urls.web,
        operator_database_url=urls.operator,
        migration_database_url=urls.migration,
    )
