"""A migrated database with keys, in a folder of its own that goes away afterwards."""

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from verify_service.cli.session import OperatorSession, operator_session
from verify_service.database import connected, lent_databases
from verify_service.embedded.server import DatabaseUrls
from verify_service.keys import service as keys
from verify_service.migrate import load_migrations, migrate
from verify_service.settings import Settings, load_settings

PUBLIC_URL = "http://127.0.0.1:8765"


@contextmanager
def ground() -> Iterator[tuple[Settings, DatabaseUrls]]:
    """Lend settings and connection strings of a fresh register."""
    folder = Path(tempfile.mkdtemp(prefix="verify-service-bench-"))
    folder.chmod(0o755)
    settings = load_settings({"VERIFY_SERVICE_DATA_DIR": str(folder), "VERIFY_SERVICE_PUBLIC_URL": PUBLIC_URL})
    try:
        with lent_databases(settings) as urls:
            asyncio.run(_prepare(settings, urls))
            yield settings, urls
    finally:
        shutil.rmtree(folder)


def as_operator(settings: Settings, urls: DatabaseUrls, job: Callable[[OperatorSession], Awaitable[None]]) -> None:
    """Run one job in an operator's session."""

    async def run() -> None:
        async with operator_session(settings, urls) as session:
            await job(session)

    asyncio.run(run())


async def _prepare(settings: Settings, urls: DatabaseUrls) -> None:
    async with connected(urls.migration, "MIGRATION_DATABASE_URL") as connection:
        await migrate(connection, load_migrations())
    async with operator_session(settings, urls) as session:
        await keys.initialise(session.connection, session.directory, settings.require_public_url(), session.actor)
