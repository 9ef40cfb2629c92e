"""What goes between parent and child: one request, then frames, each four bytes of length and that much MessagePack.

Never pickle: what a child says is data, even from a child that somebody else has taken over.
"""

from typing import BinaryIO, Final

import msgspec

from verify_service.errors import FieldError, FileRefusedError, ServiceError, UsageError

LENGTH_BYTES: Final = 4
MAX_FRAME_BYTES: Final = 64 << 20


class Limits(msgspec.Struct, frozen=True):
    """What one parse may use."""

    memory_bytes: int
    """Private writable memory of the child, the interpreter's own included."""
    seconds: int
    """Of processor time; of wall-clock time four times as much, for a busy machine."""


class Request(msgspec.Struct, frozen=True):
    """Which function to call with what. The file is an inherited descriptor, read from its beginning."""

    module: str
    function: str
    file_descriptor: int
    limits: Limits
    arguments: msgspec.Raw


class Item(msgspec.Struct, frozen=True, tag=True):
    """What the function returned, or one thing it yielded."""

    value: msgspec.Raw


class Refused(msgspec.Struct, frozen=True, tag=True):
    """One of our own errors, raised by the function."""

    kind: str
    code: str
    message: str
    about: str = ""
    details: dict[str, str | int] = {}


class OutOfMemory(msgspec.Struct, frozen=True, tag=True):
    """The file needs more memory than it may."""


class Done(msgspec.Struct, frozen=True, tag=True):
    """The function has ended: a stream without this last frame was cut off."""


Frame = Item | Refused | OutOfMemory | Done


def describe_refusal(error: ServiceError) -> Refused:
    """Return an error as it crosses to the parent."""
    if isinstance(error, FileRefusedError):
        return Refused("FileRefusedError", error.code, error.message, error.about, dict(error.details))
    kind = "FieldError" if isinstance(error, FieldError) else "UsageError"
    return Refused(kind, error.code, error.message)


def restore_refusal(refused: Refused) -> ServiceError:
    """Return the error a child described."""
    match refused.kind:
        case "FileRefusedError":
            return FileRefusedError(refused.code, refused.message, about=refused.about, details=refused.details)
        case "FieldError":
            return FieldError(refused.code)
    return UsageError(refused.code, refused.message)


def write_frame(stream: BinaryIO, payload: bytes) -> None:
    """Write one frame; MemoryError if it is larger than a parent takes."""
    if len(payload) > MAX_FRAME_BYTES:
        raise MemoryError
    stream.write(len(payload).to_bytes(LENGTH_BYTES, "big") + payload)
    stream.flush()


def read_frame(stream: BinaryIO) -> bytes | None:
    """Return the next frame; None where the stream ends, is cut off, or announces more than a frame may hold."""
    header = stream.read(LENGTH_BYTES)
    length = int.from_bytes(header, "big")
    if len(header) < LENGTH_BYTES or length > MAX_FRAME_BYTES:
        return None
    payload = stream.read(length)
    return payload if len(payload) == length else None
