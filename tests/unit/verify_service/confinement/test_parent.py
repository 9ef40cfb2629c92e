"""A file read in a process of its own: whatever it does there, the parent gets an answer and nothing stays behind."""

import errno
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import pytest

from tests import misbehaving
from verify_service.confinement import parent
from verify_service.confinement.parent import ConfinedError, call_confined, stream_confined
from verify_service.confinement.protocol import MAX_FRAME_BYTES, Done, Item, Limits, Refused
from verify_service.errors import FieldError, FileRefusedError, ServiceError, UsageError

LIMITS = Limits(memory_bytes=100 << 20, seconds=1)
CHECKOUT = Path(__file__).parents[4]


@pytest.fixture(autouse=True)
def _children_know_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    start = f"import sys; sys.path.append({str(CHECKOUT)!r}); from verify_service.confinement.child import main; main()"
    monkeypatch.setattr(parent, "COMMAND", (sys.executable, "-I", "-c", start))


@pytest.fixture
def file() -> Iterator[BinaryIO]:
    with tempfile.TemporaryFile() as file:
        file.write(b"seven..")
        file.flush()
        yield file


def frame(word: object) -> bytes:
    payload = msgspec.msgpack.encode(word)
    return len(payload).to_bytes(4, "big") + payload


def item(value: object) -> bytes:
    return frame(Item(msgspec.Raw(msgspec.msgpack.encode(value))))


DONE = frame(Done())


def children() -> set[str]:
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


def is_running(process_id: int) -> bool:
    return Path(f"/proc/{process_id}").exists()


def test_two_processes_that_are_lent_one_file_read_all_of_it_each(file: BinaryIO) -> None:
    whole = bytes(range(256)) * 60  # more frames than a pipe holds: neither is done before the other begins
    file.seek(0)
    file.write(whole)
    file.flush()
    one, other = (stream_confined(misbehaving.each_byte, LIMITS, file) for _ in range(2))

    assert list(zip(one, other, strict=True)) == list(zip(whole, whole, strict=True))


def test_a_function_is_called_on_the_file_from_its_beginning_with_its_arguments(file: BinaryIO) -> None:
    assert call_confined(misbehaving.count_bytes, LIMITS, file, 3) == 21


def test_a_stream_is_handed_over_item_by_item(file: BinaryIO) -> None:
    assert list(stream_confined(misbehaving.numbers, LIMITS, file, 5)) == [0, 1, 2, 3, 4]


def test_settings_and_their_secrets_are_not_inherited(file: BinaryIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERIFY_SERVICE_KEY_PASSPHRASE", "open sesame")

    assert call_confined(misbehaving.environment, LIMITS, file) == parent.ENVIRONMENT


def test_no_other_open_file_is_inherited(file: BinaryIO) -> None:
    with Path("/dev/null").open("rb") as other:
        os.set_inheritable(other.fileno(), True)  # noqa: FBT003  # it takes no name

        assert len(call_confined(misbehaving.open_files, LIMITS, file)) == 4  # three streams and the file


@pytest.mark.parametrize(
    ("function", "arguments", "reason"),
    [
        (misbehaving.spin, (), "time"),
        (misbehaving.wait, (), "time"),
        (misbehaving.wait_with_company, (), "time"),
        (misbehaving.allocate, (200,), "memory"),
        (misbehaving.fall, (), "crash"),
        (misbehaving.leave, (), "crash"),
        (misbehaving.open_too_many, (), "crash"),
        (misbehaving.raise_unexpected, (), "crash"),
    ],
)
def test_what_goes_beyond_a_limit_or_falls_is_told_by_its_reason(
    file: BinaryIO,
    monkeypatch: pytest.MonkeyPatch,
    function: Callable[..., Any],
    arguments: tuple[object, ...],
    reason: str,
) -> None:
    monkeypatch.setattr(parent, "WALL_CLOCK_FACTOR", 2)
    before = children()

    with pytest.raises(ConfinedError) as fallen:
        call_confined(function, LIMITS, file, *arguments)

    assert fallen.value.reason == reason
    assert "seven" not in str(fallen.value)
    assert children() == before  # neither a process nor a zombie


def test_a_result_larger_than_a_frame_is_too_much_memory(file: BinaryIO) -> None:
    with pytest.raises(ConfinedError) as fallen:
        call_confined(misbehaving.result_too_large, Limits(memory_bytes=400 << 20, seconds=5), file)

    assert fallen.value.reason == "memory"


def test_no_file_is_opened_and_no_connection(file: BinaryIO, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("secret")

    assert call_confined(misbehaving.error_of_reading, LIMITS, file, str(key)) == errno.EMFILE
    assert call_confined(misbehaving.error_of_writing, LIMITS, file, str(tmp_path / "left")) == errno.EMFILE
    assert call_confined(misbehaving.error_of_connecting, LIMITS, file) == errno.EMFILE
    assert not (tmp_path / "left").exists()


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("file", FileRefusedError("TOO_MANY_ROWS", "a sentence", about="xlsx", details={"rows": 7, "cell": "D5"})),
        ("field", FieldError("CHECKSUM")),
        ("other", UsageError("WRONG", "a sentence")),
    ],
)
def test_a_refusal_crosses_with_all_that_its_sentence_needs(file: BinaryIO, kind: str, expected: ServiceError) -> None:
    with pytest.raises(type(expected)) as refused:
        call_confined(misbehaving.raise_refusal, LIMITS, file, kind)

    assert type(refused.value) is type(expected)
    assert vars(refused.value) == vars(expected)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0\0",
        b"\0\0\0\x09short",
        (MAX_FRAME_BYTES + 1).to_bytes(4, "big") + b"x",
        b"\0\0\0\x01\xc1",
        frame({"type": "Shell", "value": "rm"}),
        frame(Refused("FieldError", "X", "x"))[:-1],
        item("no number") + DONE,
        item(1),  # cut off before the last word
        item(1) + item(2) + DONE,
        DONE,
    ],
)
def test_a_child_that_says_what_nobody_asked_for_has_fallen(file: BinaryIO, raw: bytes) -> None:
    with pytest.raises(ConfinedError) as fallen:
        call_confined(misbehaving.say, LIMITS, file, raw)

    assert fallen.value.reason == "crash"


def test_a_lie_in_the_middle_of_a_stream_ends_it(file: BinaryIO) -> None:
    items = stream_confined(misbehaving.yield_after_lying, LIMITS, file)

    assert next(items) == 1
    with pytest.raises(ConfinedError):
        next(items)


def test_an_abandoned_stream_leaves_no_process_behind(file: BinaryIO) -> None:
    items = stream_confined(misbehaving.own_process_then_numbers, LIMITS, file)
    process_id = next(items)
    assert is_running(process_id)

    items.close()  # type: ignore[attr-defined]  # a generator, as its reader need not know

    assert not is_running(process_id)


def test_a_process_that_starts_another_is_not_waited_for(file: BinaryIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parent, "WALL_CLOCK_FACTOR", 1)
    started = time.monotonic()

    with pytest.raises(ConfinedError):
        call_confined(misbehaving.wait_with_company, LIMITS, file)

    assert time.monotonic() - started < 30
