"""Applies `migrations/NNNN_what.sql` in order, each once, and refuses a history that was tampered with.

Compared with four tools (ops/decisions/0005), the only one that exits non-zero on a failure, notices an
edited file, and lets a second runner wait instead of fail.
"""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import asyncpg
import msgspec

from verify_service.database import Connection
from verify_service.errors import ServiceError

MIGRATIONS: Final = Path(__file__).resolve().parent.parent / "migrations"
FILE_NAME: Final = re.compile(r"^([0-9]{4})_[a-z0-9_]+\.sql$")
NO_TRANSACTION: Final = "-- migrate: no-transaction"
# Any 64-bit number that nothing else locks: the first eight bytes of SHA-256("verify-service migrations").
ADVISORY_LOCK: Final = int.from_bytes(hashlib.sha256(b"verify-service migrations").digest()[:8], "big", signed=True)
RETRY_SECONDS: Final = 0.2

CREATE_LEDGER: Final = """
create table if not exists schema_migration (
    version integer constraint schema_migration_pkey primary key,
    file_name text not null,
    sha256 bytea not null,
    applied_at timestamptz not null default now()
)
"""
SELECT_LEDGER: Final = "select version, file_name, sha256 from schema_migration order by version"
INSERT_LEDGER: Final = "insert into schema_migration (version, file_name, sha256) values ($1, $2, $3)"
TRY_LOCK: Final = "select pg_try_advisory_lock($1)"
UNLOCK: Final = "select pg_advisory_unlock($1)"
SELECT_INVALID_INDEX: Final = "select indexrelid::regclass::text from pg_index where not indisvalid limit 1"


class MigrationError(ServiceError):
    """The files and the database's history do not agree, or a migration failed; nothing of it remains."""

    exit_code = 2


class Migration(msgspec.Struct, frozen=True):
    """One file of `migrations/`."""

    version: int
    file_name: str
    sql: str
    sha256: bytes


def load_migrations(folder: Path = MIGRATIONS) -> tuple[Migration, ...]:
    """Return the files in order; raise `MigrationError` for a misnamed file or two with one number."""
    found: dict[int, Migration] = {}
    for path in sorted(folder.glob("*.sql")):
        match = FILE_NAME.match(path.name)
        if match is None:
            raise MigrationError("MIGRATION_NAME", f"{path.name}: migrations are named NNNN_what.sql")
        version, data = int(match[1]), path.read_bytes()
        if version in found:
            raise MigrationError("MIGRATION_DUPLICATE", f"{path.name} and {found[version].file_name} share a number")
        found[version] = Migration(version, path.name, data.decode("utf-8"), hashlib.sha256(data).digest())
    return tuple(found.values())


async def migrate(connection: Connection, migrations: Sequence[Migration]) -> list[str]:
    """Apply what is missing and return its file names; a second runner waits and then finds nothing to do."""
    async with _alone(connection):
        await connection.execute(CREATE_LEDGER)
        pending = _pending(migrations, await connection.fetch(SELECT_LEDGER))
        for migration in pending:
            await _apply(connection, migration)
    return [migration.file_name for migration in pending]


async def require_migrated(connection: Connection, migrations: Sequence[Migration]) -> None:
    """Raise `MigrationError` unless every file has been applied: old tables never meet new code silently."""
    try:
        ledger = await connection.fetch(SELECT_LEDGER)
    except (asyncpg.UndefinedTableError, asyncpg.InsufficientPrivilegeError):  # the last file grants the ledger
        ledger = []
    if _pending(migrations, ledger):
        raise MigrationError("MIGRATIONS_PENDING", "the database is not migrated: run `verify-service migrate`")


@asynccontextmanager
async def _alone(connection: Connection) -> AsyncIterator[None]:
    # Asked again and again, never waited for: a statement that waits holds a snapshot, and CREATE INDEX CONCURRENTLY
    # in the first runner waits for every older snapshot. The two would deadlock.
    while not await connection.fetchval(TRY_LOCK, ADVISORY_LOCK):  # noqa: ASYNC110  # the lock is another machine's
        await asyncio.sleep(RETRY_SECONDS)
    try:
        yield
    finally:
        await connection.execute(UNLOCK, ADVISORY_LOCK)


def _pending(migrations: Sequence[Migration], ledger: Sequence[asyncpg.Record]) -> list[Migration]:
    files = {migration.version: migration for migration in migrations}
    applied = {row["version"]: row for row in ledger}
    for version, row in applied.items():
        if version not in files:
            raise MigrationError("MIGRATION_VANISHED", f"{row['file_name']} was applied but its file is gone")
        if files[version].sha256 != row["sha256"]:
            raise MigrationError("MIGRATION_EDITED", f"{files[version].file_name} was edited after it was applied")
    newest = max(applied, default=0)
    pending = [migration for version, migration in files.items() if version not in applied]
    for migration in pending:
        if migration.version < newest:
            raise MigrationError("MIGRATION_LATE", f"{migration.file_name} comes before {newest:04}, already applied")
    return pending


async def _apply(connection: Connection, migration: Migration) -> None:
    try:
        if migration.sql.startswith(NO_TRANSACTION):
            await _apply_statement(connection, migration)
            return
        async with connection.transaction():
            await connection.execute("set local lock_timeout = '4s'")
            await connection.execute(migration.sql)
            await _add_to_ledger(connection, migration)
    except asyncpg.PostgresError as error:
        # The first argument alone: the text of the whole error has DETAIL lines, which quote row values.
        raise MigrationError("MIGRATION_FAILED", f"{migration.file_name} was not applied: {error.args[0]}") from error


async def _apply_statement(connection: Connection, migration: Migration) -> None:
    """Run what refuses a transaction (CREATE INDEX CONCURRENTLY): one idempotent statement a file."""
    await connection.execute("set lock_timeout = '4s'")
    await connection.execute(migration.sql)
    # One that was interrupted leaves an index nobody uses, and IF NOT EXISTS then passes over it.
    invalid = await connection.fetchval(SELECT_INVALID_INDEX)
    if invalid is not None:
        raise MigrationError(
            "MIGRATION_INVALID_INDEX", f"{migration.file_name}: {invalid} was left half built: drop it and run again"
        )
    await _add_to_ledger(connection, migration)


async def _add_to_ledger(connection: Connection, migration: Migration) -> None:
    await connection.execute(INSERT_LEDGER, migration.version, migration.file_name, migration.sha256)
