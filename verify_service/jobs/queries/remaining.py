"""SQL on what of a job is left to do: asked of the register, so that nothing has to be remembered."""

from typing import Final
from uuid import UUID

import msgspec

from verify_service.database import Connection

SELECT_UNISSUED: Final = """
select proposal_item.object_id
  from proposal_item
 where proposal_item.proposal_id = $1
   and not exists (select from credential where credential.exam_entry_id = proposal_item.object_id)
   and not exists (
           select from job_held
            where job_held.job_id = $2 and stage = 'sign' and job_held.object_id = proposal_item.object_id
       )
 order by proposal_item.object_id
 limit $3
"""
SELECT_UNSIGNED: Final = """
select credential.exam_entry_id, credential.certificate_number
  from proposal_item
  join credential on credential.exam_entry_id = proposal_item.object_id and credential.version = 1
  join subject_key on subject_key.subject_id = credential.subject_id -- an erased person's is never signed
 where proposal_item.proposal_id = $1
   and not exists (
           select from credential_signature where credential_signature.credential_id = credential.credential_id
       )
"""
# By the items, which the index of exam entries finds: approvals have none. What was issued beside the job is not its.
SELECT_UNPRINTED: Final = """
select credential.credential_id
  from job
  join proposal_item on proposal_item.proposal_id = job.proposal_id
  join credential on credential.exam_entry_id = proposal_item.object_id and credential.approval_id = job.approval_id
  join credential_signature on credential_signature.credential_id = credential.credential_id
 where job.job_id = $1
   and not exists (select from credential_event where credential_event.credential_id = credential.credential_id)
   and not exists (
           select from print_check where print_check.credential_id = credential.credential_id and edition = 'full'
       )
 order by credential.credential_id
 limit $2
"""
SELECT_UNREVOKED: Final = """
select credential.credential_id, credential.certificate_number, credential.subject_id, proposal_item.sealed_payload
  from proposal_item
  join credential on credential.credential_id = proposal_item.object_id
 where proposal_item.proposal_id = $1
   and not exists (
           select from credential_event
            where credential_event.credential_id = credential.credential_id and event = 'revoked'
       )
   and not exists (
           select from job_held
            where job_held.job_id = $2 and stage = 'revoke' and job_held.object_id = proposal_item.object_id
       )
 order by proposal_item.object_id
 limit $3
"""
EMPTY_PAYLOAD: Final = "update proposal_item set sealed_payload = null where proposal_id = $1 and object_id = $2"


class Unrevoked(msgspec.Struct, frozen=True):
    """A certificate that is to be revoked, with the note to it, sealed under its person's key."""

    credential_id: UUID
    certificate_number: str
    subject_id: UUID
    sealed_payload: bytes | None


async def find_unissued(connection: Connection, proposal_id: UUID, job_id: UUID, limit: int) -> list[UUID]:
    """Return exam entries of a proposal that have no credential and were not left out, in the roster's order."""
    return [row["object_id"] for row in await connection.fetch(SELECT_UNISSUED, proposal_id, job_id, limit)]


async def find_unsigned(connection: Connection, proposal_id: UUID) -> dict[str, UUID]:
    """Return by number the exam entries of a proposal whose credential still waits for its signature."""
    rows = await connection.fetch(SELECT_UNSIGNED, proposal_id)
    return {row["certificate_number"]: row["exam_entry_id"] for row in rows}


async def find_unprinted(connection: Connection, job_id: UUID, limit: int) -> list[UUID]:
    """Return certificates issued by a job that still stand and that the print gate has not seen."""
    return [row["credential_id"] for row in await connection.fetch(SELECT_UNPRINTED, job_id, limit)]


async def find_unrevoked(connection: Connection, proposal_id: UUID, job_id: UUID, limit: int) -> list[Unrevoked]:
    """Return certificates of a proposal that are not revoked and were not left out."""
    return [Unrevoked(**dict(row)) for row in await connection.fetch(SELECT_UNREVOKED, proposal_id, job_id, limit)]


async def empty_payload(connection: Connection, proposal_id: UUID, object_id: UUID) -> None:
    """Forget the note and facts of one object: what was to be kept of them stands where it was approved."""
    await connection.execute(EMPTY_PAYLOAD, proposal_id, object_id)
