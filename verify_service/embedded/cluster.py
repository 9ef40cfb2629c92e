"""One cluster of PostgreSQL: made with its roles, passwords and database; started and stopped."""

import hashlib
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from verify_service.embedded.location import Location
from verify_service.embedded.programs import run_program, write_private
from verify_service.errors import UsageError

DATABASE: Final = "verify_service"
ROLES: Final = (
    "verify_service_console",
    "verify_service_migration",
    "verify_service_operator",
    "verify_service_portal",
    "verify_service_signer",
    "verify_service_web",
    "verify_service_webhooks",
)
OWNER: Final = "verify_service_migration"
ROLES_FILE: Final = Path(__file__).resolve().parents[2] / "ops" / "database" / "roles.sql"
PASSWORDS_FILE: Final = "database-passwords.json"
START_SECONDS: Final = 60
READY: Final = 0
REJECTING: Final = 1  # it is starting or stopping

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
    roles_digest: str = ""
    """SHA-256 of the roles' file as it was last run: a release may change what a role is, and bring none."""


def ensure_cluster(location: Location, data_dir: Path) -> Passwords:
    """Return the passwords of the cluster, which is made, with roles and database, where there is none yet."""
    file = data_dir / PASSWORDS_FILE
    if (location.cluster / "ready").exists():
        return _read_passwords(file, location)
    passwords = Passwords(
        secrets.token_urlsafe(24), {role: secrets.token_urlsafe(24) for role in ROLES}, _roles_digest()
    )
    _initialise(location, passwords)
    write_private(file, msgspec.json.encode(passwords))
    start(location, {})
    try:
        _make_database(location, passwords)
    finally:
        stop(location)
    run_program(location, "touch", str(location.cluster / "ready"))
    return passwords


def complete_roles(location: Location, passwords: Passwords, data_dir: Path) -> Passwords:
    """Make the roles that came, or changed, since this cluster was made; return the passwords of all.

    The server must be running.
    """
    missing = {role: secrets.token_urlsafe(24) for role in ROLES if role not in passwords.roles}
    if not missing and passwords.roles_digest == _roles_digest():
        return passwords
    complete = Passwords(passwords.superuser, passwords.roles | missing, _roles_digest())
    grants = (f"grant connect on database {DATABASE} to {role};" for role in missing)
    _psql(location, passwords.superuser, "\n".join((*_role_statements(missing), *grants)))
    write_private(data_dir / PASSWORDS_FILE, msgspec.json.encode(complete))
    return complete


def database_statements(name: str, template: str = "template1") -> tuple[str, ...]:
    """Return the statements that make a database which our roles, and nobody else, may enter."""
    return (
        f"create database {name} template {template} owner {OWNER};",
        # PUBLIC may also make temporary tables, which no role of ours needs.
        f"revoke all on database {name} from public;",
        f"grant connect on database {name} to {', '.join(role for role in ROLES if role != OWNER)};",
    )


def start(location: Location, settings: Mapping[str, str]) -> None:
    """Start the server and wait until it answers; `settings` go before ours."""
    options = _start_options(location, {**SERVER_SETTINGS, **settings})
    run_program(location, "pg_ctl", "start", "-w", "-D", str(location.cluster), *options)


def stop(location: Location) -> None:
    """Stop the server and wait until it has."""
    run_program(location, "pg_ctl", "stop", "--mode=fast", "-w", "-D", str(location.cluster))


def is_running(location: Location) -> bool:
    """Tell whether the server runs, whoever started it.

    Asked over its socket: after a power cut the process id it left behind may be somebody else's, whom `pg_ctl` would
    take for the server, and stop.
    """
    answered = run_program(location, "pg_isready", "-q", "-h", str(location.socket_folder), check=False)
    return answered in {READY, REJECTING}


def _read_passwords(file: Path, location: Location) -> Passwords:
    try:
        return msgspec.json.decode(file.read_bytes(), type=Passwords)
    except (OSError, msgspec.DecodeError):
        # As root the database may lie elsewhere, and outlives a DATA_DIR deleted by hand.
        raise UsageError(
            "DATABASE_PASSWORDS",
            f"{file} cannot be read, but its database stands in {location.cluster}: restore or remove",
        ) from None


def _initialise(location: Location, passwords: Passwords) -> None:
    # A cluster without its mark "ready" was interrupted while being made and holds no data yet.
    if is_running(location):
        stop(location)
    for leftover in location.cluster.iterdir():
        run_program(location, "rm", "-rf", str(leftover))
    password_file = location.socket_folder / "superuser-password"
    write_private(password_file, passwords.superuser.encode())
    if location.account is not None:
        os.chown(password_file, location.account.user_id, location.account.group_id)
    try:
        run_program(
            location,
            *("initdb", "-D", str(location.cluster), "--username=postgres", f"--pwfile={password_file}"),
            *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"),
        )
    finally:
        password_file.unlink()


def _make_database(location: Location, passwords: Passwords) -> None:
    statements = (*_role_statements(passwords.roles), *database_statements(DATABASE))
    _psql(location, passwords.superuser, "\n".join(statements))


def _role_statements(passwords: Mapping[str, str]) -> tuple[str, ...]:
    # Generated by token_urlsafe: no quote can occur in a password.
    settings = (f"alter role {role} password '{password}';" for role, password in passwords.items())
    return (ROLES_FILE.read_text(encoding="utf-8"), *settings)


def _roles_digest() -> str:
    return hashlib.sha256(ROLES_FILE.read_bytes()).hexdigest()


def _psql(location: Location, password: str, sql: str) -> None:
    arguments = ("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-d", "postgres")
    # Terse: an error would otherwise quote the statement, and with it a password.
    terse_over_socket = ("-v", "VERBOSITY=terse", "-h", str(location.socket_folder))
    run_program(location, *arguments, *terse_over_socket, stdin=sql, password=password)


def _start_options(location: Location, settings: Mapping[str, str]) -> tuple[str, ...]:
    # pg_ctl hands -o to a shell; our settings are constants, the folder is quoted.
    options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
    folder = str(location.socket_folder).replace("'", "'\\''")
    return (
        *("-t", str(START_SECONDS), "-l", str(location.cluster / "server.log")),
        *("-o", f"-k '{folder}' {options}"),
    )
