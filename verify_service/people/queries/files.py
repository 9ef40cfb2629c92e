"""SQL that reads one person's file."""

import datetime
from typing import Final
from uuid import UUID

from verify_service.database import Connection
from verify_service.people.model import Enrolled, Sat, Version

SELECT_REGISTERED_AT: Final = "select created_at from subject where subject_id = $1"
SELECT_ENROLMENTS: Final = """
select enrolment.enrolment_id, cohort.code as cohort, partner.name as partner, photo.photo_id is not null as has_photo,
       enrolment.created_at as enrolled_at, redemption_code.issued_at as code_issued_at,
       coalesce(redemption_code.sealed_code is null, false) as code_listed,
       redemption_code.redeemed_at as code_redeemed_at,
       (
           select count(*)::integer from replaced_redemption_code
            where replaced_redemption_code.enrolment_id = enrolment.enrolment_id
       ) as codes_replaced
  from enrolment
  join cohort on cohort.cohort_id = enrolment.cohort_id
  join partner on partner.partner_id = enrolment.partner_id
  left join photo on photo.photo_id = enrolment.photo_id
  left join redemption_code on redemption_code.enrolment_id = enrolment.enrolment_id
 where enrolment.subject_id = $1
 order by enrolment.created_at, enrolment.enrolment_id
"""
SELECT_SITTINGS: Final = """
select exam_entry.enrolment_id, exam_entry.kind, sitting.kind as sitting, sitting.held_on, sitting.conclusion
  from enrolment
  join exam_entry on exam_entry.enrolment_id = enrolment.enrolment_id
  join sitting on sitting.exam_entry_id = exam_entry.exam_entry_id
 where enrolment.subject_id = $1
 order by sitting.held_on, exam_entry.kind
"""
SELECT_CERTIFICATES: Final = """
select credential.credential_id, credential.exam_entry_id, credential.certificate_number as number, credential.token,
       credential.kind, credential.version, credential.issued_at, credential_signature.signed_at,
       revoked.occurred_at as revoked_at, revoked.reason as revocation_reason,
       superseded.occurred_at as superseded_at, successor.certificate_number as superseded_by,
       (
           select held_for from print_check
            where print_check.credential_id = credential.credential_id order by print_check_id desc limit 1
       ) as held_for
  from credential
  left join credential_signature on credential_signature.credential_id = credential.credential_id
  left join credential_event as revoked
    on revoked.credential_id = credential.credential_id and revoked.event = 'revoked'
  left join credential_event as superseded
    on superseded.credential_id = credential.credential_id and superseded.event = 'superseded'
  left join credential as successor on successor.credential_id = superseded.successor
 where credential.subject_id = $1
 order by credential.exam_entry_id, credential.version
"""


async def find_registered_at(connection: Connection, subject_id: UUID) -> datetime.datetime | None:
    """Return when a person was registered, erased since or not; None for nobody."""
    instant: datetime.datetime | None = await connection.fetchval(SELECT_REGISTERED_AT, subject_id)
    return instant


async def list_enrolments(connection: Connection, subject_id: UUID) -> list[Enrolled]:
    """Return a person's enrolments with their sittings, oldest first."""
    sittings = dict[UUID, list[Sat]]()
    for row in await connection.fetch(SELECT_SITTINGS, subject_id):
        enrolment_id, *columns = row
        sittings.setdefault(enrolment_id, []).append(Sat(*columns))
    return [
        Enrolled(**dict(row), sittings=tuple(sittings.get(row["enrolment_id"], ())))
        for row in await connection.fetch(SELECT_ENROLMENTS, subject_id)
    ]


async def list_certificates(connection: Connection, subject_id: UUID) -> list[Version]:
    """Return a person's certificates, each chain of corrections in its order."""
    return [Version(**dict(row)) for row in await connection.fetch(SELECT_CERTIFICATES, subject_id)]
