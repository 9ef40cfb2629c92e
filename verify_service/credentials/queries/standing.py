"""SQL on signed credentials and what became of them."""

import datetime
from collections.abc import AsyncIterator, Sequence
from typing import Final
from uuid import UUID

import msgspec

from verify_service.credentials.model import Standing
from verify_service.database import Connection

STANDING_COLUMNS: Final = """
       credential.credential_id, credential.exam_entry_id, credential.version, credential.subject_id, credential.kind,
       credential.certificate_number, credential.token, credential.photo_id, credential.template_digest,
       credential.issued_at, revoked.occurred_at as revoked_at, revoked.reason as revocation_reason,
       superseded.occurred_at as superseded_at, superseded.successor
"""
# Of each event there is at most one.
WITH_EVENTS: Final = """
  left join credential_event as revoked
    on revoked.credential_id = credential.credential_id and revoked.event = 'revoked'
  left join credential_event as superseded
    on superseded.credential_id = credential.credential_id and superseded.event = 'superseded'
"""
# Joining the signature hides what is not signed yet.
SIGNED_WITH_EVENTS: Final = f"""
  join credential_signature on credential_signature.credential_id = credential.credential_id
  {WITH_EVENTS}
"""
STANDING_TABLES: Final = f"from credential {SIGNED_WITH_EVENTS}"
SELECT_BY_NUMBER: Final = f"select {STANDING_COLUMNS} {STANDING_TABLES} where certificate_number = $1"  # constants
SELECT_BY_IDS: Final = f"""
select {STANDING_COLUMNS} {STANDING_TABLES} where credential.credential_id = any($1) order by credential.credential_id
"""  # constants
SELECT_VERSIONS: Final = f"""
select {STANDING_COLUMNS} {STANDING_TABLES} where credential.exam_entry_id = $1 order by version
"""  # constants
# By number and not by row: a row of this insert-only table cannot be locked by a role that may not update it.
LOCK_STANDING: Final = "select pg_advisory_xact_lock(hashtextextended('standing of ' || $1, 0))"
SELECT_SEALED: Final = """
select sealed_record, sealed_qr, sealed_id_number, sealed_salt, kek_id, wrapped
  from credential
  join credential_signature on credential_signature.credential_id = credential.credential_id
  join subject_key on subject_key.subject_id = credential.subject_id
 where credential.credential_id = $1
"""
LISTED_COLUMNS: Final = ("sealed_record", "sealed_qr", "kek_id", "wrapped", "held_on", "superseded_by")
INSERT_REVOKED: Final = """
insert into credential_event (credential_id, event, reason, approval_id) values ($1, 'revoked', $2, $3)
    on conflict (credential_id, event) do nothing
returning credential_id
"""
SELECT_NUMBER: Final = "select certificate_number from credential where credential_id = $1"
# An erased person's will never be signed, and holds up nothing.
SELECT_UNSIGNED_SUCCESSOR: Final = """
select successor.credential_id
  from credential as successor
  join subject_key on subject_key.subject_id = successor.subject_id
  left join credential_signature on credential_signature.credential_id = successor.credential_id
 where successor.supersedes = $1 and credential_signature.credential_id is null
"""
# Supersession is a chain without branches (`supersedes` is unique): its end is the one that nothing succeeds.
END_OF_CHAIN: Final = """
    with recursive chain as (
        select credential_event.successor, 1 as length from credential_event
         where credential_event.credential_id = credential.credential_id and event = 'superseded'
        union all
        select credential_event.successor, chain.length + 1
          from chain
          join credential_event on credential_event.credential_id = chain.successor and event = 'superseded'
    )
    select latest.certificate_number
      from chain
      join credential as latest on latest.credential_id = chain.successor
     order by length desc
     limit 1
"""
SELECT_LISTED: Final = f"""
select {STANDING_COLUMNS}, sealed_record, sealed_qr, subject_key.kek_id, subject_key.wrapped, passed.held_on,
       ({END_OF_CHAIN}) as superseded_by
{STANDING_TABLES}
  join subject_key on subject_key.subject_id = credential.subject_id
  join exam_entry on exam_entry.exam_entry_id = credential.exam_entry_id
  join enrolment on enrolment.enrolment_id = exam_entry.enrolment_id
  join cohort on cohort.cohort_id = enrolment.cohort_id
  left join sitting as passed on passed.exam_entry_id = exam_entry.exam_entry_id and passed.conclusion = 'passed'
 where $1::text is null or cohort.code = $1
 order by credential.certificate_number
"""  # constants


class Sealed(msgspec.Struct, frozen=True):
    """The sealed final bytes of one credential, and the key that opens them."""

    sealed_record: bytes
    sealed_qr: bytes
    sealed_id_number: bytes
    sealed_salt: bytes
    kek_id: str
    wrapped: bytes


class ListedRow(msgspec.Struct, frozen=True):
    """One credential with what its line in the list is made of."""

    standing: Standing
    sealed_record: bytes
    sealed_qr: bytes
    kek_id: str
    wrapped: bytes
    held_on: datetime.date | None
    superseded_by: str | None


async def find_by_number(connection: Connection, certificate_number: str) -> Standing | None:
    """Return the signed credential of a number, or None."""
    row = await connection.fetchrow(SELECT_BY_NUMBER, certificate_number)
    return None if row is None else Standing(**dict(row))


async def find_by_ids(connection: Connection, credential_ids: Sequence[UUID]) -> list[Standing]:
    """Return signed credentials by their ids, in the order of those."""
    return [Standing(**dict(row)) for row in await connection.fetch(SELECT_BY_IDS, credential_ids)]


async def list_versions(connection: Connection, exam_entry_id: UUID) -> list[Standing]:
    """Return every signed certificate of an exam entry, the first one first: each but the last stands corrected."""
    return [Standing(**dict(row)) for row in await connection.fetch(SELECT_VERSIONS, exam_entry_id)]


async def lock_standing(connection: Connection, certificate_number: str) -> None:
    """Be the only one to revoke or replace this certificate until the transaction ends."""
    await connection.execute(LOCK_STANDING, certificate_number)


async def find_sealed(connection: Connection, credential_id: UUID) -> Sealed | None:
    """Return the sealed bytes of a signed credential; None once its person was erased."""
    row = await connection.fetchrow(SELECT_SEALED, credential_id)
    return None if row is None else Sealed(**dict(row))


async def list_all(connection: Connection, cohort_code: str | None) -> AsyncIterator[ListedRow]:
    """Yield the signed credentials of a cohort, or of all, by number; must run in a transaction (a cursor)."""
    async for row in connection.cursor(SELECT_LISTED, cohort_code, prefetch=500):
        columns = dict(row)
        others = {name: columns.pop(name) for name in LISTED_COLUMNS}
        yield ListedRow(standing=Standing(**columns), **others)


async def add_revoked(connection: Connection, *, credential_id: UUID, reason: str, approval_id: UUID) -> bool:
    """Mark a credential as revoked; False if it already was."""
    return await connection.fetchval(INSERT_REVOKED, credential_id, reason, approval_id) is not None


async def find_number(connection: Connection, credential_id: UUID) -> str | None:
    """Return the number of a credential."""
    number: str | None = await connection.fetchval(SELECT_NUMBER, credential_id)
    return number


async def find_unsigned_successor(connection: Connection, credential_id: UUID) -> UUID | None:
    """Return the credential that is to replace this one but was not signed before a crash, or None."""
    successor: UUID | None = await connection.fetchval(SELECT_UNSIGNED_SUCCESSOR, credential_id)
    return successor
