"""SQL on cohort, and on everybody in it at once."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from verify_service.cohorts.model import Cohort, EntryGroup, PartnerPeople
from verify_service.database import Connection
from verify_service.exams.model import Conclusion

SELECT_COHORT: Final = "select cohort_id from cohort where code = $1"
INSERT_COHORT: Final = "insert into cohort (cohort_id, code, partner_id) values ($1, $2, $3)"
SELECT_COHORTS: Final = """
select cohort_id, code, cohort.partner_id, partner.name as partner, exam_on, make_up_on
  from cohort
  left join partner on partner.partner_id = cohort.partner_id
 where $1::text is null or code = $1
 order by code
"""
UPDATE_PLAN: Final = "update cohort set partner_id = $2, exam_on = $3, make_up_on = $4 where cohort_id = $1"
# Joining the key leaves out whoever was erased. A photo may be gone while the enrolment still names it.
SELECT_PEOPLE: Final = """
select cohort_id, enrolment.partner_id, partner.name as partner, count(*) as people,
       count(*) filter (where photo.photo_id is null) as photos_missing
  from enrolment
  join subject_key on subject_key.subject_id = enrolment.subject_id
  join partner on partner.partner_id = enrolment.partner_id
  left join photo on photo.photo_id = enrolment.photo_id
 where cohort_id = any($1) and ($2::uuid is null or enrolment.partner_id = $2)
 group by cohort_id, enrolment.partner_id, partner.name
 order by cohort_id, partner.name
"""
# One join more than "has a credential": without its signature a credential is invisible everywhere.
SELECT_ENTRY_GROUPS: Final = """
select cohort_id, exam_entry.kind, first.held_on as first_on, first.conclusion as first,
       make_up.held_on as make_up_on, make_up.conclusion as make_up,
       exists (
           select
             from credential
             join credential_signature on credential_signature.credential_id = credential.credential_id
            where credential.exam_entry_id = exam_entry.exam_entry_id
       ) as issued,
       count(*) as entries
  from enrolment
  join subject_key on subject_key.subject_id = enrolment.subject_id
  join exam_entry on exam_entry.enrolment_id = enrolment.enrolment_id
  left join sitting as first on first.exam_entry_id = exam_entry.exam_entry_id and first.kind = 'first'
  left join sitting as make_up on make_up.exam_entry_id = exam_entry.exam_entry_id and make_up.kind = 'makeUp'
 where cohort_id = any($1) and ($2::uuid is null or enrolment.partner_id = $2)
 group by cohort_id, exam_entry.kind, first_on, first, make_up_on, make_up, issued
"""


async def find_cohort(connection: Connection, code: str) -> UUID | None:
    """Return a cohort's id, or None."""
    cohort_id: UUID | None = await connection.fetchval(SELECT_COHORT, code)
    return cohort_id


async def add_cohort(connection: Connection, cohort_id: UUID, code: str, partner_id: UUID | None) -> None:
    """Open a cohort: a partner's own class, or a planned one of several."""
    await connection.execute(INSERT_COHORT, cohort_id, code, partner_id)


async def list_cohorts(connection: Connection, code: str | None) -> list[Cohort]:
    """Return the cohort of this code, or all by code."""
    return [Cohort(**dict(row)) for row in await connection.fetch(SELECT_COHORTS, code)]


async def change_plan(
    connection: Connection, cohort_id: UUID, *, partner_id: UUID | None, exam_on: date | None, make_up_on: date | None
) -> None:
    """Let a cohort be planned otherwise."""
    await connection.execute(UPDATE_PLAN, cohort_id, partner_id, exam_on, make_up_on)


async def list_people(
    connection: Connection, cohort_ids: Sequence[UUID], partner_id: UUID | None = None
) -> list[PartnerPeople]:
    """Return how many people of each partner, or of one, are in these cohorts, a cohort's partners by name."""
    return [PartnerPeople(**dict(row)) for row in await connection.fetch(SELECT_PEOPLE, cohort_ids, partner_id)]


async def list_entry_groups(
    connection: Connection, cohort_ids: Sequence[UUID], partner_id: UUID | None = None
) -> list[EntryGroup]:
    """Return the exam entries of these cohorts, of all partners or of one, those that stand alike together."""
    groups = []
    for row in await connection.fetch(SELECT_ENTRY_GROUPS, cohort_ids, partner_id):
        columns = dict(row)
        for sitting in ("first", "make_up"):
            columns[sitting] = None if columns[sitting] is None else Conclusion(columns[sitting])
        groups.append(EntryGroup(**columns))
    return groups
