"""The confined process: `python -I -m verify_service.confinement.child`, its request on standard input."""

import codecs
import importlib
import io
import os
import resource
import sys
import typing
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import msgspec

from verify_service.confinement.protocol import (
    Done,
    Frame,
    Item,
    Limits,
    OutOfMemory,
    Request,
    describe_refusal,
    write_frame,
)
from verify_service.errors import ServiceError
from verify_service.translations import load_catalogues

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# Of file names in a ZIP and of text files; Python reads each from its library when it is first asked for.
CODECS: Final = ("ascii", "cp437", "gb18030", "latin-1", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32")


class PositionedFile(io.RawIOBase):
    """Reads a descriptor at a position of its own: the open file is shared with whoever else was lent it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._at = 0

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def seekable(self) -> bool:
        """Tell that its position can be moved."""
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Read on into the buffer, and return how many bytes; 0 at the end."""
        count = os.preadv(self._descriptor, [buffer], self._at)
        self._at += count
        return count

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Move the position and return it."""
        origins = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: os.fstat(self._descriptor).st_size}
        self._at = origins[whence] + offset
        return self._at

    def tell(self) -> int:
        """Return the position."""
        return self._at


def main() -> None:
    """Answer the one request on standard input, frame by frame on standard output."""
    request = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Request)
    function = _resolve(request)
    arguments = msgspec.msgpack.decode(request.arguments, type=_argument_types(function))
    _preload()
    answers = sys.stdout.buffer
    with io.BufferedReader(PositionedFile(request.file_descriptor)) as file:
        _confine(request.limits)
        try:
            for item in _items(function(file, *arguments)):
                _say(answers, Item(msgspec.Raw(msgspec.msgpack.encode(item))))
            _say(answers, Done())
        except ServiceError as error:
            _say(answers, describe_refusal(error))
        except MemoryError:
            _say(answers, OutOfMemory())


def _resolve(request: Request) -> Callable[..., Any]:
    """Import before confining: our own modules are trusted, and their size is not the file's fault."""
    resolved: Callable[..., Any] = getattr(importlib.import_module(request.module), request.function)
    return resolved


def _preload() -> None:
    """Read now what is read when first needed: once confined, the child can open nothing any more."""
    for name in CODECS:
        codecs.lookup(name)
    load_catalogues()


def _argument_types(function: Callable[..., Any]) -> Any:  # noqa: ANN401  # a tuple type made at run time
    hints = typing.get_type_hints(function)
    hints.pop("return", None)
    return tuple[tuple(hints.values())[1:]]  # type: ignore[misc]  # the first parameter is the file


def _items(result: object) -> Iterator[object]:
    if isinstance(result, Iterator):
        yield from result
    else:
        yield result


def _say(answers: BinaryIO, frame: Frame) -> None:
    write_frame(answers, msgspec.msgpack.encode(frame))


def _confine(limits: Limits) -> None:
    for what, most in (
        # Private writable memory; unlike RLIMIT_AS it does not count the libraries mapped read-only.
        (resource.RLIMIT_DATA, limits.memory_bytes),
        (resource.RLIMIT_AS, limits.memory_bytes * 2),
        (resource.RLIMIT_CPU, limits.seconds),
        (resource.RLIMIT_FSIZE, 0),  # nothing is ever written to a disk from here
        (resource.RLIMIT_NPROC, 0),  # and nothing started (Linux does not hold root to this)
        (resource.RLIMIT_CORE, 0),  # a core dump would hold the roster
        (resource.RLIMIT_NOFILE, 0),  # no file, no socket: what is open stays open, and nothing joins it
    ):
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main()
