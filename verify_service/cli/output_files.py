"""Files that commands write: new ones never over one that is there, replaced ones each whole or not at all."""

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from verify_service.errors import UsageError


def require_new_file(output: str, suffix: str) -> Path:
    """Return the path of a file that is to be made; refuse another suffix, and a path that is taken."""
    path = Path(output)
    if path.suffix.lower() != suffix:
        raise UsageError("FILE_SUFFIX", f"{output}: the name of the file must end in {suffix}")
    if path.exists():
        raise UsageError("FILE_EXISTS", f"{output} is there already and is not overwritten")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise UsageError("UNWRITABLE_FILE", f"{output} cannot be written: its folder is missing or closed")
    return path


def write_new_file(path: Path, data: bytes) -> None:
    """Write a whole new file; where that fails nothing of it is left, and the refusal names it."""
    try:
        # A marked roster holds names, ID numbers and phones: it is for whoever ran the command.
        stream = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    except FileExistsError:
        raise UsageError("FILE_EXISTS", f"{path} is there already and is not overwritten") from None
    except OSError as error:
        raise _unwritable(path, error) from None
    try:
        with stream:
            stream.write(data)
    except OSError as error:
        with suppress(OSError):
            path.unlink()
        raise _unwritable(path, error) from None


@contextmanager
def private_file(path: str) -> Iterator[IO[bytes]]:
    """Lend a file to fill, for its owner alone. Under its name it is whole or absent."""
    unfinished = Path(f"{path}.part")
    try:
        unfinished.unlink(missing_ok=True)  # an earlier run's, or planted open to others
        with os.fdopen(os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as stream:
            yield stream
        unfinished.replace(path)
    except OSError as error:
        raise UsageError("UNWRITABLE_FILE", f"{path} cannot be written: {error.strerror}") from None
    finally:
        with suppress(OSError):
            unfinished.unlink()


def replace_files(directory: str, files: Mapping[str, bytes]) -> None:
    """Write public files into a folder; whoever reads one meanwhile finds all of its old bytes or all of the new."""
    for name, data in files.items():
        path = Path(directory, name)
        unfinished = path.with_name(f"{name}.{secrets.token_hex(8)}.unfinished")
        try:
            with unfinished.open("xb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            unfinished.replace(path)
        except OSError as error:
            with suppress(OSError):
                unfinished.unlink()
            raise _unwritable(path, error) from None


def _unwritable(path: Path, error: OSError) -> UsageError:
    return UsageError("UNWRITABLE_FILE", f"{path} cannot be written: {error.strerror}")
