"""The runner of migrations: what it applies, what it refuses, and that two of them never meet."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from verify_service.database import Connection, connected
from verify_service.embedded.server import DatabaseUrls
from verify_service.migrate import MigrationError, load_migrations, migrate, require_migrated

FILES = {
    "0001_people.sql": "create table person (name text not null); create table seen as select 1 as number;",
    "0002_ages.sql": "alter table person add column age integer;",
}
# The index is built without a lock on its table, outside any transaction.
CONCURRENT = "-- migrate: no-transaction\ncreate index concurrently if not exists person_age on person (age);"
SELECT_LOCK_TIMEOUT = "create table found as select current_setting('lock_timeout') as lock_timeout;"


@pytest.fixture
async def connection(empty_database: DatabaseUrls) -> AsyncIterator[Connection]:
    async with connected(empty_database.migration, "MIGRATION_DATABASE_URL") as connection:
        yield connection


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "migrations", FILES)


def write(folder: Path, files: Mapping[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, sql in files.items():
        (folder / name).write_text(sql)
    return folder


async def table_names(connection: Connection) -> set[str]:
    rows = await connection.fetch("select tablename::text from pg_tables where schemaname = 'public'")
    return {row["tablename"] for row in rows}


async def test_each_file_is_applied_once_and_in_order(connection: Connection, folder: Path) -> None:
    assert await migrate(connection, load_migrations(folder)) == list(FILES)
    assert await migrate(connection, load_migrations(folder)) == []
    assert await table_names(connection) == {"person", "seen", "schema_migration"}


async def test_the_projects_own_files_apply_to_an_empty_database(connection: Connection) -> None:
    files = load_migrations()

    assert await migrate(connection, files) == [file.file_name for file in files]
    await require_migrated(connection, files)


@pytest.mark.parametrize("last", ["select pg_sleep(0.5);", CONCURRENT])
async def test_of_two_runners_at_once_one_applies_and_the_other_finds_nothing_to_do(
    empty_database: DatabaseUrls, folder: Path, last: str
) -> None:
    files = load_migrations(write(folder, {"0003_last.sql": last}))

    async def run() -> list[str]:
        async with connected(empty_database.migration, "MIGRATION_DATABASE_URL") as connection:
            return await migrate(connection, files)

    assert sorted(map(len, await asyncio.gather(run(), run(), run()))) == [0, 0, 3]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"0002_ages.sql": "alter table person add column age bigint;"}, "MIGRATION_EDITED"),
        ({"0002_ages.sql": None}, "MIGRATION_VANISHED"),
        ({"0002_ages.sql": None, "0002_age.sql": "select 1;"}, "MIGRATION_EDITED"),
        ({"0000_late.sql": "select 1;"}, "MIGRATION_LATE"),
        ({"0002_again.sql": "select 1;"}, "MIGRATION_DUPLICATE"),
        ({"3_short.sql": "select 1;"}, "MIGRATION_NAME"),
        ({"0003-dash.sql": "select 1;"}, "MIGRATION_NAME"),
        ({"0003_next.sql": "select 1; select no_such_column;"}, "MIGRATION_FAILED"),
    ],
)
async def test_a_history_that_does_not_agree_is_refused_with_an_exit_status(
    connection: Connection, folder: Path, changes: dict[str, str | None], code: str
) -> None:
    await migrate(connection, load_migrations(folder))
    for name, sql in changes.items():
        if sql is None:
            (folder / name).unlink()
        else:
            (folder / name).write_text(sql)

    with pytest.raises(MigrationError) as refused:
        await migrate(connection, load_migrations(folder))

    assert (refused.value.code, refused.value.exit_code) == (code, 2)


async def test_of_a_failing_file_nothing_remains_and_those_before_it_stay(connection: Connection, folder: Path) -> None:
    write(folder, {"0003_half.sql": "create table half (word text); select 1 / 0;", "0004_after.sql": "select 1;"})

    with pytest.raises(MigrationError, match=r"0003_half\.sql was not applied: division by zero"):
        await migrate(connection, load_migrations(folder))

    assert await table_names(connection) == {"person", "seen", "schema_migration"}
    assert await connection.fetchval("select max(version) from schema_migration") == 2
    write(folder, {"0003_half.sql": "create table half (word text);"})
    assert await migrate(connection, load_migrations(folder)) == ["0003_half.sql", "0004_after.sql"]


async def test_a_failure_never_quotes_a_row(connection: Connection, folder: Path) -> None:
    write(
        folder,
        {"0003_unique.sql": "insert into person values ('王小明'), ('王小明'); create unique index on person (name);"},
    )

    with pytest.raises(MigrationError) as refused:
        await migrate(connection, load_migrations(folder))

    assert "王小明" not in refused.value.message


async def test_an_index_is_built_concurrently_outside_a_transaction(connection: Connection, folder: Path) -> None:
    await migrate(connection, load_migrations(write(folder, {"0003_index.sql": CONCURRENT})))

    assert await connection.fetchval("select indisvalid from pg_index where indexrelid = 'person_age'::regclass")


async def test_an_index_left_half_built_is_not_taken_for_done(connection: Connection, folder: Path) -> None:
    await migrate(connection, load_migrations(folder))
    await connection.execute("insert into person values ('one', 7), ('two', 7)")
    unique = CONCURRENT.replace("create index", "create unique index")
    files = load_migrations(write(folder, {"0003_index.sql": unique}))

    with pytest.raises(MigrationError, match="could not create unique index"):
        await migrate(connection, files)
    with pytest.raises(MigrationError, match="person_age was left half built"):
        await migrate(connection, files)

    await connection.execute("drop index person_age")
    await connection.execute("delete from person")
    assert await migrate(connection, files) == ["0003_index.sql"]


@pytest.mark.parametrize("first_line", ["", "-- migrate: no-transaction\n"])
async def test_every_file_gives_up_on_a_lock_after_four_seconds(
    connection: Connection, folder: Path, first_line: str
) -> None:
    write(folder, {"0003_setting.sql": first_line + SELECT_LOCK_TIMEOUT})

    await migrate(connection, load_migrations(folder))

    assert await connection.fetchval("select lock_timeout from found") == "4s"


async def test_a_reader_that_holds_a_table_makes_the_migration_fail_and_not_hang(
    empty_database: DatabaseUrls, connection: Connection, folder: Path
) -> None:
    await migrate(connection, load_migrations(folder))
    files = load_migrations(write(folder, {"0003_column.sql": "alter table person add column height integer;"}))

    async with connected(empty_database.migration, "MIGRATION_DATABASE_URL") as reader, reader.transaction():
        await reader.fetch("select name from person")
        with pytest.raises(MigrationError, match="lock timeout"):
            await migrate(connection, files)

    assert await migrate(connection, files) == ["0003_column.sql"]


async def test_tables_migrated_half_way_are_refused_to_every_role(
    connection: Connection, empty_database: DatabaseUrls
) -> None:
    files = load_migrations()
    await migrate(connection, files[:-1])  # the last one grants the ledger

    for url in (empty_database.operator, empty_database.web):
        async with connected(url, "DATABASE_URL") as other:
            with pytest.raises(MigrationError, match="verify-service migrate"):
                await require_migrated(other, files)


async def test_unmigrated_tables_are_refused_by_name_of_the_command(connection: Connection, folder: Path) -> None:
    files = load_migrations(folder)
    with pytest.raises(MigrationError, match="verify-service migrate"):
        await require_migrated(connection, files)

    await migrate(connection, files[:1])
    with pytest.raises(MigrationError, match="verify-service migrate"):
        await require_migrated(connection, files)

    await migrate(connection, files)
    await require_migrated(connection, files)
