"""The wire to a signer: what one side writes the other reads, and nothing else is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify_service.credentials.model import RefusedSignature, SigningResult
from verify_service.signer.model import Answer, Done, Failed, PublishStatus, Question, Ready, SignPending
from verify_service.signer.rules.frames import (
    LENGTH_BYTES,
    FrameError,
    decode_answer,
    decode_question,
    encode_frame,
    parse_length,
)


@pytest.mark.parametrize("question", [Ready(("2026-c1", "2026-q1")), SignPending(), PublishStatus()])
def test_a_question_is_read_as_it_was_written(question: Question) -> None:
    frame = encode_frame(question)

    assert parse_length(frame[:LENGTH_BYTES], 100) == len(frame) - LENGTH_BYTES
    assert decode_question(frame[LENGTH_BYTES:]) == question


@pytest.mark.parametrize(
    "answer",
    [
        Done(),
        Done(SigningResult(3, (RefusedSignature("QMT2026000002M", "SEALED_BROKEN"),)), 2),
        Failed(2, "X", "why"),
    ],
)
def test_an_answer_is_read_as_it_was_written(answer: Answer) -> None:
    assert decode_answer(encode_frame(answer)[LENGTH_BYTES:]) == answer


def test_more_than_was_agreed_is_not_waited_for() -> None:
    assert parse_length(b"\0\0\x10\0", 4096) == 4096
    with pytest.raises(FrameError):
        parse_length(b"\0\0\x10\x01", 4096)


@given(st.binary(max_size=64))
def test_whatever_bytes_arrive_are_a_message_or_refused(payload: bytes) -> None:
    for decode in (decode_question, decode_answer):
        try:
            decode(payload)
        except FrameError:
            continue
