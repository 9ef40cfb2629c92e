"""Functions for a confined process that do what a file from outside might make a reader do."""

import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from verify_service.confinement.protocol import Item, write_frame
from verify_service.errors import FieldError, FileRefusedError, UsageError


def each_byte(file: BinaryIO) -> Iterator[int]:
    """Yield the bytes, read one by one past any buffer."""
    raw = getattr(file, "raw", file)
    while byte := raw.read(1):
        yield byte[0]


def count_bytes(file: BinaryIO, times: int) -> int:
    return len(file.read()) * times


def environment(file: BinaryIO) -> dict[str, str]:
    return dict(os.environ)


def open_files(file: BinaryIO) -> list[int]:
    return [number for number in range(1024) if _is_open(number)]


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def numbers(file: BinaryIO, most: int) -> Iterator[int]:
    yield from range(most)


def own_process_then_numbers(file: BinaryIO) -> Iterator[int]:
    yield os.getpid()
    while True:
        yield 0


def spin(file: BinaryIO) -> int:
    while True:
        pass


def wait(file: BinaryIO) -> int:
    time.sleep(60)
    return 0


def wait_with_company(file: BinaryIO) -> int:
    os.fork()
    time.sleep(60)
    return 0


def allocate(file: BinaryIO, megabytes: int) -> int:
    return len(bytearray(megabytes << 20))


def error_of_reading(file: BinaryIO, path: str) -> int | None:
    try:
        Path(path).read_text()
    except OSError as error:
        return error.errno
    return None


def error_of_connecting(file: BinaryIO) -> int | None:
    try:
        socket.socket().close()
    except OSError as error:
        return error.errno
    return None


def error_of_writing(file: BinaryIO, path: str) -> int | None:
    try:
        Path(path).write_bytes(b"x")
    except OSError as error:
        return error.errno
    return None


def open_too_many(file: BinaryIO) -> int:
    return len([os.dup(file.fileno()) for _ in range(100)])


def fall(file: BinaryIO) -> int:
    os.kill(os.getpid(), signal.SIGSEGV)
    return 0


def leave(file: BinaryIO) -> int:
    os._exit(0)


def raise_unexpected(file: BinaryIO) -> int:
    raise LookupError(file.read().decode())


def raise_refusal(file: BinaryIO, kind: str) -> int:
    if kind == "file":
        raise FileRefusedError("TOO_MANY_ROWS", "a sentence", about="xlsx", details={"rows": 7, "cell": "D5"})
    if kind == "field":
        raise FieldError("CHECKSUM")
    raise UsageError("WRONG", "a sentence")


def say(file: BinaryIO, raw: bytes) -> int:
    """Say anything at all, in place of frames."""
    sys.stdout.buffer.write(raw)
    sys.stdout.buffer.flush()
    os._exit(0)


def yield_after_lying(file: BinaryIO) -> Iterator[int]:
    yield 1
    write_frame(sys.stdout.buffer, msgspec.msgpack.encode(Item(msgspec.Raw(msgspec.msgpack.encode("no number")))))


def result_too_large(file: BinaryIO) -> bytes:
    return bytes(65 << 20)
