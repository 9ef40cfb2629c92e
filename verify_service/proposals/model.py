"""Proposals, who decides them, and what each would do."""

import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

import msgspec

from verify_service.accounts.model import Role
from verify_service.answers import PublicReason, Status
from verify_service.audit.model import Actor
from verify_service.credentials.model import RevocationReason


class ProposedAction(StrEnum):
    """What is proposed."""

    ISSUE = "issue"
    REVOKE = "revoke"
    REVOKE_COHORT = "revoke_cohort"
    CORRECT = "correct"


OF_COHORTS: Final = frozenset({ProposedAction.ISSUE, ProposedAction.REVOKE_COHORT})


class ProposalState(StrEnum):
    """What became of a proposal."""

    OPEN = "open"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    APPROVED = "approved"
    EXPIRED = "expired"


class Rejection(StrEnum):
    """Why a proposal is rejected. A word of a list and no text: what may be said of a person is not kept here."""

    WRONG_OBJECT = "wrong_object"
    WRONG_FACTS = "wrong_facts"
    NOT_JUSTIFIED = "not_justified"
    NOT_NOW = "not_now"


class Party(msgspec.Struct, frozen=True):
    """The account that proposes or decides."""

    account_id: UUID
    name: str
    roles: frozenset[Role]
    """As the database has them at this request."""
    session: str | None = None
    """Of a console: the id of the session in which they do."""

    @property
    def actor(self) -> Actor:
        """Return who is written into the trail."""
        return Actor(self.name, session=self.session)


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """What is proposed, of which class (by id) or certificate (by number)."""

    action: ProposedAction
    object_id: str
    reason: RevocationReason | None = None

    @property
    def object_type(self) -> str:
        """Return `cohort` or `certificate`."""
        return "cohort" if self.action in OF_COHORTS else "certificate"


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """One proposal as it stands."""

    proposal_id: UUID
    target: Target
    label: str
    """What people call the object: the code of the class, or the certificate's number."""
    items: int
    proposed_by: UUID
    proposer: str
    proposed_at: datetime.datetime
    state: ProposalState
    decider: str | None
    decided_at: datetime.datetime | None
    decision_reason: str | None
    job_id: UUID | None


class PersonLine(msgspec.Struct, frozen=True, kw_only=True):
    """One exam entry or certificate of a class, as a preview shows it."""

    object_id: UUID
    name: str
    kind: str
    id_number_masked: str
    partner: str = ""
    number: str = ""
    status: Status | None = None
    reason: str = ""
    """Why nothing is done about it: a code."""


class IssuePreview(msgspec.Struct, frozen=True, kw_only=True):
    """Exactly who of a class gets a certificate, and why others do not."""

    to_issue: tuple[PersonLine, ...]
    held: tuple[PersonLine, ...]
    """Passed, and cannot be made: `NO_PHOTO`, `NO_GLYPH U+…`."""
    not_eligible: tuple[PersonLine, ...]
    """`failed`, `absent`, `void`, `no_result`, or `erased`."""
    issued: int
    """Exam entries that have a certificate already."""
    left_out: tuple[PersonLine, ...] = ()
    """Eligible now, but not in the proposal."""


class RevokePreview(msgspec.Struct, frozen=True, kw_only=True):
    """Whose certificates would be revoked, and what the public would be told."""

    certificates: tuple[PersonLine, ...]
    passed_over: tuple[PersonLine, ...]
    """Revoked already, or of somebody who was erased: nothing is done about them."""
    reason: RevocationReason
    public_reason: PublicReason
    note: str | None = None
    left_out: tuple[PersonLine, ...] = ()
    """Valid now and of the class, but not in the proposal: they stay valid."""


class ShownPerson(msgspec.Struct, frozen=True, kw_only=True):
    """The facts of a certificate that a correction may change."""

    name: str
    sex: str
    id_number: str


class CorrectPreview(msgspec.Struct, frozen=True, kw_only=True):
    """What a certificate says and what the one in its place would say."""

    number: str
    kind: str
    before: ShownPerson
    after: ShownPerson
    new_photo: bytes | None
    """JPEG; None where the photo stays."""
    note: str


Preview = IssuePreview | RevokePreview | CorrectPreview
