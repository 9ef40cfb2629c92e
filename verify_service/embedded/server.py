"""Starting, sharing and stopping the embedded server.

Any number of our processes may use it at once (a running `serve` and the command line beside it). Each holds a shared
lock; whoever leaves last stops the server. Locks vanish with their process, so a killed one is never waited for.
"""

import fcntl
import os
import secrets
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final
from urllib.parse import quote

import msgspec

from verify_service.embedded.location import Location, locate
from verify_service.errors import UnavailableError

DATABASE: Final = "verify_service"
ROLES: Final = ("verify_service_migration", "verify_service_operator", "verify_service_web")
ROLES_FILE: Final = Path(__file__).resolve().parents[2] / "ops" / "database" / "roles.sql"
START_SECONDS: Final = 60

SERVER_SETTINGS: Final[Mapping[str, str]] = {
    "listen_addresses": "",  # the Unix socket only: nothing on this machine's network
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_error_verbosity": "terse",  # DETAIL lines quote row values
    "log_parameter_max_length_on_error": "0",
    "shared_buffers": "128MB",
}


class Passwords(msgspec.Struct, frozen=True):
    """The generated password of each role, kept in `DATA_DIR/database-passwords.json` (0600)."""

    superuser: str
    roles: dict[str, str]


class DatabaseUrls(msgspec.Struct, frozen=True):
    """Connection strings of the three roles."""

    web: str
    operator: str
    migration: str


class EmbeddedServer(msgspec.Struct, frozen=True):
    """A running embedded server."""

    location: Location
    passwords: Passwords

    def url(self, role: str, database: str = DATABASE) -> str:
        """Return the connection string of one role over the Unix socket."""
        password = self.passwords.superuser if role == "postgres" else self.passwords.roles[role]
        return f"postgresql://{role}:{password}@/{database}?host={quote(str(self.location.socket_folder), safe='')}"

    def urls(self, database: str = DATABASE) -> DatabaseUrls:
        """Return the connection strings of the three roles."""
        migration, operator, web = (self.url(role, database) for role in ROLES)
        return DatabaseUrls(web=web, operator=operator, migration=migration)


@contextmanager
def running_server(data_dir: Path, server_settings: Mapping[str, str] | None = None) -> Iterator[EmbeddedServer]:
    """Lend the server of `data_dir`: made and started when needed, stopped by whoever leaves last."""
    location = locate(data_dir)
    with (data_dir / "database.users").open("a") as users:
        with _exclusive(data_dir):
            fcntl.flock(users, fcntl.LOCK_SH)
            passwords = _ensure_cluster(location, data_dir)
            server = EmbeddedServer(location, passwords)
            _ensure_running(server, {**SERVER_SETTINGS, **(server_settings or {})})
        try:
            yield server
        finally:
            with _exclusive(data_dir):
                _stop_if_last(users, location)


@contextmanager
def _exclusive(data_dir: Path) -> Iterator[None]:
    """Only one process at a time makes, starts or stops the server."""
    with (data_dir / "database.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _stop_if_last(users: IO[str], location: Location) -> None:
    fcntl.flock(users, fcntl.LOCK_UN)
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    _run(location, "pg_ctl", "stop", "--mode=fast", "-w", "-D", str(location.cluster))


def _ensure_cluster(location: Location, data_dir: Path) -> Passwords:
    file = data_dir / "database-passwords.json"
    if (location.cluster / "ready").exists():
        return msgspec.json.decode(file.read_bytes(), type=Passwords)
    passwords = Passwords(secrets.token_urlsafe(24), {role: secrets.token_urlsafe(24) for role in ROLES})
    _initialise(location, passwords)
    _write_private(file, msgspec.json.encode(passwords))
    _run(location, "pg_ctl", "start", "-w", "-D", str(location.cluster), *_start_options(location, SERVER_SETTINGS))
    try:
        _make_database(EmbeddedServer(location, passwords))
    finally:
        _run(location, "pg_ctl", "stop", "--mode=fast", "-w", "-D", str(location.cluster))
    _run(location, "touch", str(location.cluster / "ready"))
    return passwords


def _initialise(location: Location, passwords: Passwords) -> None:
    # A cluster without its mark "ready" was interrupted while being made and holds no data yet.
    for leftover in location.cluster.iterdir():
        _run(location, "rm", "-rf", str(leftover))
    password_file = location.socket_folder / "superuser-password"
    _write_private(password_file, passwords.superuser.encode())
    if location.account is not None:
        os.chown(password_file, location.account.user_id, location.account.group_id)
    try:
        _run(
            location,
            *("initdb", "-D", str(location.cluster), "--username=postgres", f"--pwfile={password_file}"),
            *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"),
        )
    finally:
        password_file.unlink()


def _make_database(server: EmbeddedServer) -> None:
    statements = [ROLES_FILE.read_text(encoding="utf-8")]
    # Generated by token_urlsafe: no quote can occur in a password.
    statements += [f"alter role {role} password '{password}';" for role, password in server.passwords.roles.items()]
    _psql(server, "postgres", "\n".join(statements))
    _psql(server, "postgres", f"create database {DATABASE} owner verify_service_migration;")
    _psql(server, "postgres", f"revoke connect on database {DATABASE} from public;")
    _psql(
        server,
        "postgres",
        f"grant connect on database {DATABASE} to verify_service_operator, verify_service_web;",
    )


def _psql(server: EmbeddedServer, database: str, sql: str) -> None:
    arguments = ("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-d", database)
    socket = ("-h", str(server.location.socket_folder))
    _run(server.location, *arguments, *socket, stdin=sql, password=server.passwords.superuser)


def _ensure_running(server: EmbeddedServer, settings: Mapping[str, str]) -> None:
    location = server.location
    if _run(location, "pg_ctl", "status", "-D", str(location.cluster), check=False) == 0:
        return
    _run(location, "pg_ctl", "start", "-w", "-D", str(location.cluster), *_start_options(location, settings))


def _start_options(location: Location, settings: Mapping[str, str]) -> tuple[str, ...]:
    # pg_ctl hands -o to a shell; our settings are constants, the folder is quoted.
    options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
    folder = str(location.socket_folder).replace("'", "'\\''")
    return (
        *("-t", str(START_SECONDS), "-l", str(location.cluster / "server.log")),
        *("-o", f"-k '{folder}' {options}"),
    )


def _run(
    location: Location, program: str, *arguments: str, check: bool = True, stdin: str = "", password: str = ""
) -> int:
    """Run one of the server's programs (or a plain system one) as the server's user; its output goes into our error."""
    path = location.programs / program
    account = location.account
    quiet = subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE  # a started server would keep a pipe open
    done = subprocess.run(  # noqa: S603  # our own programs with our own arguments
        [str(path) if path.exists() else program, *arguments],
        cwd=location.cluster,
        user=account.user_id if account else None,
        group=account.group_id if account else None,
        extra_groups=[] if account else None,
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "PGPASSWORD": password},
        input=stdin,
        stdout=quiet,
        stderr=quiet,
        text=True,
        check=False,
    )
    if check and done.returncode != 0:
        detail = (done.stderr or "").strip().splitlines()[-1:] or [f"see {location.cluster / 'server.log'}"]
        raise UnavailableError("DATABASE_START", f"{program} failed ({done.returncode}): {detail[0]}")
    return done.returncode


def _write_private(file: Path, data: bytes) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
