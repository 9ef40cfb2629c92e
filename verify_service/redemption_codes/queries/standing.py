"""SQL on how codes stand: counted, and person by person."""

from typing import Final
from uuid import UUID

from verify_service.database import Connection
from verify_service.redemption_codes.model import CodeCounts, CodeListing, HeldCode

# Joining the key leaves out whoever was erased.
SELECT_COUNTS: Final = """
select cohort.code as cohort, enrolment.partner_id, partner.name as partner,
       count(*) filter (where sealed_code is not null) as unlisted,
       count(*) filter (where sealed_code is null) as listed,
       count(*) filter (where redeemed_at is not null) as redeemed,
       coalesce(sum(replaced.codes), 0)::integer as replaced
  from redemption_code
  join enrolment on enrolment.enrolment_id = redemption_code.enrolment_id
  join subject_key on subject_key.subject_id = enrolment.subject_id
  join cohort on cohort.cohort_id = enrolment.cohort_id
  join partner on partner.partner_id = enrolment.partner_id
  left join lateral (
           select count(*) as codes
             from replaced_redemption_code
            where replaced_redemption_code.enrolment_id = redemption_code.enrolment_id
       ) as replaced on true
 where $1::uuid is null or enrolment.cohort_id = $1
 group by cohort.code, enrolment.partner_id, partner.name
 order by cohort.code, partner.name
"""
# The trail is where it stands who was shown a list: found by the index audit_event_codes_listed.
SELECT_LISTINGS: Final = """
select occurred_at as listed_at, actor, partner.name as partner, (detail ->> 'count')::integer as codes
  from audit_event
  join partner on partner.partner_id = (detail ->> 'partner')::uuid
 where action = 'redemption_codes_listed' and object_id = $1
 order by audit_event_id desc
"""
SELECT_HELD_CODES: Final = """
select redemption_code.enrolment_id, enrolment.subject_id, partner.name as partner,
       sealed_code is not null as is_unlisted, issued_at, redeemed_at,
       (
           select count(*)
             from replaced_redemption_code
            where replaced_redemption_code.enrolment_id = redemption_code.enrolment_id
       ) as replaced
  from redemption_code
  join enrolment on enrolment.enrolment_id = redemption_code.enrolment_id
  join subject_key on subject_key.subject_id = enrolment.subject_id
  join partner on partner.partner_id = enrolment.partner_id
 where cohort_id = $1
 order by partner.name, redemption_code.enrolment_id
 limit $2 offset $3
"""


async def count_codes(connection: Connection, cohort_id: UUID | None) -> list[CodeCounts]:
    """Return how the codes of one class stand, or of all, by class and partner."""
    return [CodeCounts(**dict(row)) for row in await connection.fetch(SELECT_COUNTS, cohort_id)]


async def list_listings(connection: Connection, cohort_id: UUID) -> list[CodeListing]:
    """Return when codes of a class were shown, and to whom, the newest first."""
    return [CodeListing(**dict(row)) for row in await connection.fetch(SELECT_LISTINGS, str(cohort_id))]


async def list_held_codes(connection: Connection, cohort_id: UUID, *, limit: int, offset: int) -> list[HeldCode]:
    """Return how each person's code in a class stands, a page of them by partner and in the order of enrolment."""
    return [HeldCode(**dict(row)) for row in await connection.fetch(SELECT_HELD_CODES, cohort_id, limit, offset)]
