"""Sharing the embedded server.

Any number of our processes may use it at once (a running `serve` and the command line beside it). Each holds a shared
lock; whoever leaves last stops the server. Locks vanish with their process, so a killed one is never waited for.
"""

import fcntl
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final
from urllib.parse import quote

import msgspec

from verify_service.embedded.cluster import (
    DATABASE,
    PASSWORDS_FILE,
    ROLES,
    Passwords,
    complete_roles,
    ensure_cluster,
    is_running,
    start,
    stop,
)
from verify_service.embedded.location import Location, locate
from verify_service.errors import ConflictError

USERS_FILE: Final = "database.users"
ROLE_PREFIX: Final = "verify_service_"


class DatabaseUrls(msgspec.Struct, frozen=True):
    """Connection strings of the seven roles."""

    web: str
    operator: str
    migration: str
    signer: str
    webhooks: str = ""
    console: str = ""
    portal: str = ""


class EmbeddedServer(msgspec.Struct, frozen=True):
    """A running embedded server."""

    location: Location
    passwords: Passwords

    def url(self, role: str, database: str = DATABASE) -> str:
        """Return the connection string of one role over the Unix socket."""
        password = self.passwords.superuser if role == "postgres" else self.passwords.roles[role]
        return f"postgresql://{role}:{password}@/{database}?host={quote(str(self.location.socket_folder), safe='')}"

    def urls(self, database: str = DATABASE) -> DatabaseUrls:
        """Return the connection strings of the seven roles."""
        names = [role.removeprefix(ROLE_PREFIX) for role in ROLES]
        return DatabaseUrls(**{name: self.url(ROLE_PREFIX + name, database) for name in names})


@contextmanager
def running_server(data_dir: Path, server_settings: Mapping[str, str] | None = None) -> Iterator[EmbeddedServer]:
    """Lend the server of `data_dir`: made and started when needed, stopped by whoever leaves last."""
    with _users(data_dir) as users:
        with _exclusive(data_dir):
            fcntl.flock(users, fcntl.LOCK_SH)
            location = locate(data_dir)
            passwords = ensure_cluster(location, data_dir)
            if not is_running(location):
                start(location, server_settings or {})
            server = EmbeddedServer(location, complete_roles(location, passwords, data_dir))
        try:
            yield server
        finally:
            with _exclusive(data_dir):
                _stop_if_last(users, location)


def erase_server(data_dir: Path) -> None:
    """Delete the server of `data_dir` with everything in it, wherever it lies; refuse while anybody uses it."""
    with _users(data_dir) as users, _exclusive(data_dir):
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConflictError("DATABASE_IN_USE", f"the database of {data_dir} is in use: stop what uses it") from None
        location = locate(data_dir)
        if is_running(location):  # left so by a process that was killed
            stop(location)
        for folder in (location.cluster, location.socket_folder):
            shutil.rmtree(folder)
        (data_dir / PASSWORDS_FILE).unlink(missing_ok=True)
        if location.cluster.parent != data_dir:
            location.cluster.parent.rmdir()


def _users(data_dir: Path) -> IO[str]:
    data_dir.mkdir(mode=0o755, parents=True, exist_ok=True)
    return (data_dir / USERS_FILE).open("a")


@contextmanager
def _exclusive(data_dir: Path) -> Iterator[None]:
    """Only one process at a time locates, makes, starts or stops the server: the first one makes folders and user."""
    with (data_dir / "database.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _stop_if_last(users: IO[str], location: Location) -> None:
    fcntl.flock(users, fcntl.LOCK_UN)
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    if is_running(location):
        stop(location)
