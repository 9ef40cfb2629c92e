"""SQL that records what will be signed."""

import datetime
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from verify_service.credentials.model import Candidate, Draft, Kind
from verify_service.database import Connection

SELECT_KINDS: Final = "select kind, qr_code, number_prefix, requires_photo from certificate_kind"
ENTRIES: Final = """
select exam_entry.exam_entry_id, exam_entry.kind, enrolment.subject_id, enrolment.photo_id, partner.name as partner,
       exists (select from credential where credential.exam_entry_id = exam_entry.exam_entry_id) as issued,
       exists (
           select from sitting where sitting.exam_entry_id = exam_entry.exam_entry_id and conclusion = 'passed'
       ) as passed
  from enrolment
  join subject_key on subject_key.subject_id = enrolment.subject_id -- an erased person sits for nothing any more
  join exam_entry on exam_entry.enrolment_id = enrolment.enrolment_id
  join partner on partner.partner_id = enrolment.partner_id
"""
SELECT_COHORT_ENTRIES: Final = f"{ENTRIES} where enrolment.cohort_id = $1 order by exam_entry.exam_entry_id"
SELECT_ENTRIES: Final = f"{ENTRIES} where exam_entry.exam_entry_id = any($1) order by exam_entry.exam_entry_id"
# Rows of the counter are locked first: whoever holds them is the only one issuing this kind.
LOCK_COUNTER: Final = """
insert into certificate_number_counter (kind, year, last_serial) values ($1, $2, 0)
    on conflict (kind, year) do update set last_serial = certificate_number_counter.last_serial
returning last_serial
"""
ADVANCE_COUNTER: Final = "update certificate_number_counter set last_serial = $3 where kind = $1 and year = $2"
SELECT_ISSUED_VERSIONS: Final = "select exam_entry_id, version from credential where exam_entry_id = any($1)"
SELECT_PASSED: Final = """
select exam_entry_id from sitting where exam_entry_id = any($1) and conclusion = 'passed'
"""
SELECT_INSTANT: Final = """
select date_trunc('second', now()) as issued_at,
       extract(year from now() at time zone 'Asia/Shanghai')::int as year
"""
LOCK_STATUS_LIST: Final = """
select status_list, used, occupied from status_list order by status_list desc limit 1 for update
"""
INSERT_STATUS_LIST: Final = "insert into status_list (status_list, used, occupied) values ($1, 0, $2)"
UPDATE_STATUS_LIST: Final = "update status_list set used = $2, occupied = $3 where status_list = $1"
LOCK_STATUS_LISTS: Final = "select pg_advisory_xact_lock(hashtextextended('status_list', 0))"
DELETE_PHONE_KEYS: Final = """
delete from lookup_key
 using credential
 where credential.credential_id = lookup_key.credential_id and credential.subject_id = $1 and pair in (2, 3)
"""
# Signed or not: what a crash left unsigned will be signed, and must then be found by the phone of that day.
SELECT_RECORDED: Final = """
select credential_id, subject_id, sealed_document, sealed_id_number from credential where subject_id = $1
"""
# An erased person's is found by nobody: there is no key to read its facts with.
SELECT_NOT_INDEXED: Final = """
select credential_id, credential.subject_id, sealed_document, sealed_id_number
  from credential
  join subject_key on subject_key.subject_id = credential.subject_id
 where not exists (
       select from lookup_key
        where lookup_key.credential_id = credential.credential_id and pair = 1 and key_version = $1
 )
 order by credential_id
 limit $2
"""
DELETE_VERSION: Final = "delete from lookup_key where key_version = $1"
CREDENTIAL_COLUMNS: Final = Draft.__struct_fields__
LOOKUP_KEY_COLUMNS: Final = ("credential_id", "pair", "key_version", "hmac")


class CohortEntry(msgspec.Struct, frozen=True):
    """An exam entry of a cohort: what it would be issued with, and whether it was, or may be."""

    candidate: Candidate
    issued: bool
    passed: bool


class Recorded(msgspec.Struct, frozen=True):
    """A credential as recorded, with what its lookup keys are made of still sealed."""

    credential_id: UUID
    subject_id: UUID
    sealed_document: bytes
    sealed_id_number: bytes


async def list_kinds(connection: Connection) -> dict[str, Kind]:
    """Return every kind of certificate by its code."""
    return {row["kind"]: Kind(**dict(row)) for row in await connection.fetch(SELECT_KINDS)}


async def list_cohort_entries(connection: Connection, cohort_id: UUID) -> list[CohortEntry]:
    """Return every exam entry of a cohort."""
    return [_entry(dict(row)) for row in await connection.fetch(SELECT_COHORT_ENTRIES, cohort_id)]


async def find_entries(connection: Connection, exam_entry_ids: Sequence[UUID]) -> list[CohortEntry]:
    """Return these exam entries; an erased person's is missing."""
    return [_entry(dict(row)) for row in await connection.fetch(SELECT_ENTRIES, exam_entry_ids)]


def _entry(columns: dict[str, Any]) -> CohortEntry:
    issued, passed = columns.pop("issued"), columns.pop("passed")
    return CohortEntry(Candidate(**columns), issued=issued, passed=passed)


async def lock_counter(connection: Connection, kind: str, year: int) -> int:
    """Return the last serial of a kind and year, holding the counter until the transaction ends."""
    return int(await connection.fetchval(LOCK_COUNTER, kind, year))


async def advance_counter(connection: Connection, kind: str, year: int, last_serial: int) -> None:
    """Move a held counter on."""
    await connection.execute(ADVANCE_COUNTER, kind, year, last_serial)


async def find_issued_versions(connection: Connection, exam_entry_ids: Sequence[UUID]) -> set[tuple[UUID, int]]:
    """Return which versions exist for these entries, a revoked or unsigned one included."""
    rows = await connection.fetch(SELECT_ISSUED_VERSIONS, exam_entry_ids)
    return {(row["exam_entry_id"], row["version"]) for row in rows}


async def find_passed(connection: Connection, exam_entry_ids: Sequence[UUID]) -> set[UUID]:
    """Return which of these entries a certificate has been earned for."""
    return {row["exam_entry_id"] for row in await connection.fetch(SELECT_PASSED, exam_entry_ids)}


async def get_instant(connection: Connection) -> tuple[datetime.datetime, int]:
    """Return the instant of issue, whole seconds of the database's clock, and its year in Shanghai."""
    row = await connection.fetchrow(SELECT_INSTANT)
    assert row is not None  # noqa: S101  # a select without a from clause has exactly one row
    return row["issued_at"], row["year"]


async def lock_status_list(connection: Connection) -> tuple[int, int, bytes] | None:
    """Return number, entries used and bitmap of the newest list, held until the transaction ends, or None."""
    await connection.execute(LOCK_STATUS_LISTS)
    row = await connection.fetchrow(LOCK_STATUS_LIST)
    return None if row is None else (row["status_list"], row["used"], row["occupied"])


async def add_status_list(connection: Connection, status_list: int, occupied: bytes) -> None:
    """Open a list."""
    await connection.execute(INSERT_STATUS_LIST, status_list, occupied)


async def change_status_list(connection: Connection, status_list: int, used: int, occupied: bytes) -> None:
    """Keep which positions of a held list are taken."""
    await connection.execute(UPDATE_STATUS_LIST, status_list, used, occupied)


async def add_credentials(connection: Connection, drafts: Sequence[Draft]) -> None:
    """Record credentials before they are signed."""
    records = [tuple(getattr(draft, column) for column in CREDENTIAL_COLUMNS) for draft in drafts]
    await connection.copy_records_to_table("credential", records=records, columns=CREDENTIAL_COLUMNS)


async def add_lookup_keys(connection: Connection, keys: Sequence[tuple[UUID, int, int, bytes]]) -> None:
    """Add blind indexes: credential, pair, key version, HMAC."""
    await connection.copy_records_to_table("lookup_key", records=keys, columns=LOOKUP_KEY_COLUMNS)


async def delete_phone_keys(connection: Connection, subject_id: UUID) -> None:
    """Remove the blind indexes over a person's phone, on every certificate of that person."""
    await connection.execute(DELETE_PHONE_KEYS, subject_id)


async def find_recorded(connection: Connection, subject_id: UUID) -> list[Recorded]:
    """Return every credential of a person, one that still waits for its signature included."""
    return [Recorded(**dict(row)) for row in await connection.fetch(SELECT_RECORDED, subject_id)]


async def find_not_indexed(connection: Connection, version: int, limit: int) -> list[Recorded]:
    """Return credentials that no lookup under a version of the index secret finds."""
    return [Recorded(**dict(row)) for row in await connection.fetch(SELECT_NOT_INDEXED, version, limit)]


async def delete_version(connection: Connection, version: int) -> None:
    """Remove every blind index under a version of the index secret."""
    await connection.execute(DELETE_VERSION, version)
