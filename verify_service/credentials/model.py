"""Credentials, what becomes of them, and the answers of the commands that change them."""

import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

import msgspec

from verify_service.answers import PublicReason, Status


class RevocationReason(StrEnum):
    """Why a certificate was revoked, as the centre knows it."""

    ISSUED_IN_ERROR = "issued_in_error"
    EXAM_MISCONDUCT = "exam_misconduct"
    HOLDER_REQUEST = "holder_request"
    KEY_COMPROMISE = "key_compromise"


REPLACEABLE: Final = frozenset({RevocationReason.ISSUED_IN_ERROR, RevocationReason.KEY_COMPROMISE})
"""After these, `correct` may still give the holder a new certificate: the holder was not at fault."""

PUBLIC_REASONS: Final[dict[RevocationReason, PublicReason]] = {
    RevocationReason.ISSUED_IN_ERROR: "issued_in_error",
    RevocationReason.KEY_COMPROMISE: "key_compromise",
    RevocationReason.EXAM_MISCONDUCT: "withdrawn",
    RevocationReason.HOLDER_REQUEST: "withdrawn",
}
"""What the public may know: misconduct is between the centre and the holder."""


class Kind(msgspec.Struct, frozen=True):
    """One kind of certificate, as the register knows it."""

    kind: str
    qr_code: int
    number_prefix: str
    requires_photo: bool


class Candidate(msgspec.Struct, frozen=True):
    """One exam entry that was passed and has no credential yet."""

    exam_entry_id: UUID
    subject_id: UUID
    kind: str
    photo_id: UUID | None
    partner: str
    version: int = 1
    supersedes: UUID | None = None


class Draft(msgspec.Struct, frozen=True):
    """Everything of a credential that is recorded before it is signed."""

    credential_id: UUID
    exam_entry_id: UUID
    version: int
    supersedes: UUID | None
    subject_id: UUID
    kind: str
    certificate_number: str
    token: bytes
    status_list: int
    status_index: int
    credential_key_id: str
    qr_key_id: str
    template_digest: bytes
    photo_id: UUID | None
    approval_id: UUID
    issued_at: datetime.datetime
    sealed_id_number: bytes
    sealed_salt: bytes
    sealed_document: bytes
    sealed_qr_structure: bytes


class RefusedSignature(msgspec.Struct, frozen=True):
    """A recorded certificate that was not signed, and the code of why."""

    number: str
    code: str


class SigningResult(msgspec.Struct, frozen=True):
    """What one look at everything that waits for its signature came to."""

    signed: int
    refused: tuple[RefusedSignature, ...] = ()

    def code_of(self, number: str) -> str | None:
        """Return why this certificate was not signed, or None."""
        return next((refused.code for refused in self.refused if refused.number == number), None)


class Standing(msgspec.Struct, frozen=True):
    """A signed credential and what became of it."""

    credential_id: UUID
    exam_entry_id: UUID
    version: int
    subject_id: UUID
    kind: str
    certificate_number: str
    token: bytes
    photo_id: UUID | None
    template_digest: bytes
    issued_at: datetime.datetime
    revoked_at: datetime.datetime | None
    revocation_reason: str | None
    superseded_at: datetime.datetime | None
    successor: UUID | None

    @property
    def status(self) -> Status:
        """Return the one state: revoked before superseded before valid."""
        return status_of(self.revoked_at, self.superseded_at)


class Held(msgspec.Struct, frozen=True):
    """Somebody who passed but cannot be issued to yet, and why."""

    name: str
    partner: str
    kind: str
    reason: str


class IssueResult(msgspec.Struct, frozen=True, rename="camel"):
    """What one run of `certificates issue` came to."""

    issued: int
    already_issued: int
    held: tuple[Held, ...]
    not_eligible: int


class CorrectionResult(msgspec.Struct, frozen=True):
    """The new certificate's number, and the one it stands in for."""

    number: str
    supersedes: str


class ListedCertificate(msgspec.Struct, frozen=True, rename="camel"):
    """One line of `certificates list`."""

    number: str
    kind: str
    name: str
    token: str
    qr: str
    status: Status
    status_reason: str | None
    issued_on: datetime.date
    due_on: datetime.date | None
    superseded_by: str | None


def status_of(revoked_at: datetime.datetime | None, superseded_at: datetime.datetime | None) -> Status:
    """Return the state two events amount to: revoked before superseded before valid."""
    if revoked_at is not None:
        return "revoked"
    return "valid" if superseded_at is None else "superseded"


def public_reason(reason: str | None) -> PublicReason | None:
    """Return what the public may know of a reason to revoke."""
    return None if reason is None else PUBLIC_REASONS[RevocationReason(reason)]
