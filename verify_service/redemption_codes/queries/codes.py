"""SQL on redemption_code and replaced_redemption_code."""

import datetime
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from verify_service.database import Connection
from verify_service.redemption_codes.model import Partner

CODE_COLUMNS: Final = ("enrolment_id", "code_index", "key_version", "sealed_code")
SELECT_PARTNERS: Final = """
select distinct partner.partner_id, name
  from enrolment
  join partner on partner.partner_id = enrolment.partner_id
 where cohort_id = $1
 order by name
"""
SELECT_UNLISTED: Final = """
select redemption_code.enrolment_id, subject_id, sealed_code
  from redemption_code
  join enrolment on enrolment.enrolment_id = redemption_code.enrolment_id
 where cohort_id = $1 and partner_id = $2 and sealed_code is not null
 order by redemption_code.enrolment_id
   for update of redemption_code
"""
CLEAR_SEALED_CODES: Final = "update redemption_code set sealed_code = null where enrolment_id = any($1)"
SELECT_HELD: Final = """
select redemption_code.enrolment_id, subject_id, code_index, key_version, redeemed_at
  from redemption_code
  join enrolment on enrolment.enrolment_id = redemption_code.enrolment_id
 where cohort_id = $1 and subject_id = $2
   for update of redemption_code
"""
SELECT_HELD_BY_ENROLMENT: Final = """
select redemption_code.enrolment_id, subject_id, code_index, key_version, redeemed_at
  from redemption_code
  join enrolment on enrolment.enrolment_id = redemption_code.enrolment_id
 where redemption_code.enrolment_id = any($1) and cohort_id = $2
 order by redemption_code.enrolment_id
   for update of redemption_code
"""
# Joining the key leaves out whoever was erased.
SELECT_HANDED_OUT: Final = """
select redemption_code.enrolment_id, enrolment.subject_id, code_index, key_version, redeemed_at
  from redemption_code
  join enrolment on enrolment.enrolment_id = redemption_code.enrolment_id
  join subject_key on subject_key.subject_id = enrolment.subject_id
 where cohort_id = $1 and partner_id = $2 and sealed_code is null and redeemed_at is null
 order by redemption_code.enrolment_id
   for update of redemption_code
"""
UPDATE_CODE: Final = """
update redemption_code set code_index = $2, key_version = $3, sealed_code = $4 where enrolment_id = $1
"""
INSERT_REPLACED_CODE: Final = """
insert into replaced_redemption_code (code_index, key_version, enrolment_id) values ($1, $2, $3)
"""
COUNT_UNDER_VERSION: Final = """
select (select count(*) from redemption_code where key_version = $1)
     + (select count(*) from replaced_redemption_code where key_version = $1)
"""
# The database itself says when, whatever instant is written here.
REDEEM: Final = """
update redemption_code set redeemed_at = now()
  from enrolment
  join cohort on cohort.cohort_id = enrolment.cohort_id
 where enrolment.enrolment_id = redemption_code.enrolment_id and code_index = any($1) and redeemed_at is null
returning redemption_code.enrolment_id, cohort.code as cohort, redeemed_at
"""
SELECT_REDEEMED_AT: Final = "select redeemed_at from redemption_code where code_index = any($1)"
SELECT_IS_REPLACED: Final = "select exists (select from replaced_redemption_code where code_index = any($1))"


class UnlistedRow(msgspec.Struct, frozen=True):
    """A code that no list has handed out."""

    enrolment_id: UUID
    subject_id: UUID
    sealed_code: bytes


class HeldRow(msgspec.Struct, frozen=True):
    """One person's code in one cohort."""

    enrolment_id: UUID
    subject_id: UUID
    code_index: bytes
    key_version: int
    redeemed_at: datetime.datetime | None


class RedeemedRow(msgspec.Struct, frozen=True):
    """A code that was redeemed this moment."""

    enrolment_id: UUID
    cohort: str
    redeemed_at: datetime.datetime


async def add_codes(connection: Connection, codes: Sequence[tuple[UUID, bytes, int, bytes]]) -> None:
    """Store each enrolment's one code: its HMAC, the secret's version, and sealed until the partner's list is drawn."""
    await connection.copy_records_to_table("redemption_code", records=codes, columns=CODE_COLUMNS)


async def list_partners(connection: Connection, cohort_id: UUID) -> list[Partner]:
    """Return the partners with people in a cohort, by name."""
    return [Partner(**dict(row)) for row in await connection.fetch(SELECT_PARTNERS, cohort_id)]


async def hold_unlisted(connection: Connection, cohort_id: UUID, partner_id: UUID) -> list[UnlistedRow]:
    """Return the codes no list has handed out; another list or change of them waits until the transaction ends."""
    return [UnlistedRow(**dict(row)) for row in await connection.fetch(SELECT_UNLISTED, cohort_id, partner_id)]


async def clear_sealed_codes(connection: Connection, enrolment_ids: Sequence[UUID]) -> None:
    """Forget the codes themselves; their HMACs remain."""
    await connection.execute(CLEAR_SEALED_CODES, enrolment_ids)


async def hold_code(connection: Connection, cohort_id: UUID, subject_id: UUID) -> HeldRow | None:
    """Return a person's code in a cohort, which waits for the transaction's end to be redeemed, or None."""
    row = await connection.fetchrow(SELECT_HELD, cohort_id, subject_id)
    return None if row is None else HeldRow(**dict(row))


async def hold_codes(connection: Connection, cohort_id: UUID, enrolment_ids: Sequence[UUID]) -> list[HeldRow]:
    """Return the codes of enrolments in a cohort; they wait for the transaction's end to be redeemed."""
    rows = await connection.fetch(SELECT_HELD_BY_ENROLMENT, enrolment_ids, cohort_id)
    return [HeldRow(**dict(row)) for row in rows]


async def hold_handed_out(connection: Connection, cohort_id: UUID, partner_id: UUID) -> list[HeldRow]:
    """Return a partner's codes that a list has handed out and nobody redeemed; they wait to be until the end."""
    return [HeldRow(**dict(row)) for row in await connection.fetch(SELECT_HANDED_OUT, cohort_id, partner_id)]


async def replace_code(
    connection: Connection, *, enrolment_id: UUID, code_index: bytes, key_version: int, sealed_code: bytes
) -> None:
    """Put another code in the place of an enrolment's."""
    await connection.execute(UPDATE_CODE, enrolment_id, code_index, key_version, sealed_code)


async def add_replaced_code(connection: Connection, held: HeldRow) -> None:
    """Remember the HMAC of a code that no longer counts."""
    await connection.execute(INSERT_REPLACED_CODE, held.code_index, held.key_version, held.enrolment_id)


async def count_under_version(connection: Connection, version: int) -> int:
    """Return how many codes, replaced ones too, are known by their HMAC under a version of the subject secret."""
    return int(await connection.fetchval(COUNT_UNDER_VERSION, version))


async def redeem_code(connection: Connection, code_indexes: Sequence[bytes]) -> RedeemedRow | None:
    """Redeem the code of one of these HMACs, or return None where none is left to redeem."""
    row = await connection.fetchrow(REDEEM, code_indexes)
    return None if row is None else RedeemedRow(**dict(row))


async def find_redeemed_at(connection: Connection, code_indexes: Sequence[bytes]) -> datetime.datetime | None:
    """Return when the code of one of these HMACs was redeemed, or None."""
    redeemed_at: datetime.datetime | None = await connection.fetchval(SELECT_REDEEMED_AT, code_indexes)
    return redeemed_at


async def is_replaced(connection: Connection, code_indexes: Sequence[bytes]) -> bool:
    """Tell whether the code of one of these HMACs was replaced by another."""
    return bool(await connection.fetchval(SELECT_IS_REPLACED, code_indexes))
