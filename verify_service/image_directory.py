"""`IMAGE_DIR`: seals and logos as operations mount them, for the commands that issue and draw, and for nobody else.

A certificate names its images by SHA-256, so a file that stays in the folder is found under whatever name it has by
then, and another one never takes its place. No image goes into the database, its backups, or over HTTP.
"""

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from verify_service.errors import UsageError
from verify_service.settings import PREFIX, Settings

MAX_IMAGE_BYTES: Final = 4 << 20
"""The largest seal has 1984 x 1984 pixels, of two or three colours."""
MAX_IMAGES: Final = 100
"""Each is read once by a command that looks for one; more are no seals of one issuer."""
ENDING: Final = ".png"
_State = tuple[str, int, int, int, int]


class ImageDirectory:
    """Reads images; a folder or file that others may write to is not believed."""

    def __init__(self, settings: Settings) -> None:
        self._path = settings.image_dir
        self._digests: dict[_State, bytes] = {}
        self._found: dict[_State, bytes] = {}

    def read(self, name: str) -> bytes:
        """Return the file of a name; raise `UsageError` naming setting and file."""
        with self._opened() as folder:
            return self._read(folder, name)[1]

    def find(self, digest: bytes) -> bytes:
        """Return the file with this SHA-256; raise `UsageError` where there is none, naming files that do not count."""
        refused: list[str] = []
        with self._opened() as folder:
            for name in self._names(folder):
                try:
                    image = self._if_matches(folder, name, digest)
                except UsageError as error:
                    refused.append(error.message)
                    continue
                if image is not None:
                    return image
        known = f"no *{ENDING} in {PREFIX}IMAGE_DIR has the SHA-256 {digest.hex()}"
        raise UsageError("IMAGE_MISSING", "; ".join([known, *refused]))

    def _names(self, folder: int) -> list[str]:
        names = sorted(name for name in os.listdir(folder) if name.endswith(ENDING))
        if len(names) > MAX_IMAGES:
            raise UsageError("IMAGE_DIR_UNUSABLE", f"{PREFIX}IMAGE_DIR has more than {MAX_IMAGES} images")
        return names

    def _if_matches(self, folder: int, name: str, digest: bytes) -> bytes | None:
        """Return the file if it has the digest; one that has not changed since it was read is not read again."""
        state = _state(name, os.stat(name, dir_fd=folder, follow_symlinks=False))
        if state not in self._found and self._digests.get(state, digest) == digest:
            state, data = self._read(folder, name)
            self._digests[state] = hashlib.sha256(data).digest()
            if self._digests[state] == digest:
                self._found[state] = data
        return self._found.get(state) if self._digests[state] == digest else None

    @contextmanager
    def _opened(self) -> Iterator[int]:
        """Lend the folder, held open: what is checked is then what is read."""
        if self._path is None:
            raise UsageError("MISSING_SETTING", f"{PREFIX}IMAGE_DIR is not set, and a certificate bears an image")
        try:
            folder = os.open(self._path, os.O_RDONLY | os.O_DIRECTORY)
        except OSError as error:
            reason = f"{PREFIX}IMAGE_DIR cannot be read: {error.strerror}"
            raise UsageError("IMAGE_DIR_UNUSABLE", reason) from None
        try:
            _require_out_of_reach(os.fstat(folder), f"{PREFIX}IMAGE_DIR")
            yield folder
        except OSError as error:
            reason = f"{PREFIX}IMAGE_DIR cannot be read: {error.strerror}"
            raise UsageError("IMAGE_DIR_UNUSABLE", reason) from None
        finally:
            os.close(folder)

    def _read(self, folder: int, name: str) -> tuple[_State, bytes]:
        about = f"{name} in {PREFIX}IMAGE_DIR"
        try:
            # A link could lead to where others write; a pipe would wait for a writer.
            file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
        except OSError as error:
            raise UsageError("IMAGE_MISSING", f"{about} cannot be read: {error.strerror}") from None
        try:
            found = os.fstat(file)
            if not stat.S_ISREG(found.st_mode):
                raise UsageError("IMAGE_MISSING", f"{about} is not a file")
            _require_out_of_reach(found, about)
            with os.fdopen(file, "rb", closefd=False) as stream:
                data = stream.read(MAX_IMAGE_BYTES + 1)
        finally:
            os.close(file)
        if len(data) > MAX_IMAGE_BYTES:
            raise UsageError("IMAGE_MISSING", f"{about} has more than {MAX_IMAGE_BYTES} bytes")
        return _state(name, found), data


def _state(name: str, found: os.stat_result) -> _State:
    """What changes when a file does; the time of the last change to its inode cannot be set back."""
    return name, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _require_out_of_reach(found: os.stat_result, about: str) -> None:
    """Refuse what somebody else than root and this process's user may write to: who can, chooses the seal."""
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise UsageError("IMAGE_DIR_OPEN", f"{about} can be written to by others: chmod go-w it")
    if found.st_uid not in {0, os.geteuid()}:
        raise UsageError("IMAGE_DIR_OPEN", f"{about} belongs to another user than root and this one")
