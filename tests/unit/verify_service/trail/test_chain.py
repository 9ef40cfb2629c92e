"""Checking a chain row by row, without a database."""

import datetime
import hashlib

import msgspec
import pytest

from signing import AuditHead
from verify_service.errors import UsageError
from verify_service.trail.model import Fault, FaultKind, StoredEvent
from verify_service.trail.rules.chain import ChainCheck, event_hash
from verify_service.trail.rules.exports import HeadLine, event_line, head_line, parse_line

NOON = datetime.datetime(2026, 11, 28, 12, tzinfo=datetime.UTC)


def event(number: int, previous: bytes | None, actor: str = "registrar-1") -> StoredEvent:
    made = StoredEvent(number, NOON, actor, "signed_in", "session", "x", '{"b": 1.50, "å": "\\n"}', previous, b"")
    return msgspec.structs.replace(made, hash=event_hash(made))


def chain(length: int, actor: str = "registrar-1") -> list[StoredEvent]:
    events = list[StoredEvent]()
    for number in range(1, length + 1):
        events.append(event(number, events[-1].hash if events else None, actor))
    return events


def head(of: StoredEvent) -> AuditHead:
    return AuditHead(of.number, of.hash, NOON)


def fault(events: list[StoredEvent], *heads: AuditHead, first: int = 1) -> Fault | None:
    check = ChainCheck(heads, first)
    for one in events:
        check.read(one)
    return check.verdict().fault


def test_a_hash_is_of_the_text_that_postgresql_writes() -> None:
    text = '["", 1, "2026-11-28T12:00:00.000000Z", "registrar-1", "signed_in", "session", "x", {"b": 1.50, "å": "\\n"}]'

    assert event(1, None).hash == hashlib.sha256(text.encode()).digest()


def test_a_true_chain_has_no_fault_from_its_beginning_or_from_a_head() -> None:
    events = chain(9)

    assert fault(events) is None
    assert fault(events, head(events[4]), head(events[8])) is None
    assert fault(events[4:], head(events[4]), head(events[8]), first=5) is None
    assert fault([]) is None


def test_faults_are_named_by_the_first_row_that_shows_them() -> None:
    events, other = chain(9), chain(9, "somebody else")

    assert fault(events[:3] + events[4:]) == Fault(FaultKind.MISSING, 4, 4)
    assert fault(events[:3] + events[5:]) == Fault(FaultKind.MISSING, 4, 5)
    assert fault([*events[:3], events[2], *events[3:]]) == Fault(FaultKind.MISPLACED, 4, 4)
    assert fault([*events[:3], other[3], *events[4:]]) == Fault(FaultKind.UNLINKED, 4, 4)
    assert fault(events[:6], head(events[8])) == Fault(FaultKind.CUT, 7, 9)
    assert fault(other, head(events[4])) == Fault(FaultKind.REWRITTEN, 1, 5)
    assert fault([], head(events[4])) == Fault(FaultKind.CUT, 1, 5)


def test_a_part_that_does_not_begin_where_its_head_says_is_found() -> None:
    events, other = chain(9), chain(9, "somebody else")

    assert fault(other[4:], head(events[4]), first=5) == Fault(FaultKind.REWRITTEN, 5, 5)
    assert fault(events[5:], head(events[4]), first=5) == Fault(FaultKind.MISSING, 5, 5)


def test_what_is_exported_reads_back_byte_for_byte() -> None:
    (one,) = chain(1)

    assert parse_line(event_line(one), 1) == one
    assert parse_line(head_line("a\nb\n"), 1) == HeadLine("a\nb\n")


@pytest.mark.parametrize(
    "line", [b"", b"{}", b"[]", b"\xff", b'{"type":"event"}', b'{"type":"head","note":"x","more":1}']
)
def test_another_line_is_refused_by_its_place(line: bytes) -> None:
    with pytest.raises(UsageError, match="line 7 "):
        parse_line(line, 7)
