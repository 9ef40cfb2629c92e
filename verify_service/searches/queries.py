"""SQL of the search box."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from verify_service.credentials.model import status_of
from verify_service.database import Connection
from verify_service.searches.model import FoundCertificate, FoundCohort, FoundPartner

MOST: Final = 20
SELECT_BY_NUMBER: Final = """
select credential.certificate_number, credential.kind, credential.subject_id,
       revoked.occurred_at as revoked_at, superseded.occurred_at as superseded_at
  from credential
  left join credential_event as revoked
    on revoked.credential_id = credential.credential_id and revoked.event = 'revoked'
  left join credential_event as superseded
    on superseded.credential_id = credential.credential_id and superseded.event = 'superseded'
 where credential.certificate_number = $1
"""
# Every pair that was typed must find the certificate; three facts are three pairs.
SELECT_BY_PAIRS: Final = """
select distinct credential.subject_id
  from (
           select credential_id from lookup_key where hmac = any($1::bytea[])
            group by credential_id having count(*) = cardinality($1)
       ) as matched
  join credential on credential.credential_id = matched.credential_id
 limit $2
"""
SELECT_COHORTS: Final = """
select code, partner.name as partner
  from cohort
  left join partner on partner.partner_id = cohort.partner_id
 where lower(code) = lower($1)
 order by code
"""
SELECT_PARTNERS: Final = """
select distinct partner.partner_id, partner.name
  from partner_alias
  join partner on partner.partner_id = partner_alias.partner_id
 where strpos(folded_name, $1) > 0
 order by partner.name
 limit $2
"""


async def find_certificate(connection: Connection, number: str) -> FoundCertificate | None:
    """Return the certificate of a number, signed or still waiting for it, or None."""
    row = await connection.fetchrow(SELECT_BY_NUMBER, number)
    if row is None:
        return None
    status = status_of(row["revoked_at"], row["superseded_at"])
    return FoundCertificate(row["certificate_number"], row["kind"], status, row["subject_id"])


async def find_people(connection: Connection, hmacs: Sequence[bytes]) -> list[UUID]:
    """Return the people whose certificates are found by all of these blind indexes."""
    return [row["subject_id"] for row in await connection.fetch(SELECT_BY_PAIRS, hmacs, MOST)]


async def find_cohorts(connection: Connection, code: str) -> list[FoundCohort]:
    """Return the cohorts of a code, whatever its case."""
    return [FoundCohort(**dict(row)) for row in await connection.fetch(SELECT_COHORTS, code)]


async def find_partners(connection: Connection, folded_part: str) -> list[FoundPartner]:
    """Return partners of which a name has this in it, folded."""
    return [FoundPartner(**dict(row)) for row in await connection.fetch(SELECT_PARTNERS, folded_part, MOST)]
