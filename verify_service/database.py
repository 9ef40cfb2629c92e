"""Connections for commands, which database they are to, and row ids."""

import secrets
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Final
from uuid import UUID

import asyncpg

from verify_service.embedded.server import DatabaseUrls, running_server
from verify_service.errors import UnavailableError, UsageError
from verify_service.settings import PREFIX, Settings

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]
else:
    Connection = asyncpg.Connection

CONNECT_SECONDS: Final = 10
DATABASE_FAILURES: Final = (
    OSError,  # refused connections; a TimeoutError is one too
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the server's farewell came between two steps of asyncpg's protocol
)
"""What a database raises that cannot be reached, or leaves in the middle of a word."""


@contextmanager
def lent_databases(settings: Settings) -> Iterator[DatabaseUrls]:
    """Lend connection strings: of the real server where `DATABASE_URL` names one, else of the embedded one."""
    if settings.database_url is None:
        with running_server(settings.data_dir) as server:
            yield server.urls()
        return
    yield DatabaseUrls(
        web=settings.database_url,
        operator=settings.operator_database_url or "",
        migration=settings.migration_database_url or "",
        signer=settings.signer_database_url or "",
        webhooks=settings.webhooks_database_url or "",
        console=settings.console_database_url or "",
        portal=settings.portal_database_url or "",
    )


@asynccontextmanager
async def connected(url: str, setting: str) -> AsyncIterator[Connection]:
    """Lend one connection for a command; `setting` is what the operator must set where the URL is empty."""
    if not url:
        raise UsageError("MISSING_SETTING", f"{PREFIX}{setting} is not set")
    try:
        connection = await asyncpg.connect(url, timeout=CONNECT_SECONDS)
    except (OSError, asyncpg.PostgresError, ValueError, TimeoutError) as error:
        raise UnavailableError(
            "DATABASE_UNREACHABLE", f"the database of {PREFIX}{setting} cannot be reached"
        ) from error
    try:
        yield connection
    finally:
        await connection.close()


def new_row_id() -> UUID:
    """Return a UUIDv7 (RFC 9562 §5.7): rows made together lie together in the index.

    Ids rise in the order they are made, also within a millisecond, whose fraction is in the next 12 bits (§6.2, method
    3): the people of a class keep the order of their roster, and get their certificate numbers in it.
    """
    milliseconds, nanoseconds = divmod(time.time_ns(), 1_000_000)
    fraction = nanoseconds * 4096 // 1_000_000
    value = milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | secrets.randbits(62)
    return UUID(int=value)
