"""Deciding: another person than the proposer sees what would happen now, and approves exactly that, or rejects it."""

import datetime
from collections.abc import Awaitable, Callable, Sequence
from typing import Final
from uuid import UUID

import msgspec
import structlog

from verify_service.audit.model import Actor, ApprovedObject, AuditEvent
from verify_service.audit.service import approve as record_approval
from verify_service.audit.service import record
from verify_service.credentials.model import CorrectionResult, RevocationReason
from verify_service.credentials.queries.standing import find_by_ids
from verify_service.credentials.service.correcting import Correction, record_correction, sign_correction
from verify_service.credentials.service.desk import Desk
from verify_service.credentials.service.revoking import revoke
from verify_service.database import Connection
from verify_service.errors import NotFoundError, ServiceError
from verify_service.jobs.model import JobKind, NewJob
from verify_service.jobs.rules import payload_place
from verify_service.jobs.service.steering import start
from verify_service.proposals import queries
from verify_service.proposals.model import Party, Preview, Proposal, ProposalState, ProposedAction, Rejection
from verify_service.proposals.queries import Item
from verify_service.proposals.rules import (
    OPEN_DAYS,
    require_as_shown,
    require_open,
    require_other_person,
    require_own,
)
from verify_service.proposals.service.certificate_previews import preview_correct, preview_revoke
from verify_service.proposals.service.class_previews import Reader, preview_issue, preview_revoke_class
from verify_service.subjects import service as subjects

log = structlog.get_logger()

NOBODY: Final = Actor("consoles")
"""Who lets a proposal expire: not whoever happened to look next."""

DeskOf = Callable[[Actor], Awaitable[Desk]]
"""Opens what recording a correction needs, for two people."""


class Instant(msgspec.Struct, frozen=True):
    """When it is, and which day that is where the service's users are."""

    now: datetime.datetime
    today: datetime.date


class Outcome(msgspec.Struct, frozen=True):
    """What an approval led to: a job, a certificate in place of another, or a revocation that is done."""

    job_id: UUID | None = None
    corrected: CorrectionResult | None = None
    waits_for_signer: bool = False
    """A correction is recorded; the signer, who was away, makes it stand."""


async def get_proposal(connection: Connection, proposal_id: UUID) -> Proposal:
    """Return a proposal; refuse an id that none has."""
    proposal = await queries.find_proposal(connection, proposal_id)
    if proposal is None:
        raise NotFoundError("UNKNOWN_PROPOSAL", "there is no such proposal")
    return proposal


async def preview(reader: Reader, proposal: Proposal, today: datetime.date) -> Preview:
    """Return what approving it now would do; raise what stands in the way."""
    return await _preview(reader, proposal, await queries.list_items(reader.connection, proposal.proposal_id), today)


async def approve(
    reader: Reader, decider: Party, proposal_id: UUID, shown: str, *, desk_of: DeskOf, at: Instant
) -> Outcome:
    """Approve and do it, or set it going: all in one transaction, but for a correction's signature.

    Raises `PreviewChangedError` where what would happen is not what `shown` is the digest of; `NotYoursError` for the
    proposer and whoever is no approver; ConflictError for what is decided, or cannot be done any more.
    """
    connection = reader.connection
    proposal = await get_proposal(connection, proposal_id)
    require_other_person(proposal, decider)
    actor = decider.actor.seconding(proposal.proposer)
    desk = await desk_of(actor) if proposal.target.action is ProposedAction.CORRECT else None
    async with connection.transaction():
        await subjects.hold_registration(connection)
        proposal = await _hold_open(connection, proposal_id, at.now)
        items = await queries.list_items(connection, proposal_id)
        require_as_shown(await _preview(reader, proposal, items, at.today), shown, proposal_id)
        await queries.decide(connection, proposal_id, ProposalState.APPROVED, decider)
        await _note(connection, actor, "proposal_approved", proposal)
        if desk is None:
            return await _carry_out(reader, actor, proposal, items)
        correction = await _correction(reader, proposal, items)
        recorded = await record_correction(desk, proposal.target.object_id, correction, today=at.today)
        await queries.empty_payloads(connection, [proposal_id])
    try:
        return Outcome(corrected=await sign_correction(desk, recorded))
    except ServiceError as error:  # approved and recorded it is, whatever keeps the signature back
        log.warning("correction_unsigned", code=error.code)
        return Outcome(waits_for_signer=True)


async def reject(connection: Connection, decider: Party, proposal_id: UUID, rejection: Rejection, at: Instant) -> None:
    """Reject a proposal; refuse its proposer, who withdraws it, and whoever is no approver."""
    async with connection.transaction():
        proposal = await _hold_open(connection, proposal_id, at.now)
        require_other_person(proposal, decider)
        await queries.decide(connection, proposal_id, ProposalState.REJECTED, decider, rejection)
        await queries.empty_payloads(connection, [proposal_id])
        await _note(connection, decider.actor, "proposal_rejected", proposal)


async def withdraw(connection: Connection, party: Party, proposal_id: UUID, at: Instant) -> None:
    """Undo a proposal of one's own before it is decided."""
    async with connection.transaction():
        proposal = await _hold_open(connection, proposal_id, at.now)
        require_own(proposal, party)
        await queries.decide(connection, proposal_id, ProposalState.WITHDRAWN, party)
        await queries.empty_payloads(connection, [proposal_id])
        await _note(connection, party.actor, "proposal_withdrawn", proposal)


async def expire_old(connection: Connection) -> None:
    """Let what nobody decided in time expire, and forget what was proposed of people."""
    async with connection.transaction():
        ids = await queries.expire_older_than(connection, OPEN_DAYS)
        await queries.empty_payloads(connection, ids)
        for proposal_id in ids:
            await _note(connection, NOBODY, "proposal_expired", await get_proposal(connection, proposal_id))


async def _hold_open(connection: Connection, proposal_id: UUID, now: datetime.datetime) -> Proposal:
    await queries.lock_proposal(connection, proposal_id)
    proposal = await get_proposal(connection, proposal_id)
    require_open(proposal, now)
    return proposal


async def _preview(reader: Reader, proposal: Proposal, items: Sequence[Item], today: datetime.date) -> Preview:
    target = proposal.target
    frozen = {item.object_id for item in items}
    match target.action:
        case ProposedAction.ISSUE:
            return await preview_issue(reader, UUID(target.object_id), frozen)
        case ProposedAction.REVOKE:
            note = await _note_of(reader, proposal, items)
            return await preview_revoke(reader, target.object_id, _reason(proposal), note)
        case ProposedAction.REVOKE_COHORT:
            note = await _note_of(reader, proposal, items)
            return await preview_revoke_class(reader, UUID(target.object_id), _reason(proposal), note, frozen)
        case ProposedAction.CORRECT:
            correction = await _correction(reader, proposal, items)
            return await preview_correct(reader, target.object_id, correction, today=today)


async def _carry_out(reader: Reader, actor: Actor, proposal: Proposal, items: Sequence[Item]) -> Outcome:
    connection, target = reader.connection, proposal.target
    if target.action is ProposedAction.REVOKE:
        note = await _note_of(reader, proposal, items)
        await revoke(connection, reader.secrets, actor, number=target.object_id, reason=_reason(proposal), note=note)
        await queries.empty_payloads(connection, [proposal.proposal_id])
        return Outcome()
    approval_id = None
    if target.action is ProposedAction.ISSUE:
        about = ApprovedObject("cohort", target.object_id)
        approval_id = (await record_approval(connection, actor, "issue", about=about)).approval_id
    job = NewJob(
        kind=JobKind.ISSUE if approval_id else JobKind.REVOKE_COHORT,
        proposal_id=proposal.proposal_id,
        cohort_id=UUID(target.object_id),
        total=len(items),
        approval_id=approval_id,
    )
    return Outcome(job_id=await start(connection, actor, job))


def _reason(proposal: Proposal) -> RevocationReason:
    assert proposal.target.reason is not None  # noqa: S101  # the table has no proposal to revoke without one
    return proposal.target.reason


async def _note_of(reader: Reader, proposal: Proposal, items: Sequence[Item]) -> str | None:
    """Return the note, of whichever of the people is still there: it is the same for all."""
    opened = await _opened(reader, proposal, items)
    return None if opened is None else opened.decode()


async def _correction(reader: Reader, proposal: Proposal, items: Sequence[Item]) -> Correction:
    opened = await _opened(reader, proposal, items)
    if opened is None:
        raise NotFoundError("ERASED", "what was proposed ended with the person it was about")
    return msgspec.msgpack.decode(opened, type=Correction)


async def _opened(reader: Reader, proposal: Proposal, items: Sequence[Item]) -> bytes | None:
    sealed = {item.object_id: item.sealed_payload for item in items if item.sealed_payload is not None}
    for standing in await find_by_ids(reader.connection, list(sealed)[:100]):
        people = await subjects.find_by_ids(reader.connection, reader.secrets, [standing.subject_id])
        if subject := people.get(standing.subject_id):
            payload = sealed[standing.credential_id]
            assert payload is not None  # noqa: S101  # chosen so above
            return subject.cipher.open(payload, payload_place(proposal.proposal_id), standing.credential_id)
    return None


async def _note(connection: Connection, actor: Actor, action: str, proposal: Proposal) -> None:
    target = proposal.target
    detail = {"action": target.action.value, target.object_type: target.object_id}
    await record(connection, actor, AuditEvent(action, "proposal", str(proposal.proposal_id), detail))
