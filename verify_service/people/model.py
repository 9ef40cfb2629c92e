"""What the page of a person shows."""

import datetime
from uuid import UUID

import msgspec

from verify_service.answers import Status
from verify_service.credentials.model import status_of
from verify_service.retention.model import Holdings


class Sat(msgspec.Struct, frozen=True):
    """One sitting of one exam."""

    kind: str
    sitting: str
    held_on: datetime.date
    conclusion: str


class Enrolled(msgspec.Struct, frozen=True):
    """One enrolment, with what became of its redemption code and its exams."""

    enrolment_id: UUID
    cohort: str
    partner: str
    has_photo: bool
    enrolled_at: datetime.datetime
    code_issued_at: datetime.datetime | None
    """None once retention has ended it."""
    code_listed: bool
    code_redeemed_at: datetime.datetime | None
    codes_replaced: int
    sittings: tuple[Sat, ...] = ()


class Version(msgspec.Struct, frozen=True):
    """One certificate, of a chain of corrections or alone."""

    credential_id: UUID
    exam_entry_id: UUID
    number: str
    token: bytes
    kind: str
    version: int
    issued_at: datetime.datetime
    signed_at: datetime.datetime | None
    """None while it waits for its signature: nobody outside sees it yet."""
    revoked_at: datetime.datetime | None
    revocation_reason: str | None
    superseded_at: datetime.datetime | None
    superseded_by: str | None
    held_for: str | None
    """Why the print gate held its newest drawing, as a code; None if it passed or was not drawn."""

    @property
    def status(self) -> Status:
        """Return the one state of it."""
        return status_of(self.revoked_at, self.superseded_at)


class Identity(msgspec.Struct, frozen=True):
    """Who a person is; number and phone masked, or whole to whoever asked for them and was recorded."""

    name: str
    sex: str
    document_type: str
    id_number: str
    phone: str | None
    shown: bool


class PersonFile(msgspec.Struct, frozen=True):
    """Everything the register has of a person. Of an erased one `identity` is None and the rest names nobody."""

    subject_id: UUID
    registered_at: datetime.datetime
    identity: Identity | None
    enrolments: tuple[Enrolled, ...]
    certificates: tuple[Version, ...]
    holdings: Holdings

    @property
    def object_ids(self) -> tuple[str, ...]:
        """Return under which names the trail may speak of this person's things."""
        enrolments = (str(enrolled.enrolment_id) for enrolled in self.enrolments)
        certificates = (name for one in self.certificates for name in (str(one.credential_id), one.number))
        return (str(self.subject_id), *enrolments, *certificates)
