"""Erasing a person: the data key, everything that finds the person and everything that names the person, at once.

What stays says nothing about anybody: certificates as bytes that no key opens, their numbers and status positions, rows
of enrolments. A revocation stays published, and whoever still holds the paper gets "not found".
"""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import approve, record
from verify_service.database import Connection
from verify_service.drafts.service.erasing import count_naming, end_naming
from verify_service.errors import NotFoundError
from verify_service.retention.model import ErasureReport
from verify_service.retention.queries import erasure as queries
from verify_service.sealing.model import Secrets
from verify_service.subjects import service as subjects
from verify_service.subjects.model import IdNumber


async def preview_erasure(connection: Connection, secrets: Secrets, number: IdNumber) -> ErasureReport:
    """Return what an erasure of this number's person would end; refuse a number that is not on the register."""
    subject_id = await _require_person(connection, secrets, number)
    held = await queries.count_holdings(connection, subject_id)
    return ErasureReport(applied=False, held=held, drafts=await count_naming(connection, secrets, number))


async def erase_person(connection: Connection, secrets: Secrets, actor: Actor, number: IdNumber) -> ErasureReport:
    """Erase this number's person, whatever became of the certificates; refuse a number that is not on the register.

    The operator's note is not kept: it may say anything about the person, and sealed under the person's key it would
    end with that key. The trail says that one was given.
    """
    async with connection.transaction():
        await subjects.hold_registration(connection)
        subject_id = await _require_person(connection, secrets, number)
        held = await queries.count_holdings(connection, subject_id)
        approval = await approve(connection, actor, "erase")
        drafts = await end_naming(connection, secrets, actor, number)
        given = {"approval": str(approval.approval_id), "noteGiven": True}
        await erase_people(
            connection, actor, [subject_id], {**given, "held": msgspec.to_builtins(held), "drafts": drafts}
        )
    return ErasureReport(applied=True, held=held, drafts=drafts)


async def erase_people(
    connection: Connection, actor: Actor, subject_ids: Sequence[UUID], detail: dict[str, object]
) -> None:
    """Erase people and record each with `detail`, in the caller's transaction, which holds them."""
    await queries.erase_subjects(connection, subject_ids)
    events = (AuditEvent("subject_erased", "subject", str(subject_id), detail) for subject_id in subject_ids)
    await record(connection, actor, *events)


async def _require_person(connection: Connection, secrets: Secrets, number: IdNumber) -> UUID:
    subject_id = await subjects.find_id(connection, secrets, number)
    if subject_id is None:
        raise NotFoundError("UNKNOWN_PERSON", "nobody on the register has this document type and number")
    return subject_id
