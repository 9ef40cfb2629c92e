"""What `verify` is pointed at: files, text of QR codes, standard input."""

import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from verify_service.errors import UsageError
from verify_service.verification.rules.artefacts import ADDRESSES, MAX_FILE_BYTES

STANDARD_INPUT = "-"


def is_qr_text(argument: str) -> bool:
    """Whether an argument is the text of a QR code itself; the name of a file that exists never is."""
    return argument.lower().startswith(ADDRESSES) and not os.path.lexists(argument)


def require_readable(number: int, argument: str) -> None:
    """Refuse an argument that names no file we may read; a pipe is not opened, which would lose what is in it.

    The refusal tells its number and not its words: a QR text with a slip at its beginning holds a person's name.
    """
    if argument == STANDARD_INPUT or is_qr_text(argument):
        return
    try:
        mode = Path(argument).stat().st_mode
    except (OSError, ValueError) as error:
        raise _unreadable(number, (error.strerror if isinstance(error, OSError) else None) or "not a path") from None
    if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode)):
        raise _unreadable(number, "it is a folder or a device")
    if not os.access(argument, os.R_OK):
        raise _unreadable(number, "permission denied")


@contextmanager
def lend_artefact(argument: str) -> Iterator[BinaryIO]:
    """Lend a file with a descriptor of its own; of a pipe no more is copied than it takes to see that it is too large.

    Standard input has a number of its own in the process that is to read it: it is copied as well.
    """
    with ExitStack() as opened:
        is_typed = argument == STANDARD_INPUT
        stream = sys.stdin.buffer if is_typed else opened.enter_context(Path(argument).open("rb"))
        if not is_typed and stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            yield stream
            return
        copy = opened.enter_context(tempfile.TemporaryFile())
        copy.write(stream.read(MAX_FILE_BYTES + 1))
        copy.flush()
        yield copy


def _unreadable(number: int, reason: str) -> UsageError:
    return UsageError("UNREADABLE_FILE", f"argument {number} cannot be read as a file: {reason}")
