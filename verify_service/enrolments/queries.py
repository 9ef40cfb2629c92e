"""SQL on cohort, enrolment, redemption_code and exam_entry."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from verify_service.database import Connection
from verify_service.enrolments.model import EnrolmentRow

SELECT_COHORT: Final = "select cohort_id from cohort where code = $1"
INSERT_COHORT: Final = "insert into cohort (cohort_id, code) values ($1, $2)"
SELECT_ENROLMENTS: Final = """
select enrolment.enrolment_id, subject_id, cohort_id, photo_id, array_agg(kind order by kind) as kinds
  from enrolment
  join exam_entry on exam_entry.enrolment_id = enrolment.enrolment_id
 where subject_id = any($1)
 group by enrolment.enrolment_id
"""
INSERT_ENROLMENT: Final = """
insert into enrolment (enrolment_id, subject_id, cohort_id, partner_id, photo_id) values ($1, $2, $3, $4, $5)
"""
UPDATE_PHOTO: Final = "update enrolment set photo_id = $2 where enrolment_id = $1"
INSERT_EXAM_ENTRY: Final = "insert into exam_entry (exam_entry_id, enrolment_id, kind) values ($1, $2, $3)"
INSERT_REDEMPTION_CODE: Final = """
insert into redemption_code (enrolment_id, code_index, sealed_code) values ($1, $2, $3)
"""


async def find_cohort(connection: Connection, code: str) -> UUID | None:
    """Return a cohort's id, or None."""
    cohort_id: UUID | None = await connection.fetchval(SELECT_COHORT, code)
    return cohort_id


async def add_cohort(connection: Connection, cohort_id: UUID, code: str) -> None:
    """Open a cohort."""
    await connection.execute(INSERT_COHORT, cohort_id, code)


async def find_enrolments(connection: Connection, subject_ids: Sequence[UUID]) -> list[EnrolmentRow]:
    """Return every enrolment of these people, in any cohort."""
    rows = await connection.fetch(SELECT_ENROLMENTS, subject_ids)
    return [EnrolmentRow(**{**dict(row), "kinds": tuple(row["kinds"])}) for row in rows]


async def add_enrolment(
    connection: Connection,
    *,
    enrolment_id: UUID,
    subject_id: UUID,
    cohort_id: UUID,
    partner_id: UUID,
    photo_id: UUID | None,
) -> None:
    """Enrol a person in a cohort."""
    await connection.execute(INSERT_ENROLMENT, enrolment_id, subject_id, cohort_id, partner_id, photo_id)


async def replace_photo(connection: Connection, enrolment_id: UUID, photo_id: UUID) -> None:
    """Let the enrolment point at another photo; certificates issued before keep theirs."""
    await connection.execute(UPDATE_PHOTO, enrolment_id, photo_id)


async def add_exam_entry(connection: Connection, exam_entry_id: UUID, enrolment_id: UUID, kind: str) -> None:
    """Let an enrolment sit for one kind of certificate."""
    await connection.execute(INSERT_EXAM_ENTRY, exam_entry_id, enrolment_id, kind)


async def add_redemption_code(
    connection: Connection, *, enrolment_id: UUID, code_index: bytes, sealed_code: bytes
) -> None:
    """Store an enrolment's one code: its HMAC, and sealed until the partner's list is drawn."""
    await connection.execute(INSERT_REDEMPTION_CODE, enrolment_id, code_index, sealed_code)
