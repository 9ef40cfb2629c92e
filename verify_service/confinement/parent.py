"""Calling a function on a file in a confined process."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import typing
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, Final, TypeVar, TypeVarTuple

import msgspec

from verify_service.confinement.protocol import (
    Done,
    Frame,
    Item,
    Limits,
    OutOfMemory,
    Refused,
    Request,
    read_frame,
    restore_refusal,
)

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")

COMMAND: Final = (sys.executable, "-I", "-m", "verify_service.confinement.child")
# Nothing of our own environment: settings may hold the passphrase of the keys.
ENVIRONMENT: Final = {"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}
WALL_CLOCK_FACTOR: Final = 4
_KILLED_FOR_TIME: Final = frozenset({-signal.SIGXCPU, -signal.SIGKILL})


class ConfinedError(Exception):
    """A file brought its process to a limit or to a fall; `reason` is `time`, `memory` or `crash`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def call_confined(
    function: Callable[[BinaryIO, *Arguments], Result],
    limits: Limits,
    file: BinaryIO,
    *arguments: *Arguments,
) -> Result:
    """Return what a module's public function returns for a file, computed in a confined process.

    `file` has a descriptor of its own (an upload on disk, a temporary file); arguments and result are of types msgspec
    can carry, as the function's annotations say. ServiceErrors of the function are raised here too.

    Raises:
        ConfinedError: the process hit a limit or fell.

    """
    returned = typing.get_type_hints(function)["return"]
    with contextlib.closing(_run(function, limits, file, arguments, returned)) as results:
        try:
            result = next(results)
        except StopIteration:
            raise ConfinedError("crash") from None
        for _ in results:  # one result, and the word that it was all
            raise ConfinedError("crash")
    return typing.cast("Result", result)


def stream_confined(
    function: Callable[[BinaryIO, *Arguments], Iterator[Result]],
    limits: Limits,
    file: BinaryIO,
    *arguments: *Arguments,
) -> Iterator[Result]:
    """Yield what a generator function yields for a file, as `call_confined` does; the child ends with the iteration."""
    (yielded,) = typing.get_args(typing.get_type_hints(function)["return"])
    yield from _run(function, limits, file, arguments, yielded)


def _run(
    function: Callable[..., Any],
    limits: Limits,
    file: BinaryIO,
    arguments: tuple[object, ...],
    item_type: Any,  # noqa: ANN401  # an annotation, read at run time
) -> Generator[Any, None, None]:
    request = Request(
        module=function.__module__,
        function=function.__qualname__,
        file_descriptor=file.fileno(),
        limits=limits,
        arguments=msgspec.Raw(msgspec.msgpack.encode(arguments)),
    )
    with _started(request) as child:
        while True:
            match _next_frame(child):
                case Item(value):
                    yield _decode(value, item_type)
                case Done():
                    return
                case Refused() as refused:
                    raise restore_refusal(refused)
                case OutOfMemory():
                    raise ConfinedError("memory")


@contextmanager
def _started(request: Request) -> Iterator[subprocess.Popen[bytes]]:
    """Lend a child that has its request; it is dead when this ends, however it ends."""
    with subprocess.Popen(  # noqa: S603  # our own interpreter and module, no word of the file's
        COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a traceback may quote cells
        pass_fds=(request.file_descriptor,),
        env=ENVIRONMENT,
        cwd="/",
        start_new_session=True,  # Ctrl-C is the parent's to handle
    ) as child:
        # A file can make its reader wait without using the processor.
        clock = threading.Timer(request.limits.seconds * WALL_CLOCK_FACTOR, _kill, (child,))
        clock.start()
        try:
            _send(child, request)
            yield child
        finally:
            clock.cancel()
            _kill(child)


def _kill(child: subprocess.Popen[bytes]) -> None:
    """Kill the child and whatever it started, which would hold the pipe open."""
    if child.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)


def _send(child: subprocess.Popen[bytes], request: Request) -> None:
    assert child.stdin is not None  # noqa: S101  # it was asked for
    with contextlib.suppress(BrokenPipeError), child.stdin as requests:  # a dead child's first frame will be missing
        requests.write(msgspec.msgpack.encode(request))


def _next_frame(child: subprocess.Popen[bytes]) -> Frame:
    """Return the child's next word, or raise why there is none."""
    payload = None if child.stdout is None else read_frame(typing.cast("BinaryIO", child.stdout))
    if payload is None:
        raise ConfinedError("time" if child.wait() in _KILLED_FOR_TIME else "crash")
    frame: Frame = _decode(payload, Frame)
    return frame


def _decode(payload: bytes | msgspec.Raw, expected: Any) -> Any:  # noqa: ANN401  # an annotation, read at run time
    """Return what a child said; one that says what nobody asked for was taken over."""
    try:
        return msgspec.msgpack.decode(payload, type=expected)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise ConfinedError("crash") from None
