"""The wire: a length of four bytes, big-endian, then one msgpack map with the tag of a struct."""

from typing import Final

import msgspec

from verify_service.signer.model import Answer, Question

LENGTH_BYTES: Final = 4


class FrameError(Exception):
    """Bytes that no peer of ours sends."""


def encode_frame(message: Question | Answer) -> bytes:
    """Return one message with its length in front."""
    payload = msgspec.msgpack.encode(message)
    return len(payload).to_bytes(LENGTH_BYTES, "big") + payload


def parse_length(header: bytes, most_bytes: int) -> int:
    """Return the length that the first four bytes announce; raise `FrameError` above `most_bytes`."""
    length = int.from_bytes(header, "big")
    if length > most_bytes:
        raise FrameError
    return length


def decode_question(payload: bytes) -> Question:
    """Return a question; raise `FrameError` for anything else."""
    try:
        question: Question = msgspec.msgpack.decode(payload, type=Question)
    except (msgspec.DecodeError, RecursionError):
        raise FrameError from None
    return question


def decode_answer(payload: bytes) -> Answer:
    """Return an answer; raise `FrameError` for anything else."""
    try:
        answer: Answer = msgspec.msgpack.decode(payload, type=Answer)
    except (msgspec.DecodeError, RecursionError):
        raise FrameError from None
    return answer
