"""SQL on what is due, by class: `$1` is the cut-off day, `$2` how much one transaction ends at most."""

import datetime
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from verify_service.database import Connection
from verify_service.retention.model import DataClass

SELECT_TODAY: Final = "select (now() at time zone 'Asia/Shanghai')::date"
# Of each enrolment: the last day anything happened in it or is planned to, and whether a certificate was earned and is
# still owed. Who is owed one keeps what it will be made of, however long the centre takes.
ENROLMENT_DATES: Final = """
    select enrolment.enrolment_id, enrolment.subject_id, enrolment.photo_id,
           greatest(
               (enrolment.created_at at time zone 'Asia/Shanghai')::date,
               max(sitting.held_on),
               (max(credential.issued_at) at time zone 'Asia/Shanghai')::date,
               cohort.exam_on,
               cohort.make_up_on
           ) as last_on,
           coalesce(bool_or(sitting.conclusion = 'passed' and credential.credential_id is null), false) as owed
      from enrolment
      join cohort on cohort.cohort_id = enrolment.cohort_id
      left join exam_entry on exam_entry.enrolment_id = enrolment.enrolment_id
      left join sitting on sitting.exam_entry_id = exam_entry.exam_entry_id
      left join credential on credential.exam_entry_id = exam_entry.exam_entry_id
     group by enrolment.enrolment_id, cohort.cohort_id
"""
DUE_PEOPLE: Final = f"""
    select subject.subject_id
      from subject
      join subject_key on subject_key.subject_id = subject.subject_id -- not erased yet
      left join ({ENROLMENT_DATES}) as enrolled on enrolled.subject_id = subject.subject_id
     where not exists (select from credential where credential.subject_id = subject.subject_id)
     group by subject.subject_id
    having greatest((subject.created_at at time zone 'Asia/Shanghai')::date, max(enrolled.last_on)) < $1
       and not coalesce(bool_or(enrolled.owed), false)
"""  # noqa: S608  # constants
DUE_PHOTOS: Final = f"""
    select photo.photo_id
      from photo
      left join (
          select photo_id, last_on, owed from ({ENROLMENT_DATES}) as enrolled
          union all
          select photo_id, (issued_at at time zone 'Asia/Shanghai')::date, false from credential
      ) as used on used.photo_id = photo.photo_id
     group by photo.photo_id
    having coalesce(max(used.last_on) < $1, true) and not coalesce(bool_or(used.owed), false)
"""  # noqa: S608  # constants
# A phone that came with a later enrolment belongs to that one: counted from the last certificate alone, it would be
# ended the day after it came.
DUE_PHONES: Final = f"""
    select subject.subject_id
      from subject
      join ({ENROLMENT_DATES}) as enrolled on enrolled.subject_id = subject.subject_id
     where subject.sealed_phone is not null
       and exists (select from credential where credential.subject_id = subject.subject_id)
     group by subject.subject_id
    having max(enrolled.last_on) < $1 and not bool_or(enrolled.owed)
"""  # noqa: S608  # constants
DUE_SCORES: Final = """
    select exam_entry_id, kind
      from sitting
     where held_on < $1 and num_nonnulls(theory_score_tenths, practice_score_tenths) > 0
"""
DUE_CODES: Final = f"""
    select redemption_code.enrolment_id
      from redemption_code
      join ({ENROLMENT_DATES}) as enrolled on enrolled.enrolment_id = redemption_code.enrolment_id
     where least(
               (redeemed_at at time zone 'Asia/Shanghai')::date,
               greatest((issued_at at time zone 'Asia/Shanghai')::date, enrolled.last_on)
           ) < $1
"""  # noqa: S608  # constants
DUE_DRAFTS: Final = "select draft_id from draft where (created_at at time zone 'Asia/Shanghai')::date < $1"

COUNT_PEOPLE: Final = f"select count(*) from ({DUE_PEOPLE}) as due"  # noqa: S608  # constants
COUNT_PHOTOS: Final = f"select count(*) from ({DUE_PHOTOS}) as due"  # noqa: S608  # constants
COUNT_PHONES: Final = f"select count(*) from ({DUE_PHONES}) as due"  # noqa: S608  # constants
COUNT_SCORES: Final = f"select count(*) from ({DUE_SCORES}) as due"  # noqa: S608  # constants
COUNT_CODES: Final = f"select count(*) from ({DUE_CODES}) as due"  # noqa: S608  # constants
COUNT_DRAFTS: Final = f"select count(*) from ({DUE_DRAFTS}) as due"  # noqa: S608  # constants

SELECT_PEOPLE: Final = f"{DUE_PEOPLE} limit $2"
DELETE_PHOTOS: Final = f"""
with due as ({DUE_PHOTOS} limit $2),
     unlinked as (update enrolment set photo_id = null from due where enrolment.photo_id = due.photo_id),
     ended as (delete from photo using due where photo.photo_id = due.photo_id returning true)
select count(*) from ended
"""  # noqa: S608  # constants
DELETE_PHONES: Final = f"""
with due as ({DUE_PHONES} limit $2),
     no_longer_found as (
         delete from lookup_key
          using credential, due
          where credential.credential_id = lookup_key.credential_id
            and credential.subject_id = due.subject_id and lookup_key.pair in (2, 3)
     ),
     ended as (
         update subject set sealed_phone = null, changed_at = now()
           from due where subject.subject_id = due.subject_id returning true
     )
select count(*) from ended
"""  # noqa: S608  # constants
DELETE_SCORES: Final = f"""
with due as ({DUE_SCORES} limit $2),
     ended as (
         update sitting set theory_score_tenths = null, practice_score_tenths = null
           from due where sitting.exam_entry_id = due.exam_entry_id and sitting.kind = due.kind returning true
     )
select count(*) from ended
"""  # noqa: S608  # constants
DELETE_CODES: Final = f"""
with due as ({DUE_CODES} limit $2),
     ended as (
         delete from redemption_code using due where redemption_code.enrolment_id = due.enrolment_id returning true
     )
select count(*) from ended
"""  # noqa: S608  # constants
# Its file and its photos go with it.
DELETE_DRAFTS: Final = f"""
with due as ({DUE_DRAFTS} limit $2),
     ended as (delete from draft using due where draft.draft_id = due.draft_id returning true)
select count(*) from ended
"""  # noqa: S608  # constants

COUNTS: Final[Mapping[DataClass, str]] = {
    DataClass.ROSTERS: COUNT_PEOPLE,
    DataClass.PHOTOS: COUNT_PHOTOS,
    DataClass.PHONES: COUNT_PHONES,
    DataClass.RESULTS: COUNT_SCORES,
    DataClass.REDEMPTION_CODES: COUNT_CODES,
    DataClass.DRAFTS: COUNT_DRAFTS,
}
DELETIONS: Final[Mapping[DataClass, str]] = {
    DataClass.PHOTOS: DELETE_PHOTOS,
    DataClass.PHONES: DELETE_PHONES,
    DataClass.RESULTS: DELETE_SCORES,
    DataClass.REDEMPTION_CODES: DELETE_CODES,
    DataClass.DRAFTS: DELETE_DRAFTS,
}


async def get_today(connection: Connection) -> datetime.date:
    """Return the database's date in Shanghai."""
    today: datetime.date = await connection.fetchval(SELECT_TODAY)
    return today


async def count_due(connection: Connection, data_class: DataClass, before: datetime.date) -> int:
    """Return how many people, photos, phones, sittings with scores or codes are due."""
    return int(await connection.fetchval(COUNTS[data_class], before))


async def find_due_people(connection: Connection, before: datetime.date, limit: int) -> list[UUID]:
    """Return some of the people who have no certificate and are due."""
    return [row["subject_id"] for row in await connection.fetch(SELECT_PEOPLE, before, limit)]


async def delete_due(connection: Connection, data_class: DataClass, before: datetime.date, limit: int) -> int:
    """End some of what is due of a class other than people, and return how many."""
    return int(await connection.fetchval(DELETIONS[data_class], before, limit))
