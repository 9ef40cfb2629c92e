"""Who may decide, until when, and when two previews are the same."""

import datetime
from uuid import UUID

import msgspec
import pytest

from verify_service.accounts.model import Role
from verify_service.credentials.model import RevocationReason
from verify_service.errors import ConflictError
from verify_service.proposals.model import (
    IssuePreview,
    Party,
    PersonLine,
    Proposal,
    ProposalState,
    ProposedAction,
    RevokePreview,
    Target,
)
from verify_service.proposals.rules import (
    OPEN_DAYS,
    NotYoursError,
    PreviewChangedError,
    digest_of,
    field_of,
    require_as_shown,
    require_open,
    require_other_person,
    require_own,
)

NOW = datetime.datetime(2026, 11, 28, 8, 0, tzinfo=datetime.UTC)
PROPOSER = Party(UUID(int=1), "issuer-1", frozenset({Role.ISSUER, Role.APPROVER}))
APPROVER = Party(UUID(int=2), "approver-1", frozenset({Role.APPROVER}))
PROPOSAL = Proposal(
    proposal_id=UUID(int=9),
    target=Target(action=ProposedAction.ISSUE, object_id=str(UUID(int=3))),
    label="C1",
    items=1,
    proposed_by=PROPOSER.account_id,
    proposer=PROPOSER.name,
    proposed_at=NOW,
    state=ProposalState.OPEN,
    decider=None,
    decided_at=None,
    decision_reason=None,
    job_id=None,
)
LINE = PersonLine(object_id=UUID(int=5), name="林样例", kind="online_host", id_number_masked="1****************4")
PREVIEW = IssuePreview(to_issue=(LINE,), held=(), not_eligible=(), issued=0)


def test_another_approver_decides() -> None:
    require_other_person(PROPOSAL, APPROVER)


@pytest.mark.parametrize(
    "decider",
    [
        PROPOSER,
        msgspec.structs.replace(PROPOSER, account_id=UUID(int=7)),
        msgspec.structs.replace(APPROVER, account_id=PROPOSER.account_id),
        msgspec.structs.replace(APPROVER, roles=frozenset(set(Role) - {Role.APPROVER})),
        msgspec.structs.replace(APPROVER, roles=frozenset()),
    ],
)
def test_nobody_else_decides(decider: Party) -> None:
    with pytest.raises(NotYoursError):
        require_other_person(PROPOSAL, decider)


def test_only_the_proposer_withdraws() -> None:
    require_own(PROPOSAL, PROPOSER)
    with pytest.raises(NotYoursError):
        require_own(PROPOSAL, APPROVER)


@pytest.mark.parametrize("state", sorted(set(ProposalState) - {ProposalState.OPEN}))
def test_what_was_decided_is_decided(state: ProposalState) -> None:
    with pytest.raises(ConflictError):
        require_open(msgspec.structs.replace(PROPOSAL, state=state), NOW)


def test_a_proposal_is_open_for_its_days_and_no_moment_longer() -> None:
    term = datetime.timedelta(days=OPEN_DAYS)
    require_open(PROPOSAL, NOW + term)
    with pytest.raises(ConflictError):
        require_open(PROPOSAL, NOW + term + datetime.timedelta(seconds=1))


@pytest.mark.parametrize(
    "changed",
    [
        msgspec.structs.replace(PREVIEW, to_issue=()),
        msgspec.structs.replace(PREVIEW, to_issue=(msgspec.structs.replace(LINE, name="林样例二"),)),
        msgspec.structs.replace(PREVIEW, to_issue=(), held=(LINE,)),
        msgspec.structs.replace(PREVIEW, left_out=(LINE,)),
        msgspec.structs.replace(PREVIEW, issued=1),
        RevokePreview(
            certificates=(LINE,), passed_over=(), reason=RevocationReason.HOLDER_REQUEST, public_reason="withdrawn"
        ),
    ],
)
def test_a_preview_that_differs_in_anything_is_not_what_was_shown(changed: IssuePreview) -> None:
    with pytest.raises(PreviewChangedError):
        require_as_shown(changed, digest_of(PREVIEW))


def test_what_was_shown_of_one_proposal_approves_no_other() -> None:
    require_as_shown(PREVIEW, digest_of(PREVIEW, UUID(int=9)), UUID(int=9))
    for shown in (digest_of(PREVIEW), digest_of(PREVIEW, UUID(int=8)), "", "x", "样"):
        with pytest.raises(PreviewChangedError):
            require_as_shown(PREVIEW, shown, UUID(int=9))


@pytest.mark.parametrize(
    ("code", "name", "field"),
    [
        ("PHOTO_SMALL", "", "photo"),
        ("GENDER_MISMATCH", "", "sex"),
        ("CHECKSUM", "欧阳样例", "idNumber"),
        ("DIGIT", "样例1号", "name"),
        ("CHECKSUM", "样例1号", "idNumber"),
        ("EMPTY", "", "idNumber"),
    ],
)
def test_a_refusal_stands_beside_the_field_it_is_about(code: str, name: str, field: str) -> None:
    assert field_of(code, name) == field
