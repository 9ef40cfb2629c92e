"""SQL on a partner's classes and the people in them."""

import datetime
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from verify_service.cohorts.model import Cohort
from verify_service.credentials.queries.standing import SIGNED_WITH_EVENTS
from verify_service.database import Connection

# Its own classes, and those of others that its people are in: whose these are is not told.
SELECT_COHORTS: Final = """
select cohort_id, code, cohort.partner_id, partner.name as partner, exam_on, make_up_on
  from cohort
  left join partner on partner.partner_id = cohort.partner_id and partner.partner_id = $1
 where ($2::text is null or code = $2)
   and (
       cohort.partner_id = $1
       or exists (select from enrolment where enrolment.partner_id = $1 and enrolment.cohort_id = cohort.cohort_id)
   )
 order by exam_on desc nulls first, code
"""
# Joining the key leaves out whoever was erased; a certificate without its signature is invisible here too.
ENTRIES: Final = f"""
select enrolment.enrolment_id, enrolment.subject_id, cohort.code as cohort, exam_entry.kind,
       enrolment.created_at as enrolled_at, photo.photo_id is not null as has_photo,
       first.held_on as first_on, first.conclusion as first,
       make_up.held_on as make_up_on, make_up.conclusion as make_up,
       latest.certificate_number, latest.issued_at, latest.revoked_at, latest.superseded_at,
       case when redemption_code.enrolment_id is not null then sealed_code is null end as code_listed,
       redemption_code.redeemed_at as code_redeemed_at
  from enrolment
  join subject_key on subject_key.subject_id = enrolment.subject_id
  join cohort on cohort.cohort_id = enrolment.cohort_id
  join exam_entry on exam_entry.enrolment_id = enrolment.enrolment_id
  left join photo on photo.photo_id = enrolment.photo_id
  left join redemption_code on redemption_code.enrolment_id = enrolment.enrolment_id
  left join sitting as first on first.exam_entry_id = exam_entry.exam_entry_id and first.kind = 'first'
  left join sitting as make_up on make_up.exam_entry_id = exam_entry.exam_entry_id and make_up.kind = 'makeUp'
  left join lateral (
      select certificate_number, issued_at, revoked.occurred_at as revoked_at, superseded.occurred_at as superseded_at
        from credential
        {SIGNED_WITH_EVENTS}
       where credential.exam_entry_id = exam_entry.exam_entry_id
       order by version desc
       limit 1
  ) as latest on true
 where enrolment.partner_id = $1
"""  # noqa: S608  # constants
IN_ORDER: Final = "order by enrolment.enrolment_id, exam_entry.kind"
SELECT_ENTRIES_OF_COHORT: Final = f"{ENTRIES} and cohort.code = $2 {IN_ORDER}"
SELECT_ENTRIES_OF_ENROLMENT: Final = f"{ENTRIES} and enrolment.enrolment_id = $2 {IN_ORDER}"
SELECT_UNCERTIFIED: Final = """
select distinct enrolment.cohort_id, enrolment.subject_id
  from enrolment
  join exam_entry on exam_entry.enrolment_id = enrolment.enrolment_id
 where enrolment.partner_id = $1 and enrolment.cohort_id = any($2)
   and not exists (select from credential where credential.exam_entry_id = exam_entry.exam_entry_id)
"""
SELECT_NAME: Final = "select name from partner where partner_id = $1"


class EntryRow(msgspec.Struct, frozen=True):
    """One exam entry of one person; who that is stays sealed elsewhere."""

    enrolment_id: UUID
    subject_id: UUID
    cohort: str
    kind: str
    enrolled_at: datetime.datetime
    has_photo: bool
    first_on: datetime.date | None
    first: str | None
    make_up_on: datetime.date | None
    make_up: str | None
    certificate_number: str | None
    issued_at: datetime.datetime | None
    revoked_at: datetime.datetime | None
    superseded_at: datetime.datetime | None
    code_listed: bool | None
    code_redeemed_at: datetime.datetime | None


async def list_cohorts(connection: Connection, partner_id: UUID, code: str | None = None) -> list[Cohort]:
    """Return the class of this code, or all in which the partner has people or which are its own, the newest first."""
    return [Cohort(**dict(row)) for row in await connection.fetch(SELECT_COHORTS, partner_id, code)]


async def list_entries_of_cohort(connection: Connection, partner_id: UUID, code: str) -> list[EntryRow]:
    """Return the exam entries of the partner's people in a class, in the order of their roster."""
    rows = await connection.fetch(SELECT_ENTRIES_OF_COHORT, partner_id, code)
    return [EntryRow(**dict(row)) for row in rows]


async def list_entries_of_enrolment(connection: Connection, partner_id: UUID, enrolment_id: UUID) -> list[EntryRow]:
    """Return the exam entries of one of the partner's people in one class."""
    rows = await connection.fetch(SELECT_ENTRIES_OF_ENROLMENT, partner_id, enrolment_id)
    return [EntryRow(**dict(row)) for row in rows]


async def list_uncertified(
    connection: Connection, partner_id: UUID, cohort_ids: Sequence[UUID]
) -> list[tuple[UUID, UUID]]:
    """Return cohort and person of whoever of the partner has a certificate still to come, or may have."""
    rows = await connection.fetch(SELECT_UNCERTIFIED, partner_id, cohort_ids)
    return [(row["cohort_id"], row["subject_id"]) for row in rows]


async def get_name(connection: Connection, partner_id: UUID) -> str:
    """Return what the partner is called."""
    return str(await connection.fetchval(SELECT_NAME, partner_id))
