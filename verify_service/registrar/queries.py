"""SQL on the people and certificates of a class, page by page."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from verify_service.answers import Status
from verify_service.credentials.model import status_of
from verify_service.database import Connection
from verify_service.exams.model import Conclusion, Sitting, SittingKind
from verify_service.registrar.model import CertificateFact, Entry

# Joining the key leaves out whoever was erased. A photo may be gone while the enrolment still names it.
ENROLLED: Final = """
  from enrolment
  join subject_key on subject_key.subject_id = enrolment.subject_id
  join partner on partner.partner_id = enrolment.partner_id
  left join photo on photo.photo_id = enrolment.photo_id
 where enrolment.cohort_id = $1
"""
# A make-up is open where the first sitting was failed or missed and no second one stands.
WITH_OPEN_MAKE_UP: Final = """
   and exists (
       select
         from exam_entry
         join sitting as first on first.exam_entry_id = exam_entry.exam_entry_id and first.kind = 'first'
        where exam_entry.enrolment_id = enrolment.enrolment_id and first.conclusion in ('failed', 'absent')
          and not exists (
              select
                from sitting as make_up
               where make_up.exam_entry_id = exam_entry.exam_entry_id and make_up.kind = 'makeUp'
          )
   )
"""
COUNT_ENROLLED: Final = f"select count(*) {ENROLLED}"
COUNT_WITH_OPEN_MAKE_UP: Final = f"select count(*) {ENROLLED} {WITH_OPEN_MAKE_UP}"
ENROLLED_COLUMNS: Final = """
select enrolment.enrolment_id, enrolment.subject_id, partner.name as partner, photo.photo_id is not null as has_photo
"""
SELECT_ENROLLED: Final = f"""
{ENROLLED_COLUMNS} {ENROLLED}
 order by partner.name, enrolment.enrolment_id
 limit $2 offset $3
"""
SELECT_WITH_OPEN_MAKE_UP: Final = f"""
{ENROLLED_COLUMNS} {ENROLLED} {WITH_OPEN_MAKE_UP}
 order by partner.name, enrolment.enrolment_id
 limit $2 offset $3
"""
# Of several versions of a certificate the newest signed one speaks for the entry.
SELECT_ENTRIES: Final = """
select exam_entry.enrolment_id, exam_entry.kind, certificate_kind.requires_photo,
       first.held_on as first_held_on, first.conclusion as first_conclusion,
       first.theory_score_tenths as first_theory, first.practice_score_tenths as first_practice,
       make_up.held_on as make_up_held_on, make_up.conclusion as make_up_conclusion,
       make_up.theory_score_tenths as make_up_theory, make_up.practice_score_tenths as make_up_practice,
       newest.certificate_number, newest.revoked_at, newest.superseded_at
  from exam_entry
  join certificate_kind on certificate_kind.kind = exam_entry.kind
  left join sitting as first on first.exam_entry_id = exam_entry.exam_entry_id and first.kind = 'first'
  left join sitting as make_up on make_up.exam_entry_id = exam_entry.exam_entry_id and make_up.kind = 'makeUp'
  left join lateral (
           select credential.certificate_number, revoked.occurred_at as revoked_at,
                  superseded.occurred_at as superseded_at
             from credential
             join credential_signature on credential_signature.credential_id = credential.credential_id
             left join credential_event as revoked
               on revoked.credential_id = credential.credential_id and revoked.event = 'revoked'
             left join credential_event as superseded
               on superseded.credential_id = credential.credential_id and superseded.event = 'superseded'
            where credential.exam_entry_id = exam_entry.exam_entry_id
            order by credential.version desc
            limit 1
       ) as newest on true
 where exam_entry.enrolment_id = any($1)
 order by exam_entry.enrolment_id, exam_entry.kind desc
"""
OF_COHORT: Final = """
  from credential
  join credential_signature on credential_signature.credential_id = credential.credential_id
  join exam_entry on exam_entry.exam_entry_id = credential.exam_entry_id
  join enrolment on enrolment.enrolment_id = exam_entry.enrolment_id
  left join credential_event as revoked
    on revoked.credential_id = credential.credential_id and revoked.event = 'revoked'
  left join credential_event as superseded
    on superseded.credential_id = credential.credential_id and superseded.event = 'superseded'
  left join credential as successor on successor.credential_id = superseded.successor
 where enrolment.cohort_id = $1
"""
COUNT_CERTIFICATES: Final = f"select count(*) {OF_COHORT}"
SELECT_CERTIFICATES: Final = f"""
select credential.certificate_number as number, credential.kind, credential.subject_id, credential.issued_at,
       revoked.occurred_at as revoked_at, superseded.occurred_at as superseded_at,
       successor.certificate_number as successor
{OF_COHORT}
 order by credential.certificate_number
 limit $2 offset $3
"""


class EnrolledRow(msgspec.Struct, frozen=True):
    """One person of a class, not opened."""

    enrolment_id: UUID
    subject_id: UUID
    partner: str
    has_photo: bool


class CertificateRow(msgspec.Struct, frozen=True, kw_only=True):
    """One certificate of a class, its person not opened."""

    number: str
    kind: str
    subject_id: UUID
    issued_at: datetime.datetime
    status: Status
    successor: str | None


async def count_enrolled(connection: Connection, cohort_id: UUID, *, with_open_make_up: bool) -> int:
    """Return how many people a class has, or how many of them may still sit a make-up."""
    return int(await connection.fetchval(COUNT_WITH_OPEN_MAKE_UP if with_open_make_up else COUNT_ENROLLED, cohort_id))


async def list_enrolled(
    connection: Connection, cohort_id: UUID, *, with_open_make_up: bool, limit: int, offset: int
) -> list[EnrolledRow]:
    """Return a page of a class's people, by partner and in the order of enrolment."""
    statement = SELECT_WITH_OPEN_MAKE_UP if with_open_make_up else SELECT_ENROLLED
    return [EnrolledRow(**dict(row)) for row in await connection.fetch(statement, cohort_id, limit, offset)]


async def list_entries(connection: Connection, enrolment_ids: Sequence[UUID]) -> list[Entry]:
    """Return what these people sit for, how it went, and the newest certificate of each."""
    entries = []
    for row in await connection.fetch(SELECT_ENTRIES, enrolment_ids):
        columns = dict(row)
        number = columns["certificate_number"]
        status = status_of(columns["revoked_at"], columns["superseded_at"])
        entries.append(
            Entry(
                enrolment_id=columns["enrolment_id"],
                kind=columns["kind"],
                requires_photo=columns["requires_photo"],
                first=_sitting(SittingKind.FIRST, "first_", columns),
                make_up=_sitting(SittingKind.MAKE_UP, "make_up_", columns),
                certificate=None if number is None else CertificateFact(number, status),
            )
        )
    return entries


async def count_certificates(connection: Connection, cohort_id: UUID) -> int:
    """Return how many certificates were issued to a class, whatever became of them."""
    return int(await connection.fetchval(COUNT_CERTIFICATES, cohort_id))


async def list_certificates(
    connection: Connection, cohort_id: UUID, *, limit: int, offset: int
) -> list[CertificateRow]:
    """Return a page of a class's certificates, by number."""
    rows = []
    for row in await connection.fetch(SELECT_CERTIFICATES, cohort_id, limit, offset):
        columns = dict(row)
        columns["status"] = status_of(columns.pop("revoked_at"), columns.pop("superseded_at"))
        rows.append(CertificateRow(**columns))
    return rows


def _sitting(kind: SittingKind, prefix: str, columns: Mapping[str, Any]) -> Sitting | None:
    if columns[f"{prefix}held_on"] is None:
        return None
    return Sitting(
        kind=kind,
        held_on=columns[f"{prefix}held_on"],
        conclusion=Conclusion(columns[f"{prefix}conclusion"]),
        theory_score_tenths=columns[f"{prefix}theory"],
        practice_score_tenths=columns[f"{prefix}practice"],
    )
