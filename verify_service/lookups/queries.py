"""SQL of lookups: one index read for each pair asked about."""

import datetime
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from verify_service.credentials.queries.standing import END_OF_CHAIN, SIGNED_WITH_EVENTS
from verify_service.database import Connection

# The chain of corrections is walked only for a row that has a successor: a subquery under a case is lazy.
FIND_BY_HMAC: Final = f"""
select credential.subject_id, credential.kind, template.title, credential.certificate_number, credential.issued_at,
       template.issuer_name, revoked.occurred_at as revoked_at, revoked.reason as revocation_reason,
       superseded.occurred_at as superseded_at,
       case when superseded.successor is not null then ({END_OF_CHAIN}) end as superseded_by
  from lookup_key
  join credential on credential.credential_id = lookup_key.credential_id
  {SIGNED_WITH_EVENTS}
  join template on template.template_digest = credential.template_digest
 where lookup_key.hmac = $1
 order by credential.issued_at desc, credential.certificate_number
"""  # noqa: S608  # constants
# All three facts given: only certificates that every pair finds.
FIND_BY_ALL_HMACS: Final = FIND_BY_HMAC.replace(
    "where lookup_key.hmac = $1",
    """where lookup_key.hmac = $1
   and (select count(*) from lookup_key as other
         where other.credential_id = lookup_key.credential_id and other.hmac = any($2)) = cardinality($2)""",
)


class FoundRow(msgspec.Struct, frozen=True):
    """One certificate found, with what became of it; nothing personal."""

    subject_id: UUID
    kind: str
    title: str
    certificate_number: str
    issued_at: datetime.datetime
    issuer_name: str
    revoked_at: datetime.datetime | None
    revocation_reason: str | None
    superseded_at: datetime.datetime | None
    superseded_by: str | None


async def find_by_hmacs(connection: Connection, hmacs: Sequence[bytes]) -> list[FoundRow]:
    """Return the certificates that every one of these blind indexes finds, newest first."""
    if len(hmacs) == 1:
        rows = await connection.fetch(FIND_BY_HMAC, hmacs[0])
    else:
        rows = await connection.fetch(FIND_BY_ALL_HMACS, hmacs[0], hmacs[1:])
    return [FoundRow(*row) for row in rows]
