"""What waits for a signature, on whose approval, and the few words a signer is spoken to in."""

import datetime
from typing import Final
from uuid import UUID

import msgspec

from verify_service.credentials.model import SigningResult


class Consent(msgspec.Struct, frozen=True):
    """An approval as the register holds it; `recorded_by` is the database role that added it."""

    action: str
    given_by: str
    actor: str
    second_actor: str | None
    object_type: str | None
    object_id: str | None
    recorded_by: str
    proposed: bool
    """Whether an approved proposal, decided by another account than its proposer, names this very certificate."""


class Intent(msgspec.Struct, frozen=True):
    """A recorded credential without a signature: what its row says, and the sealed bytes that must say the same."""

    credential_id: UUID
    subject_id: UUID
    cohort_id: UUID
    supersedes: UUID | None
    superseded_number: str | None
    approval_id: UUID
    certificate_number: str
    token: bytes
    kind: str
    kind_code: int
    status_list: int
    status_index: int
    template_digest: bytes
    issued_at: datetime.datetime
    credential_key_id: str
    qr_key_id: str
    sealed_document: bytes
    sealed_qr_structure: bytes
    kek_id: str
    wrapped: bytes


class Origin(msgspec.Struct, frozen=True):
    """For whom a signer signs: the issuer's DID, and every public URL a certificate of theirs may name."""

    did: str
    public_urls: frozenset[str]


class Signed(msgspec.Struct, frozen=True):
    """The final bytes of one credential, sealed."""

    credential_id: UUID
    sealed_record: bytes
    sealed_qr: bytes
    sealed_badge_signature: bytes
    """The signature of the Open Badges twin: the rest of it is in the record."""


class WithoutBadge(msgspec.Struct, frozen=True):
    """A certificate that was signed before there were Open Badges twins, under a key that may still sign."""

    credential_id: UUID
    subject_id: UUID
    certificate_number: str
    credential_key_id: str
    sealed_record: bytes
    kek_id: str
    wrapped: bytes


class Ready(msgspec.Struct, frozen=True, tag=True):
    """Asks whether these keys open and are the registered ones."""

    key_ids: tuple[str, ...]


class SignPending(msgspec.Struct, frozen=True, tag=True):
    """Asks to sign what waits. It names nothing: what is signed stands in the register."""


class PublishStatus(msgspec.Struct, frozen=True, tag=True):
    """Asks to publish the status lists that changed or are due."""


class SealTrail(msgspec.Struct, frozen=True, tag=True):
    """Asks to sign how far the audit trail reaches, if that is due."""


Question = Ready | SignPending | PublishStatus | SealTrail


class Done(msgspec.Struct, frozen=True, tag=True):
    """It was done; `published` counts status lists, `sealed` heads of the audit trail."""

    signing: SigningResult = SigningResult(0)
    published: int = 0
    sealed: int = 0


class Failed(msgspec.Struct, frozen=True, tag=True):
    """It was not done, and why; `exit_code` is what a command ends with for it."""

    exit_code: int
    code: str
    message: str


Answer = Done | Failed

MAX_QUESTION_BYTES: Final = 4 * 1024
MAX_ANSWER_BYTES: Final = 1024 * 1024
