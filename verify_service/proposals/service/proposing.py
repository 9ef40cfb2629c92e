"""Proposing: what was shown is frozen, sealed where it is personal, and waits for another person."""

import datetime
from collections.abc import Sequence
from uuid import UUID

import msgspec

from verify_service.audit.model import AuditEvent
from verify_service.audit.service import record
from verify_service.credentials.model import RevocationReason
from verify_service.credentials.service.correcting import Correction, open_person
from verify_service.credentials.service.revoking import get_standing
from verify_service.database import Connection, new_row_id
from verify_service.errors import ConflictError
from verify_service.jobs.rules import payload_place
from verify_service.proposals import queries
from verify_service.proposals.model import Party, ProposedAction, Target
from verify_service.proposals.queries import Item
from verify_service.proposals.rules import require_as_shown
from verify_service.proposals.service.certificate_previews import preview_correct, preview_revoke
from verify_service.proposals.service.class_previews import Reader, preview_issue, preview_revoke_class
from verify_service.sealing.rules import SubjectCipher
from verify_service.subjects import service as subjects


async def propose_issue(reader: Reader, proposer: Party, cohort_id: UUID, shown: str) -> UUID:
    """Propose to issue to exactly whom `shown` is the digest of, and return the proposal's id."""
    async with reader.connection.transaction():
        preview = await preview_issue(reader, cohort_id)
        require_as_shown(preview, shown)
        items = [Item(line.object_id) for line in preview.to_issue]
        target = Target(action=ProposedAction.ISSUE, object_id=str(cohort_id))
        return await _propose(reader.connection, new_row_id(), target, proposer, items)


async def propose_revoke(
    reader: Reader, proposer: Party, number: str, reason: RevocationReason, note: str | None, shown: str
) -> UUID:
    """Propose to revoke one certificate; the note is sealed under its person's key."""
    proposal_id = new_row_id()
    async with reader.connection.transaction():
        preview = await preview_revoke(reader, number, reason, note)
        require_as_shown(preview, shown)
        standing = await get_standing(reader.connection, number)
        ciphers = await _ciphers(reader, [standing.subject_id])
        payload = _sealed(ciphers.get(standing.subject_id), note, proposal_id, standing.credential_id)
        target = Target(action=ProposedAction.REVOKE, object_id=number, reason=reason)
        items = [Item(standing.credential_id, payload)]
        return await _propose(reader.connection, proposal_id, target, proposer, items)


async def propose_revoke_class(
    reader: Reader, proposer: Party, cohort_id: UUID, reason: RevocationReason, note: str | None, shown: str
) -> UUID:
    """Propose to revoke what was issued to a class; the note is sealed for each of its people."""
    proposal_id = new_row_id()
    async with reader.connection.transaction():
        preview = await preview_revoke_class(reader, cohort_id, reason, note)
        require_as_shown(preview, shown)
        rows = {row.credential_id: row for row in await queries.list_certificates(reader.connection, cohort_id)}
        ciphers = await _ciphers(reader, [row.subject_id for row in rows.values()])
        items = [
            Item(
                line.object_id,
                _sealed(ciphers.get(rows[line.object_id].subject_id), note, proposal_id, line.object_id),
            )
            for line in preview.certificates
        ]
        target = Target(action=ProposedAction.REVOKE_COHORT, object_id=str(cohort_id), reason=reason)
        return await _propose(reader.connection, proposal_id, target, proposer, items)


async def propose_correct(
    reader: Reader, proposer: Party, number: str, correction: Correction, shown: str, *, today: datetime.date
) -> UUID:
    """Propose to correct one certificate; what it is to say is sealed under its person's key."""
    proposal_id = new_row_id()
    async with reader.connection.transaction():
        preview = await preview_correct(reader, number, correction, today=today)
        require_as_shown(preview, shown)
        standing = await get_standing(reader.connection, number)
        subject = await open_person(reader.connection, reader.secrets, standing)
        content = msgspec.msgpack.encode(correction)
        payload = subject.cipher.seal(content, payload_place(proposal_id), standing.credential_id)
        target = Target(action=ProposedAction.CORRECT, object_id=number)
        items = [Item(standing.credential_id, payload)]
        return await _propose(reader.connection, proposal_id, target, proposer, items)


async def _propose(
    connection: Connection, proposal_id: UUID, target: Target, proposer: Party, items: Sequence[Item]
) -> UUID:
    if not items:
        raise ConflictError("NOTHING_TO_DO", "there is nobody this would be done for")
    if not await queries.add_proposal(connection, proposal_id, target, proposer):
        raise ConflictError("PROPOSAL_OPEN", "another proposal about the same is open: decide or withdraw it first")
    await queries.add_items(connection, proposal_id, items)
    detail = {"action": target.action.value, target.object_type: target.object_id, "items": len(items)}
    event = AuditEvent("proposed", "proposal", str(proposal_id), detail)
    await record(connection, proposer.actor, event)
    return proposal_id


async def _ciphers(reader: Reader, subject_ids: Sequence[UUID]) -> dict[UUID, SubjectCipher]:
    people = await subjects.find_by_ids(reader.connection, reader.secrets, subject_ids)
    return {subject_id: subject.cipher for subject_id, subject in people.items()}


def _sealed(cipher: SubjectCipher | None, note: str | None, proposal_id: UUID, object_id: UUID) -> bytes | None:
    if cipher is None or note is None:
        return None
    return cipher.seal(note.encode(), payload_place(proposal_id), object_id)
