"""Where processes of ours listen for each other: a Unix socket in a folder of its own, one listener at each."""

import fcntl
import grp
import hashlib
import os
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from verify_service.embedded.location import SOCKET_PATH_MAX_BYTES, short_enough
from verify_service.errors import ConflictError, UsageError
from verify_service.settings import PREFIX

PROBE_SECONDS: Final = 1.0


class Endpoint(msgspec.Struct, frozen=True):
    """Where one process listens."""

    name: str
    """Of the process, `signer` or `console`: in its messages, and in capitals in their codes and its settings."""
    path: Path
    group: str | None = None
    """The system group whose members may connect too; None: only the user it runs as."""

    @property
    def group_id(self) -> int | None:
        """Return the number of the group, or None; refuse one this system does not have."""
        if self.group is None:
            return None
        try:
            return grp.getgrnam(self.group).gr_gid
        except KeyError:
            raise UsageError("BAD_SETTING", f"{PREFIX}{self.code}_GROUP names no group of this system") from None

    @property
    def code(self) -> str:
        """Return the name as codes and settings begin with it."""
        return self.name.upper()


def default_path(data_dir: Path, name: str) -> Path:
    """Return where a process of this name listens unless a setting says otherwise: in a folder of its own."""
    digest = hashlib.sha256(os.fsencode(data_dir.resolve())).hexdigest()[:16]
    socket_name = f"{name}.sock"
    return short_enough(data_dir / name, socket_name, f"verify-service-{name}-{digest}") / socket_name


def is_listening(path: Path) -> bool:
    """Tell whether somebody listens there, be it a process of another user that does not let us in."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(PROBE_SECONDS)
        try:
            probe.connect(str(path))
        except (PermissionError, TimeoutError, BlockingIOError):
            return True
        except OSError:
            return False
    return True


@contextmanager
def listening_socket(endpoint: Endpoint) -> Iterator[socket.socket]:
    """Lend a bound socket that others of this user, or of the group, may connect to once it listens.

    A lock and not the socket's file says who listens: the file of a killed process stays, its lock does not.
    """
    path, group = endpoint.path, endpoint.group_id
    if len(os.fsencode(path)) > SOCKET_PATH_MAX_BYTES:
        message = f"{PREFIX}{endpoint.code}_SOCKET is longer than {SOCKET_PATH_MAX_BYTES} bytes"
        raise UsageError("BAD_SETTING", message)
    try:
        _prepare_folder(endpoint, group)
        with path.with_suffix(".lock").open("a") as lock:
            _lock(lock.fileno(), endpoint)
            path.unlink(missing_ok=True)
            with socket.socket(socket.AF_UNIX) as listener:
                _bind(listener, path, group)
                try:
                    yield listener
                finally:
                    path.unlink(missing_ok=True)
    except OSError as error:
        message = f"the {endpoint.name} cannot listen at {path}: {error.strerror}"
        raise UsageError(f"{endpoint.code}_SOCKET", message) from None


def _prepare_folder(endpoint: Endpoint, group: int | None) -> None:
    folder = endpoint.path.parent
    try:
        folder.mkdir(mode=0o700, parents=True)
        if group is not None:
            os.chown(folder, -1, group)
            folder.chmod(0o750)
    except FileExistsError:
        pass
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        # Whoever may write there could put a socket of their own in the place of ours.
        message = f"{folder} is not ours alone to write in: remove it, or set {endpoint.code}_SOCKET"
        raise UsageError(f"{endpoint.code}_FOLDER", message)


def _lock(descriptor: int, endpoint: Endpoint) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        message = f"another {endpoint.name} listens at {endpoint.path}"
        raise ConflictError(f"{endpoint.code}_RUNNING", message) from None


def _bind(listener: socket.socket, path: Path, group: int | None) -> None:
    before = os.umask(0o177)  # or there would be a moment in which anybody could connect
    try:
        listener.bind(str(path))
    finally:
        os.umask(before)
    if group is not None:
        os.chown(path, -1, group)
        path.chmod(0o660)
