"""The ground tests stand on: one embedded server a run, shared by all workers, and a database of its own for each test.

A test asks for `database`, or for a connection under a role: `operator`, `web`, `migration`, `superuser`. Where it also
asks for `key_dir` (or `settings`, which has one), the database is one whose issuer signs with those keys.
"""

import fcntl
import logging
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path
from typing import Any, Final

import hypothesis
import pytest
import structlog
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from tests.databases import administrate, lent_database, run_apart
from verify_service.audit.model import Actor
from verify_service.database import Connection, connected
from verify_service.embedded.cluster import database_statements
from verify_service.embedded.server import DatabaseUrls, EmbeddedServer, erase_server, running_server
from verify_service.key_directory import KeyDirectory
from verify_service.keys.service import initialise
from verify_service.migrate import load_migrations, migrate
from verify_service.settings import PREFIX, Settings

pytest_plugins = ("tests.registers", "tests.consoles", "tests.heads")

GROUND: Final = pytest.StashKey[Path]()
# Only for tests: a power cut may cost them everything.
UNSAFE_AND_FAST: Final = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "300",  # all workers share the server, and some tests ask by fifty connections at once
}
EMPTY: Final = "template1"
MIGRATED: Final = "migrated"
WITH_ISSUER: Final = "with_issuer"
PUBLIC_URL: Final = "http://127.0.0.1:8000"

# Two cores are shared with a database and other workers: time limits of single examples would only flicker.
hypothesis.settings.register_profile("tests", deadline=None, max_examples=200)
hypothesis.settings.load_profile("tests")


def pytest_configure(config: pytest.Config) -> None:
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]  # a developer's own settings may name a real database
    workerinput = getattr(config, "workerinput", None)
    if workerinput is not None:
        config.stash[GROUND] = Path(workerinput["ground"])
        return
    folder = Path(tempfile.mkdtemp(prefix="verify-service-tests-"))
    folder.chmod(0o755)  # as root, the server runs as a user who must get in
    config.stash[GROUND] = folder


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:  # noqa: ANN401  # xdist is untyped
    node.workerinput["ground"] = str(node.config.stash[GROUND])


def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput") or GROUND not in config.stash:
        return
    folder = config.stash[GROUND]
    if (folder / "data").exists():
        erase_server(folder / "data")
    shutil.rmtree(folder)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Under CI a test that skips has failed: nothing is left out for a tool that is missing."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI") == "true":
        report.outcome = "failed"
    return report


@pytest.fixture(scope="session")
def ground(pytestconfig: pytest.Config) -> Path:
    """A folder of this run that other users can reach."""
    return pytestconfig.stash[GROUND]


@pytest.fixture(scope="session")
def server(ground: Path) -> Iterator[EmbeddedServer]:
    """The server of this run, with its templates made."""
    with running_server(ground / "data", UNSAFE_AND_FAST) as server:
        with (ground / "templates.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (ground / "keys").exists():
                run_apart(_make_templates(server, ground / "unfinished-keys"))
                (ground / "unfinished-keys").rename(ground / "keys")
        yield server


@pytest.fixture
def database_name(server: EmbeddedServer, request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated database of this test alone."""
    with lent_database(server, WITH_ISSUER if "key_dir" in request.fixturenames else MIGRATED) as name:
        yield name


@pytest.fixture
def database(server: EmbeddedServer, database_name: str) -> DatabaseUrls:
    """Connection strings of `database_name`."""
    return server.urls(database_name)


@pytest.fixture
def issuer_database(database: DatabaseUrls, key_dir: Path) -> DatabaseUrls:
    """A database with an issuer, whose keys lie in `key_dir`."""
    return database


@pytest.fixture
def empty_database(server: EmbeddedServer) -> Iterator[DatabaseUrls]:
    """A database without any migration."""
    with lent_database(server, EMPTY) as name:
        yield server.urls(name)


@pytest.fixture
def key_dir(server: EmbeddedServer, ground: Path, tmp_path: Path) -> Path:
    """A copy of the issuer's keys: making them costs 600,000 rounds each, opening these copies next to nothing."""
    return Path(shutil.copytree(ground / "keys", tmp_path / "keys"))


@pytest.fixture
def settings(tmp_path: Path, key_dir: Path, issuer_database: DatabaseUrls) -> Settings:
    """Settings of a service whose database and keys are ready."""
    return Settings(
        data_dir=tmp_path,
        key_dir=key_dir,
        public_url=PUBLIC_URL,
        database_url=issuer_database.web,
        operator_database_url=issuer_database.operator,
        migration_database_url=issuer_database.migration,
        signer_database_url=issuer_database.signer,
    )


@pytest.fixture
def actor() -> Actor:
    return Actor("tester")


@pytest.fixture
async def operator(database: DatabaseUrls) -> AsyncIterator[Connection]:
    async with connected(database.operator, "OPERATOR_DATABASE_URL") as connection:
        yield connection


@pytest.fixture
async def web(database: DatabaseUrls) -> AsyncIterator[Connection]:
    async with connected(database.web, "DATABASE_URL") as connection:
        yield connection


@pytest.fixture
async def migration(database: DatabaseUrls) -> AsyncIterator[Connection]:
    async with connected(database.migration, "MIGRATION_DATABASE_URL") as connection:
        yield connection


@pytest.fixture
async def superuser(server: EmbeddedServer, database_name: str) -> AsyncIterator[Connection]:
    async with connected(server.url("postgres", database_name), "DATABASE_URL") as connection:
        yield connection


@pytest.fixture
def logging_restored() -> Iterator[None]:
    """For tests that configure logging: standard error is another one in the next test, and this one is closed."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers[:], root.level = handlers, level
    logging.getLogger("uvicorn.access").disabled = False


async def _make_templates(server: EmbeddedServer, key_dir: Path) -> None:
    shutil.rmtree(key_dir, ignore_errors=True)
    for name, template in ((MIGRATED, EMPTY), (WITH_ISSUER, MIGRATED)):
        # Another worker may have failed half-way.
        await administrate(server, f"drop database if exists {name}", *database_statements(name, template))
        if name == MIGRATED:
            async with connected(server.url("verify_service_migration", name), "MIGRATION_DATABASE_URL") as connection:
                await migrate(connection, load_migrations())
    async with connected(server.url("verify_service_operator", WITH_ISSUER), "OPERATOR_DATABASE_URL") as connection:
        directory = KeyDirectory(Settings(data_dir=key_dir.parent, key_dir=key_dir))
        await initialise(connection, directory, PUBLIC_URL, Actor("tests"))
    _ease_opening(key_dir, directory.passphrase())


def _ease_opening(key_dir: Path, passphrase: bytes) -> None:
    """Seal the private keys anew as OpenSSL would, with 2,048 rounds: every command that signs opens some.

    What keeps to 600,000 are the keys that tests make themselves.
    """
    sealing = BestAvailableEncryption(passphrase)
    for file in key_dir.glob("*.pem"):
        private_key = load_pem_private_key(file.read_bytes(), passphrase)
        file.write_bytes(private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealing))
