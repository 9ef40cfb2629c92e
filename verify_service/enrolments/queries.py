"""SQL on enrolment and exam_entry."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from verify_service.database import Connection
from verify_service.enrolments.model import EnrolmentRow, NewEnrolment

SELECT_ENROLMENTS: Final = """
select enrolment.enrolment_id, subject_id, cohort_id, partner_id, photo_id, array_agg(kind order by kind) as kinds
  from enrolment
  join exam_entry on exam_entry.enrolment_id = enrolment.enrolment_id
 where subject_id = any($1)
 group by enrolment.enrolment_id
"""
# Joining the key leaves out whoever was erased.
COUNT_OTHERS: Final = """
select count(*)
  from enrolment
  join subject on subject.subject_id = enrolment.subject_id
  join subject_key on subject_key.subject_id = enrolment.subject_id
 where cohort_id = $1 and partner_id = any($2) and id_number_index <> all($3)
"""
# Signed or not, revoked or not: once there is one, what it says is changed by correcting it.
SELECT_CERTIFIED: Final = "select distinct subject_id from credential where subject_id = any($1)"
UPDATE_PHOTO: Final = "update enrolment set photo_id = $2 where enrolment_id = $1"
UPDATE_PARTNER: Final = "update enrolment set partner_id = $2 where enrolment_id = $1"
ENROLMENT_COLUMNS: Final = NewEnrolment.__struct_fields__
EXAM_ENTRY_COLUMNS: Final = ("exam_entry_id", "enrolment_id", "kind")


async def find_enrolments(connection: Connection, subject_ids: Sequence[UUID]) -> dict[UUID, list[EnrolmentRow]]:
    """Return every enrolment of these people, in any cohort, by subject id."""
    found: dict[UUID, list[EnrolmentRow]] = {}
    for row in await connection.fetch(SELECT_ENROLMENTS, subject_ids):
        enrolment = EnrolmentRow(**{**dict(row), "kinds": tuple(row["kinds"])})
        found.setdefault(enrolment.subject_id, []).append(enrolment)
    return found


async def count_others(
    connection: Connection, *, cohort_id: UUID, partner_ids: Sequence[UUID], id_number_indexes: Sequence[bytes]
) -> int:
    """Return how many people these partners enrolled in a cohort beside those with these indexes."""
    return int(await connection.fetchval(COUNT_OTHERS, cohort_id, partner_ids, id_number_indexes))


async def find_certified(connection: Connection, subject_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Return who of these people has any certificate."""
    return frozenset(row["subject_id"] for row in await connection.fetch(SELECT_CERTIFIED, subject_ids))


async def add_enrolments(connection: Connection, enrolments: Sequence[NewEnrolment]) -> None:
    """Enrol people in cohorts."""
    records = [tuple(getattr(enrolment, column) for column in ENROLMENT_COLUMNS) for enrolment in enrolments]
    await connection.copy_records_to_table("enrolment", records=records, columns=ENROLMENT_COLUMNS)


async def add_exam_entries(connection: Connection, entries: Sequence[tuple[UUID, UUID, str]]) -> None:
    """Let enrolments sit for kinds of certificates: exam entry, enrolment, kind."""
    await connection.copy_records_to_table("exam_entry", records=entries, columns=EXAM_ENTRY_COLUMNS)


async def replace_photo(connection: Connection, enrolment_id: UUID, photo_id: UUID) -> None:
    """Let the enrolment point at another photo; certificates issued before keep theirs."""
    await connection.execute(UPDATE_PHOTO, enrolment_id, photo_id)


async def change_partner(connection: Connection, enrolment_id: UUID, partner_id: UUID) -> None:
    """Let an enrolment be another partner's."""
    await connection.execute(UPDATE_PARTNER, enrolment_id, partner_id)
