"""SQL of lookups: one statement that asks the budgets, reads the answer, and counts a failure."""

import datetime
from collections.abc import Sequence
from typing import Final

import msgspec

from verify_service.budgets.model import Debit
from verify_service.budgets.queries.settling import COUNT_FAILURE, IS_SPENT, parameters
from verify_service.credentials.queries.standing import END_OF_CHAIN, WITH_EVENTS
from verify_service.database import Connection

# Only certificates that every pair of $5 finds count as matched; three facts are three pairs. What the index finds
# stands by itself: of a table that was filled just now the planner expects hundreds of rows for each HMAC, and would
# join them to all signatures there are.
MATCHED: Final = """
    with indexed as materialized (
        select credential_id
          from lookup_key
         where hmac = any($5::bytea[])
         group by credential_id
        having count(*) = cardinality($5)
    )
    select credential.credential_id, credential.subject_id, credential.kind, credential.certificate_number,
           credential.issued_at, credential.template_digest
      from indexed
      join credential on credential.credential_id = indexed.credential_id
      join credential_signature on credential_signature.credential_id = credential.credential_id
"""

# Budgets are asked first, so that a spent one refuses before the answer is known. Then, of exactly one person, it is
# read what became of the certificates, and of none or several the failure is counted: all causes of "not found" take
# the same way, and only that way writes.
# The chain of corrections is walked only for a row that has a successor: a subquery under a case is lazy.
LOOK_UP: Final = f"""
with held as materialized (select {IS_SPENT} as is_spent),
matched as materialized ({MATCHED}),
person as materialized (select count(distinct subject_id) = 1 as is_known from matched),
verdict as materialized (
    select is_spent, is_known, case when not is_spent and not is_known then {COUNT_FAILURE} end as alarms
      from held, person
),
known as materialized (
    select matched.* from matched, verdict where verdict.is_known and not verdict.is_spent
)
select verdict.is_spent or (not verdict.is_known and verdict.alarms is null) as is_spent, verdict.alarms, found.*
  from verdict
  left join (
    select credential.kind, template.title, credential.certificate_number, credential.issued_at, template.issuer_name,
           revoked.occurred_at as revoked_at, revoked.reason as revocation_reason,
           superseded.occurred_at as superseded_at,
           case when superseded.successor is not null then ({END_OF_CHAIN}) end as superseded_by
      from known as credential
      {WITH_EVENTS}
      join template on template.template_digest = credential.template_digest
  ) as found on true
 order by found.issued_at desc, found.certificate_number
"""  # noqa: S608  # constants


class FoundRow(msgspec.Struct, frozen=True):
    """One certificate found, with what became of it; nothing personal."""

    kind: str
    title: str
    certificate_number: str
    issued_at: datetime.datetime
    issuer_name: str
    revoked_at: datetime.datetime | None
    revocation_reason: str | None
    superseded_at: datetime.datetime | None
    superseded_by: str | None


class Verdict(msgspec.Struct, frozen=True):
    """What a question led to: the certificates of one person, newest first, or none, and then the alarms it raised.

    `alarms` is None where a budget is spent: then nothing was counted, and nothing may be answered.
    """

    found: tuple[FoundRow, ...]
    alarms: tuple[str, ...] | None


async def look_up(
    connection: Connection, hmacs: Sequence[bytes], debits: Sequence[Debit], now: datetime.datetime
) -> Verdict:
    """Return what these blind indexes lead to; a failure is counted in the budgets, exactly and at once."""
    rows = await connection.fetch(LOOK_UP, *parameters(debits, now), hmacs)
    is_spent, alarms, *first = rows[0]
    if is_spent:
        return Verdict((), None)
    found = () if first[0] is None else tuple(FoundRow(*row[2:]) for row in map(tuple, rows))
    return Verdict(found, tuple(alarms or ()))
