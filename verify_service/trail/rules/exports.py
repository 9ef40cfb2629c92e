"""The trail as a file: a JSON object a line, events in their order and then every head."""

import datetime
from typing import Final

import msgspec

from verify_service.errors import UsageError
from verify_service.trail.model import StoredEvent
from verify_service.trail.rules.chain import INSTANT

MAX_LINE_BYTES: Final = 1024 * 1024


class EventLine(msgspec.Struct, frozen=True, rename="camel", tag_field="type", tag="event", forbid_unknown_fields=True):
    """One event. `detail` keeps the very text that was hashed, blanks included."""

    number: int
    at: str
    actor: str
    action: str
    object_type: str
    object_id: str
    detail: msgspec.Raw
    previous_hash: str | None
    hash: str


class HeadLine(msgspec.Struct, frozen=True, tag_field="type", tag="head", forbid_unknown_fields=True):
    """One head, as it was signed."""

    note: str


_DECODER: Final = msgspec.json.Decoder(EventLine | HeadLine)


def event_line(event: StoredEvent) -> bytes:
    """Return the line of an event, with its line feed."""
    line = EventLine(
        number=event.number,
        at=event.occurred_at.astimezone(datetime.UTC).strftime(INSTANT),
        actor=event.actor,
        action=event.action,
        object_type=event.object_type,
        object_id=event.object_id,
        detail=msgspec.Raw(event.detail.encode()),
        previous_hash=None if event.previous_hash is None else event.previous_hash.hex(),
        hash=event.hash.hex(),
    )
    return msgspec.json.encode(line) + b"\n"


def head_line(note: str) -> bytes:
    """Return the line of a head, with its line feed."""
    return msgspec.json.encode(HeadLine(note)) + b"\n"


def parse_line(line: bytes, place: int) -> StoredEvent | HeadLine:
    """Return what the line at `place`, from 1, says; refuse with `UsageError` what no export has."""
    try:
        read = _DECODER.decode(line)
        return read if isinstance(read, HeadLine) else _event(read)
    except (ValueError, RecursionError):
        raise UsageError("AUDIT_FILE", f"line {place} is not of an export of the audit trail") from None


def _event(line: EventLine) -> StoredEvent:
    return StoredEvent(
        number=line.number,
        occurred_at=datetime.datetime.strptime(line.at, INSTANT).replace(tzinfo=datetime.UTC),
        actor=line.actor,
        action=line.action,
        object_type=line.object_type,
        object_id=line.object_id,
        detail=bytes(line.detail).decode(),
        previous_hash=None if line.previous_hash is None else bytes.fromhex(line.previous_hash),
        hash=bytes.fromhex(line.hash),
    )
