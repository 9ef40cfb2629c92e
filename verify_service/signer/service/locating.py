"""Where a signer listens, and that only one does."""

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

from verify_service.embedded.location import SOCKET_PATH_MAX_BYTES, short_enough
from verify_service.errors import ConflictError, UsageError
from verify_service.settings import PREFIX, Settings

SOCKET_NAME: Final = "signer.sock"
PROBE_SECONDS: Final = 1.0


def socket_path(settings: Settings) -> Path:
    """Return where the signer of these settings listens."""
    if settings.signer_socket is not None:
        return settings.signer_socket
    digest = hashlib.sha256(os.fsencode(settings.data_dir.resolve())).hexdigest()[:16]
    folder = short_enough(settings.data_dir / "signer", SOCKET_NAME, f"verify-service-signer-{digest}")
    return folder / SOCKET_NAME


def is_listening(path: Path) -> bool:
    """Tell whether a signer listens there, be it one of another user that does not let us ask."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(PROBE_SECONDS)
        try:
            probe.connect(str(path))
        except (PermissionError, TimeoutError, BlockingIOError):
            return True
        except OSError:
            return False
    return True


def group_id(settings: Settings) -> int | None:
    """Return the group whose members may ask, or None; refuse one this system does not have."""
    if settings.signer_group is None:
        return None
    try:
        return grp.getgrnam(settings.signer_group).gr_gid
    except KeyError:
        raise UsageError("BAD_SETTING", f"{PREFIX}SIGNER_GROUP names no group of this system") from None


@contextmanager
def listening_socket(settings: Settings) -> Iterator[socket.socket]:
    """Lend a bound socket that others of this user, or of the group, may connect to once it listens.

    A lock and not the socket's file says who listens: the file of a killed signer stays, its lock does not.
    """
    path, group = socket_path(settings), group_id(settings)
    if len(os.fsencode(path)) > SOCKET_PATH_MAX_BYTES:
        raise UsageError("BAD_SETTING", f"{PREFIX}SIGNER_SOCKET is longer than {SOCKET_PATH_MAX_BYTES} bytes")
    try:
        _prepare_folder(path.parent, group)
        with path.with_suffix(".lock").open("a") as lock:
            _lock(lock.fileno(), path)
            path.unlink(missing_ok=True)
            with socket.socket(socket.AF_UNIX) as listener:
                _bind(listener, path, group)
                try:
                    yield listener
                finally:
                    path.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError("SIGNER_SOCKET", f"the signer cannot listen at {path}: {error.strerror}") from None


def _prepare_folder(folder: Path, group: int | None) -> None:
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
        raise UsageError("SIGNER_FOLDER", f"{folder} is not ours alone to write in: remove it, or set SIGNER_SOCKET")


def _lock(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ConflictError("SIGNER_RUNNING", f"another signer listens at {path}") from None


def _bind(listener: socket.socket, path: Path, group: int | None) -> None:
    before = os.umask(0o177)  # or there would be a moment in which anybody could connect
    try:
        listener.bind(str(path))
    finally:
        os.umask(before)
    if group is not None:
        os.chown(path, -1, group)
        path.chmod(0o660)
