"""Checking a chain of events row by row: each recomputed as migration 0001 makes it, and compared with signed heads."""

import datetime
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from signing import AuditHead
from verify_service.trail.model import Fault, FaultKind, StoredEvent, TrailVerdict

INSTANT: Final = "%Y-%m-%dT%H:%M:%S.%fZ"


def event_hash(event: StoredEvent) -> bytes:
    """Return the SHA-256 that `chain_audit_event` gives a row of this content.

    What is hashed is the text of a jsonb array: PostgreSQL writes strings as Python does, with ", " between members;
    `detail` is taken as it was written.
    """
    members = (
        (event.previous_hash or b"").hex(),
        event.number,
        event.occurred_at.astimezone(datetime.UTC).strftime(INSTANT),
        event.actor,
        event.action,
        event.object_type,
        event.object_id,
    )
    written = [json.dumps(member, ensure_ascii=False) for member in members]
    return hashlib.sha256(f"[{', '.join((*written, event.detail))}]".encode()).digest()


class ChainCheck:
    """Takes a trail event by event, from its first or from one that a head vouches for, and keeps the first fault."""

    def __init__(self, heads: Iterable[AuditHead], first: int = 1) -> None:
        self._heads = defaultdict[int, list[AuditHead]](list)
        for head in heads:
            self._heads[head.event_id].append(head)
        self._first = first
        self._expected = first
        self._previous: bytes | None = None
        self._vouched = first - 1
        self._events = 0
        self._fault: Fault | None = None

    @property
    def is_sound(self) -> bool:
        """Tell whether no fault was found yet."""
        return self._fault is None

    def read(self, event: StoredEvent) -> None:
        """Compare the next event; after a fault nothing more is looked at."""
        if self._fault is not None:
            return
        self._fault = self._fault_of(event)
        if self._fault is None:
            self._events += 1
            self._expected, self._previous = event.number + 1, event.hash
            if event.number in self._heads:
                self._vouched = event.number

    def verdict(self) -> TrailVerdict:
        """Return what was found, once the last event has been read."""
        last, furthest = self._expected - 1, max(self._heads, default=0)
        fault = self._fault
        if fault is None and furthest > last:
            fault = Fault(FaultKind.CUT, last + 1, furthest)
        return TrailVerdict(
            events=self._events,
            heads=sum(map(len, self._heads.values())),
            last_event=last,
            signed_through=self._vouched if self._heads else 0,
            fault=fault,
        )

    def _fault_of(self, event: StoredEvent) -> Fault | None:
        expected = self._expected
        if event.number != expected:
            kind = FaultKind.MISSING if event.number > expected else FaultKind.MISPLACED
            return Fault(kind, expected, max(expected, event.number - 1))
        if event_hash(event) != event.hash:
            return Fault(FaultKind.EDITED, expected, expected)
        # Of the first of a part the one before is not here; that it is the right one, its head says.
        if event.previous_hash != self._previous and (expected != self._first or self._first == 1):
            return Fault(FaultKind.UNLINKED, expected, expected)
        if any(head.event_hash != event.hash for head in self._heads.get(expected, ())):
            return Fault(FaultKind.REWRITTEN, self._vouched + 1, expected)
        return None
