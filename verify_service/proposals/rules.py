"""Who may decide, until when, and whether what is approved is what was shown."""

import datetime
import hashlib
import hmac
from typing import Final
from uuid import UUID

import msgspec

from verify_service.accounts.model import Role
from verify_service.errors import ConflictError, FieldError, ServiceError
from verify_service.proposals.model import Party, Preview, Proposal, ProposalState
from verify_service.subjects.rules.names import parse_name

OPEN_DAYS: Final = 14
"""After so long nobody remembers what was looked at: it is proposed anew."""


class NotYoursError(ServiceError):
    """Whoever asks may not do this to the proposal, whatever roles they have."""


class PreviewChangedError(ConflictError):
    """What would happen is not what was shown: it is shown anew, and nothing was done."""

    def __init__(self) -> None:
        super().__init__("PREVIEW_CHANGED", "what would happen changed since it was shown: look at it again")


def require_open(proposal: Proposal, now: datetime.datetime) -> None:
    """Refuse a proposal that was decided, withdrawn, or is too old."""
    if proposal.state is not ProposalState.OPEN:
        raise ConflictError("PROPOSAL_DECIDED", f"the proposal is {proposal.state.value} already")
    if is_too_old(proposal.proposed_at, now):
        raise ConflictError("PROPOSAL_EXPIRED", f"the proposal is older than {OPEN_DAYS} days")


def is_too_old(proposed_at: datetime.datetime, now: datetime.datetime) -> bool:
    """Tell whether nobody may decide it any more."""
    return now - proposed_at > datetime.timedelta(days=OPEN_DAYS)


def require_other_person(proposal: Proposal, decider: Party) -> None:
    """Refuse whoever proposed it, and whoever may not approve at this moment."""
    if decider.account_id == proposal.proposed_by or decider.name == proposal.proposer:
        raise NotYoursError("OWN_PROPOSAL", "another person than the proposer decides")
    if Role.APPROVER not in decider.roles:
        raise NotYoursError("NOT_APPROVER", "only an approver decides")


def require_own(proposal: Proposal, party: Party) -> None:
    """Refuse anybody but the proposer."""
    if party.account_id != proposal.proposed_by:
        raise NotYoursError("NOT_PROPOSER", "only the proposer withdraws")


def field_of(code: str, name: str) -> str:
    """Return which fact of a correction a code is about: `photo`, `sex`, `name` or `idNumber`."""
    if code.startswith("PHOTO_"):
        return "photo"
    if code.startswith("GENDER_"):
        return "sex"
    try:
        parse_name(name)
    except FieldError as refused:
        return "name" if name.strip() and refused.code == code else "idNumber"
    return "idNumber"


def digest_of(preview: Preview, proposal_id: UUID | None = None) -> str:
    """Return what tells two previews apart, and those of one proposal from another's; it is kept nowhere.

    It goes into the page that shows the preview, and comes back with the form.
    """
    content = msgspec.json.encode((proposal_id, type(preview).__name__, preview), order="sorted")
    return hashlib.sha256(content).hexdigest()


def require_as_shown(preview: Preview, shown: str, proposal_id: UUID | None = None) -> None:
    """Raise `PreviewChangedError` where this is not what was shown."""
    # Of bytes: of texts it compares ASCII alone, and a form may bring any.
    if not hmac.compare_digest(digest_of(preview, proposal_id).encode(), shown.encode()):
        raise PreviewChangedError
