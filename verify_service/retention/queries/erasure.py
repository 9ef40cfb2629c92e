"""SQL that ends everything held of a person, and leaves rows that name nobody."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from verify_service.database import Connection
from verify_service.retention.model import Holdings

SELECT_HOLDINGS: Final = """
select (select count(*) from enrolment where subject_id = $1) as enrolments,
       (select count(*) from credential where subject_id = $1) as certificates,
       (select count(*) from photo where subject_id = $1) as photos,
       (select count(*)
          from redemption_code
          join enrolment on enrolment.enrolment_id = redemption_code.enrolment_id
         where subject_id = $1) as redemption_codes,
       (select count(*)
          from sitting
          join exam_entry on exam_entry.exam_entry_id = sitting.exam_entry_id
          join enrolment on enrolment.enrolment_id = exam_entry.enrolment_id
         where subject_id = $1) as sittings,
       (select count(*)
          from lookup_key
          join credential on credential.credential_id = lookup_key.credential_id
         where subject_id = $1) as lookup_keys
"""
DELETE_LOOKUP_KEYS: Final = """
delete from lookup_key
 using credential
 where credential.credential_id = lookup_key.credential_id and credential.subject_id = any($1)
"""
UNLINK_PHOTOS: Final = "update enrolment set photo_id = null where subject_id = any($1) and photo_id is not null"
DELETE_PHOTOS: Final = "delete from photo where subject_id = any($1)"
# Codes that were replaced stay known: eighty random bits, hashed, beside an enrolment that is nobody's now.
DELETE_CODES: Final = """
delete from redemption_code
 using enrolment
 where enrolment.enrolment_id = redemption_code.enrolment_id and enrolment.subject_id = any($1)
"""
# Date and conclusion stay where a certificate rests on them: why it was issued must remain provable.
DELETE_SITTINGS: Final = """
delete from sitting
 using exam_entry, enrolment
 where exam_entry.exam_entry_id = sitting.exam_entry_id
   and enrolment.enrolment_id = exam_entry.enrolment_id and enrolment.subject_id = any($1)
   and not exists (select from credential where credential.exam_entry_id = sitting.exam_entry_id)
"""
DELETE_SCORES: Final = """
update sitting set theory_score_tenths = null, practice_score_tenths = null
  from exam_entry
  join enrolment on enrolment.enrolment_id = exam_entry.enrolment_id
 where exam_entry.exam_entry_id = sitting.exam_entry_id and enrolment.subject_id = any($1)
   and num_nonnulls(theory_score_tenths, practice_score_tenths) > 0
"""
# Random bytes in place of the index: whoever brings this number again is somebody new.
EMPTY_SUBJECTS: Final = """
update subject
   set document_type = null, sealed_name = null, sealed_sex = null, sealed_id_number = null, sealed_phone = null,
       key_version = null,
       id_number_index = sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), changed_at = now()
 where subject_id = any($1)
"""
DELETE_SUBJECT_KEYS: Final = "delete from subject_key where subject_id = any($1)"
ERASURE: Final = (
    DELETE_LOOKUP_KEYS,
    UNLINK_PHOTOS,
    DELETE_PHOTOS,
    DELETE_CODES,
    DELETE_SITTINGS,
    DELETE_SCORES,
    EMPTY_SUBJECTS,
    DELETE_SUBJECT_KEYS,
)


async def count_holdings(connection: Connection, subject_id: UUID) -> Holdings:
    """Return how much the register holds of a person."""
    row = await connection.fetchrow(SELECT_HOLDINGS, subject_id)
    assert row is not None  # noqa: S101  # a select without a from clause has exactly one row
    return Holdings(**dict(row))


async def erase_subjects(connection: Connection, subject_ids: Sequence[UUID]) -> None:
    """Delete or empty everything personal of these people, their data keys last, in the caller's transaction."""
    for statement in ERASURE:
        await connection.execute(statement, subject_ids)
