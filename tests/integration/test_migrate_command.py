"""`verify-service migrate` as an operator runs it: beside a server in use, twice at once, and with an exit status."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from verify_service.database import connected
from verify_service.embedded.server import DatabaseUrls, erase_server, running_server
from verify_service.migrate import load_migrations

FILE_NAMES = [migration.file_name for migration in load_migrations()]


def start_migrate(**settings: str) -> subprocess.Popen[str]:
    environment = {**os.environ, **{f"VERIFY_SERVICE_{name}": value for name, value in settings.items()}}
    command = [sys.executable, "-m", "verify_service", "migrate"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603  # ourselves


def migrate_with(urls: DatabaseUrls) -> tuple[int, str, str]:
    """Return exit status, output and errors of one run against a server that settings name."""
    with start_migrate(DATABASE_URL=urls.web, MIGRATION_DATABASE_URL=urls.migration) as process:
        output, errors = process.communicate(timeout=60)
        return process.returncode, output, errors


def execute(url: str, statement: str) -> None:
    async def run() -> None:
        async with connected(url, "MIGRATION_DATABASE_URL") as connection:
            await connection.execute(statement)

    asyncio.run(run())


@pytest.fixture
def data_dir(ground: Path, tmp_path: Path) -> Iterator[Path]:
    folder = ground / f"{tmp_path.name}-{os.getpid()}"
    yield folder
    erase_server(folder)


def test_two_at_once_beside_a_server_in_use_both_succeed_and_one_applies(data_dir: Path) -> None:
    with (
        running_server(data_dir),
        start_migrate(DATA_DIR=str(data_dir)) as first,
        start_migrate(DATA_DIR=str(data_dir)) as second,
    ):
        outputs = [process.communicate(timeout=60) for process in (first, second)]

    assert [first.returncode, second.returncode] == [0, 0], outputs
    applied = "".join(f"applied {name}\n" for name in FILE_NAMES)
    assert sorted(output for output, _ in outputs) == [applied, "nothing to do\n"]


def test_a_real_server_is_migrated_by_its_url(empty_database: DatabaseUrls) -> None:
    assert migrate_with(empty_database)[:2] == (0, "".join(f"applied {name}\n" for name in FILE_NAMES))
    assert migrate_with(empty_database)[:2] == (0, "nothing to do\n")


def test_an_edited_history_exits_2_and_says_which_file(database: DatabaseUrls) -> None:
    execute(database.migration, "update schema_migration set sha256 = 'another' where version = 3")

    status, _, errors = migrate_with(database)

    assert status == 2
    assert FILE_NAMES[2] in errors
    assert "Traceback" not in errors


def test_a_failed_migration_exits_2_and_leaves_nothing(empty_database: DatabaseUrls) -> None:
    execute(empty_database.migration, "create table audit_event (in_the_way integer)")

    status, _, errors = migrate_with(empty_database)

    assert status == 2
    assert FILE_NAMES[0] in errors
    assert "Traceback" not in errors
    # `approval` stands before it in the same file.
    execute(empty_database.migration, "create table approval (is_free integer)")


@pytest.mark.parametrize(
    ("settings", "status", "named"),
    [
        ({"DATABASE_URL": "postgresql://web:secret@127.0.0.1:1/none"}, 2, "MIGRATION_DATABASE_URL is not set"),
        (
            {"DATABASE_URL": "postgresql://x/", "MIGRATION_DATABASE_URL": "mysql://x:secret@y/"},
            2,
            "MIGRATION_DATABASE_URL",
        ),
        (
            {"DATABASE_URL": "postgresql://x/", "MIGRATION_DATABASE_URL": "postgresql://x:secret@127.0.0.1:1/none"},
            4,
            "MIGRATION_DATABASE_URL cannot be reached",
        ),
    ],
)
def test_without_a_usable_database_it_says_which_setting_in_one_line(
    settings: dict[str, str], status: int, named: str
) -> None:
    with start_migrate(**settings) as process:
        _, errors = process.communicate(timeout=60)

    assert process.returncode == status
    assert named in errors
    assert len(errors.strip().splitlines()) == 1
    assert "secret" not in errors
