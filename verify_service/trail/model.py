"""Events as they stand, heads that vouch for them, and what a check came to."""

import datetime
from enum import StrEnum

import msgspec

from signing import AuditHead


class StoredEvent(msgspec.Struct, frozen=True):
    """One row of the trail, as it was read."""

    number: int
    occurred_at: datetime.datetime
    actor: str
    action: str
    object_type: str
    object_id: str
    detail: str
    """JSON exactly as the database writes it: this text is part of what was hashed."""
    previous_hash: bytes | None
    hash: bytes

    @property
    def label(self) -> str:
        """Return what people call the object: the number, code or name in `detail`, where it has one, else the id."""
        try:
            named = msgspec.json.decode(self.detail, type=_Named)
        except msgspec.DecodeError:  # another kind of value under one of these names
            return self.object_id
        return named.number or named.code or named.name or self.object_id


class _Named(msgspec.Struct, frozen=True):
    number: str | None = None
    code: str | None = None
    name: str | None = None


class FaultKind(StrEnum):
    """What is wrong with a trail, by the first row that shows it."""

    MISSING = "missing"
    """A number is left out: rows were removed."""
    MISPLACED = "misplaced"
    """A number comes too late: rows were exchanged, or put in."""
    EDITED = "edited"
    """The row does not have the content it was hashed with."""
    UNLINKED = "unlinked"
    """The row follows another one than that before it."""
    REWRITTEN = "rewritten"
    """The chain holds and is not the one that was signed: everything from some row on was written anew."""
    CUT = "cut"
    """The trail ends before an event that was signed."""
    HEAD_FORGED = "head_forged"
    """A head is not signed, not with a key of the trail, or not in its one form."""


class Fault(msgspec.Struct, frozen=True, rename="camel"):
    """The first fault of a trail: a row by its number, or the rows up to `through`, of which one at least is bad."""

    kind: FaultKind
    event: int
    through: int

    @property
    def sentence(self) -> str:
        """Say in English what was found."""
        where = f"event {self.event}" if self.event == self.through else f"events {self.event} to {self.through}"
        return f"{where}: {_SENTENCES[self.kind]}"


_SENTENCES = {
    FaultKind.MISSING: "missing; rows were removed here",
    FaultKind.MISPLACED: "out of its place; rows were exchanged or put in here",
    FaultKind.EDITED: "not the content that was hashed; the row was edited or put in",
    FaultKind.UNLINKED: "not what followed the event before it; rows were put in, exchanged or edited here",
    FaultKind.REWRITTEN: "not what was signed; one of them or several were written anew, and every hash after",
    FaultKind.CUT: "signed, and no longer there; the end of the trail was cut off",
    FaultKind.HEAD_FORGED: "named by a head that no key of this trail has signed",
}


class TrailVerdict(msgspec.Struct, frozen=True, rename="camel"):
    """How far a trail was read, and its first fault; None if it is whole."""

    events: int
    heads: int
    last_event: int
    """0 of an empty trail."""
    signed_through: int
    """The last event that a head vouches for, 0 without any: what follows may still be changed unseen."""
    fault: Fault | None


class EventFilter(msgspec.Struct, frozen=True):
    """Which events are wanted; None for any."""

    actor: str | None = None
    action: str | None = None
    object_id: str | None = None
    since: datetime.datetime | None = None
    until: datetime.datetime | None = None
    """Exclusive."""


class KeptHead(msgspec.Struct, frozen=True):
    """A head that was verified, with the note that says so."""

    head: AuditHead
    note: str


class HeadRow(msgspec.Struct, frozen=True):
    """A head as the register keeps it."""

    audit_head_id: int
    audit_event_id: int
    event_hash: bytes
    signed_note: str
    signed_at: datetime.datetime
