"""Which heads are believed, and under which name one lies in a folder."""

from collections.abc import Collection
from typing import Final

from signing import AuditHead, SigningError, VerifierKey, verify_audit_head
from verify_service.errors import ServiceError
from verify_service.trail.model import KeptHead

SUFFIX: Final = ".head"
_NAMED_ON: Final = "%Y%m%dT%H%M%SZ"


class ForgedHeadError(ServiceError):
    """A head that no key of this trail has signed; `event` is the number it claims, 0 where it names none."""

    def __init__(self, event: int) -> None:
        super().__init__("AUDIT_HEAD_FORGED", f"a head that names event {event} is not signed by a key of this trail")
        self.event = event


def verified_head(note: str, keys: Collection[VerifierKey]) -> KeptHead:
    """Return a head with what it says; raise `ForgedHeadError` for one that is not signed by one of these keys."""
    try:
        return KeptHead(verify_audit_head(note, keys), note)
    except SigningError:
        raise ForgedHeadError(_claimed_event(note)) from None


def file_name(head: AuditHead) -> str:
    """Return the name of a head's file: the folder lists them in the order they were signed."""
    return f"{head.signed_at:{_NAMED_ON}}-{head.event_id}{SUFFIX}"


def _claimed_event(note: str) -> int:
    lines = note.split("\n", 2)
    claimed = lines[1] if len(lines) > 1 else ""
    return int(claimed) if claimed.isascii() and claimed.isdigit() and len(claimed) < 19 else 0
