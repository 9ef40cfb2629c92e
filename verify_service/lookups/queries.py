"""SQL of lookups: one index read for each pair asked about."""

import datetime
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from verify_service.credentials.queries.standing import END_OF_CHAIN, SIGNED_WITH_EVENTS
from verify_service.database import Connection

# The chain of corrections is walked only for a row that has a successor: a subquery under a case is lazy.
ANSWER_COLUMNS: Final = f"""
       credential.subject_id, credential.kind, template.title, credential.certificate_number, credential.issued_at,
       template.issuer_name, revoked.occurred_at as revoked_at, revoked.reason as revocation_reason,
       superseded.occurred_at as superseded_at,
       case when superseded.successor is not null then ({END_OF_CHAIN}) end as superseded_by
"""
ANSWER_TABLES: Final = f"""
  {SIGNED_WITH_EVENTS}
  join template on template.template_digest = credential.template_digest
"""
NEWEST_FIRST: Final = "order by credential.issued_at desc, credential.certificate_number"
FIND_BY_HMAC: Final = f"""
select {ANSWER_COLUMNS}
  from lookup_key
  join credential on credential.credential_id = lookup_key.credential_id
  {ANSWER_TABLES}
 where lookup_key.hmac = $1
 {NEWEST_FIRST}
"""  # noqa: S608  # constants
# All three facts given: only certificates that every pair finds.
FIND_BY_ALL_HMACS: Final = FIND_BY_HMAC.replace(
    "where lookup_key.hmac = $1",
    """where lookup_key.hmac = $1
   and (select count(*) from lookup_key as other
         where other.credential_id = lookup_key.credential_id and other.hmac = any($2)) = cardinality($2)""",
)
# Many questions in one round trip, told apart by their place. What every pair of a question finds is settled on the
# index first, and the rest is read only of that.
FIND_MANY_BY_HMACS: Final = f"""
with asked as (
    select place, hmac from unnest($1::int[], $2::bytea[]) as asked (place, hmac)
), found as (
    select asked.place, lookup_key.credential_id
      from asked
      join lookup_key on lookup_key.hmac = asked.hmac
     group by asked.place, lookup_key.credential_id
    having count(*) = (select count(*) from asked as pair where pair.place = asked.place)
)
select found.place, {ANSWER_COLUMNS}
  from found
  join credential on credential.credential_id = found.credential_id
  {ANSWER_TABLES}
 {NEWEST_FIRST}
"""  # noqa: S608  # constants


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


async def find_many_by_hmacs(connection: Connection, questions: Sequence[Sequence[bytes]]) -> list[list[FoundRow]]:
    """Return for each question what `find_by_hmacs` would, all of them in one round trip."""
    pairs = [(place, hmac) for place, hmacs in enumerate(questions) for hmac in hmacs]
    found: list[list[FoundRow]] = [[] for _ in questions]
    for row in await connection.fetch(FIND_MANY_BY_HMACS, [place for place, _ in pairs], [hmac for _, hmac in pairs]):
        place, *columns = row
        found[place].append(FoundRow(*columns))
    return found
