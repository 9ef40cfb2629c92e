"""SQL that opens certificates to compare something with them; what came of it is settled apart."""

import datetime
from collections.abc import Collection, Sequence
from typing import Final

import asyncpg

from verify_service.budgets.model import Debit
from verify_service.budgets.queries.settling import IS_SPENT, parameters
from verify_service.database import Connection
from verify_service.lookups.queries import MATCHED
from verify_service.matches.model import Candidate
from verify_service.sealing.model import Pair

OF_CODE: Final = """
    select credential.credential_id, credential.subject_id
      from credential
      join credential_signature on credential_signature.credential_id = credential.credential_id
     where credential.token = $5
"""


def _opening(matched: str) -> str:
    """Return the statement that opens what one subquery on $5 finds.

    Budgets are asked first: where one is spent, nothing is opened, and the time of the refusal tells nothing. Nobody
    and several people are the same answer, no certificate. The first row says whether a budget is spent.
    """
    return f"""
with held as materialized (select {IS_SPENT} as is_spent),
matched as materialized (select * from ({matched}) as opened where not (select is_spent from held)),
person as materialized (select count(distinct subject_id) = 1 as is_known from matched)
select held.is_spent, found.*
  from held
  left join (
    select credential.kind, credential.certificate_number, credential.issued_at,
           exists (
               select from lookup_key
                where lookup_key.credential_id = credential.credential_id and pair = {Pair.NAME_PHONE.value}
           ) as has_phone,
           array(
               select hmac from lookup_key
                where lookup_key.credential_id = credential.credential_id and hmac = any($6::bytea[])
           ) as agreed
      from matched
      join credential on credential.credential_id = matched.credential_id
      join person on person.is_known
  ) as found on true
"""  # noqa: S608  # constants


OPEN_BY_FACTS: Final = _opening(MATCHED)
OPEN_BY_CODE: Final = _opening(OF_CODE)


async def open_by_facts(
    connection: Connection,
    hmacs: Sequence[bytes],
    asked: Collection[bytes],
    debits: Sequence[Debit],
    now: datetime.datetime,
) -> list[Candidate] | None:
    """Return the certificates of the one person these pairs find, none of nobody's; None where a budget is spent."""
    return _candidates(await connection.fetch(OPEN_BY_FACTS, *parameters(debits, now), list(hmacs), list(asked)))


async def open_by_token(
    connection: Connection, token: bytes, asked: Collection[bytes], debits: Sequence[Debit], now: datetime.datetime
) -> list[Candidate] | None:
    """Return the certificate of a token, or none; None where a budget is spent."""
    return _candidates(await connection.fetch(OPEN_BY_CODE, *parameters(debits, now), token, list(asked)))


def _candidates(rows: Sequence[asyncpg.Record]) -> list[Candidate] | None:
    if rows[0]["is_spent"]:
        return None
    return [_candidate(row) for row in rows if row["kind"] is not None]


def _candidate(row: asyncpg.Record) -> Candidate:
    return Candidate(
        kind=row["kind"],
        number=row["certificate_number"],
        issued_at=row["issued_at"],
        has_phone=row["has_phone"],
        agreed=frozenset(row["agreed"]),
    )
