"""SQL on account_totp, account_recovery_code, account_passkey and passkey_challenge."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from verify_service.accounts.model import Factors, Passkey
from verify_service.accounts.queries.accounts import account_of
from verify_service.database import Connection

SELECT_FACTORS: Final = """
select account.account_id, name, roles, partner_id, password_hash, key_id, sealed_secret, last_step
  from account
  join account_totp on account_totp.account_id = account.account_id
 where name = $1 and disabled_at is null and password_hash is not null
"""
UPSERT_TOTP: Final = """
insert into account_totp (account_id, key_id, sealed_secret, last_step) values ($1, $2, $3, $4)
on conflict (account_id) do update set key_id = $2, sealed_secret = $3, last_step = $4
"""
# Of two requests with one code, one finds the step taken.
ADVANCE_STEP: Final = "update account_totp set last_step = $2 where account_id = $1 and last_step < $2 returning 1"
DELETE_RECOVERY_CODES: Final = "delete from account_recovery_code where account_id = $1"
INSERT_RECOVERY_CODES: Final = """
insert into account_recovery_code (account_id, code_hash) select $1, unnest($2::bytea[])
"""
SPEND_RECOVERY_CODE: Final = """
update account_recovery_code set spent_at = now()
 where account_id = $1 and code_hash = $2 and spent_at is null returning 1
"""
COUNT_RECOVERY_CODES: Final = """
select count(*) from account_recovery_code where account_id = $1 and spent_at is null
"""
INSERT_PASSKEY: Final = """
insert into account_passkey (passkey_id, account_id, public_key, sign_count, label) values ($1, $2, $3, $4, $5)
on conflict (passkey_id) do nothing returning 1
"""
SELECT_PASSKEY: Final = """
select passkey_id, account_id, public_key, sign_count, label, created_at, used_at
  from account_passkey where passkey_id = $1
"""
SELECT_PASSKEYS: Final = """
select passkey_id, account_id, public_key, sign_count, label, created_at, used_at
  from account_passkey where account_id = $1 order by created_at
"""
USE_PASSKEY: Final = "update account_passkey set sign_count = $2, used_at = now() where passkey_id = $1"
DELETE_PASSKEY: Final = "delete from account_passkey where account_id = $1 and passkey_id = $2 returning 1"
DELETE_PASSKEYS: Final = "delete from account_passkey where account_id = $1"
INSERT_CHALLENGE: Final = """
insert into passkey_challenge (challenge, account_id, expires_at) values ($1, $2, now() + $3)
"""
TAKE_CHALLENGE: Final = """
delete from passkey_challenge
 where challenge = $1 and account_id is not distinct from $2 returning expires_at > now()
"""
DELETE_STALE_CHALLENGES: Final = "delete from passkey_challenge where expires_at < now()"
SELECT_UNDER_OTHERS: Final = "select account_id, key_id, sealed_secret from account_totp where key_id <> $1 limit $2"
UPDATE_SEALED: Final = """
update account_totp set key_id = $1, sealed_secret = sealed.secret
  from unnest($2::uuid[], $3::bytea[]) as sealed (account_id, secret)
 where account_totp.account_id = sealed.account_id
"""
COUNT_UNDER: Final = "select count(*) from account_totp where key_id = $1"


async def find_factors(connection: Connection, name: str) -> Factors | None:
    """Return what somebody of this name is judged by; None for nobody's, a disabled or a not yet accepted one."""
    row = await connection.fetchrow(SELECT_FACTORS, name)
    if row is None:
        return None
    sealed = (row["password_hash"], row["key_id"], row["sealed_secret"], row["last_step"])
    return Factors(account_of(row), *sealed)


async def set_totp(connection: Connection, account_id: UUID, key_id: str, sealed_secret: bytes, step: int) -> None:
    """Give an account a secret; codes up to `step` are spent."""
    await connection.execute(UPSERT_TOTP, account_id, key_id, sealed_secret, step)


async def advance_step(connection: Connection, account_id: UUID, step: int) -> bool:
    """Spend the code of a step; return False where it, or a later one, is spent."""
    return await connection.fetchval(ADVANCE_STEP, account_id, step) is not None


async def set_recovery_codes(connection: Connection, account_id: UUID, hashes: Sequence[bytes]) -> None:
    """Exchange an account's recovery codes for others."""
    await connection.execute(DELETE_RECOVERY_CODES, account_id)
    await connection.execute(INSERT_RECOVERY_CODES, account_id, hashes)


async def spend_recovery_code(connection: Connection, account_id: UUID, code_hash: bytes) -> bool:
    """Spend a recovery code; return False for one that is none or spent."""
    return await connection.fetchval(SPEND_RECOVERY_CODE, account_id, code_hash) is not None


async def count_recovery_codes(connection: Connection, account_id: UUID) -> int:
    """Return how many are left."""
    left: int = await connection.fetchval(COUNT_RECOVERY_CODES, account_id)
    return left


async def add_passkey(
    connection: Connection, *, passkey_id: bytes, account_id: UUID, public_key: bytes, sign_count: int, label: str
) -> bool:
    """Add a passkey; return False where it is somebody's already."""
    values = (passkey_id, account_id, public_key, sign_count, label)
    return await connection.fetchval(INSERT_PASSKEY, *values) is not None


async def find_passkey(connection: Connection, passkey_id: bytes) -> Passkey | None:
    """Return a passkey by its id."""
    row = await connection.fetchrow(SELECT_PASSKEY, passkey_id)
    return None if row is None else Passkey(**dict(row))


async def list_passkeys(connection: Connection, account_id: UUID) -> list[Passkey]:
    """Return an account's passkeys, the oldest first."""
    return [Passkey(**dict(row)) for row in await connection.fetch(SELECT_PASSKEYS, account_id)]


async def use_passkey(connection: Connection, passkey_id: bytes, sign_count: int) -> None:
    """Note that a passkey was used, and its new counter."""
    await connection.execute(USE_PASSKEY, passkey_id, sign_count)


async def delete_passkey(connection: Connection, account_id: UUID, passkey_id: bytes) -> bool:
    """Take a passkey away; return False where the account has none such."""
    return await connection.fetchval(DELETE_PASSKEY, account_id, passkey_id) is not None


async def delete_passkeys(connection: Connection, account_id: UUID) -> None:
    """Take all of an account's passkeys away."""
    await connection.execute(DELETE_PASSKEYS, account_id)


async def add_challenge(
    connection: Connection, challenge: bytes, account_id: UUID | None, valid_for: datetime.timedelta
) -> None:
    """Add a challenge to be answered once, and forget stale ones."""
    await connection.execute(DELETE_STALE_CHALLENGES)
    await connection.execute(INSERT_CHALLENGE, challenge, account_id, valid_for)


async def take_challenge(connection: Connection, challenge: bytes, account_id: UUID | None) -> bool:
    """Spend a challenge; return False for one that was never set, is spent, somebody else's or too old."""
    return bool(await connection.fetchval(TAKE_CHALLENGE, challenge, account_id))


async def find_under_others(connection: Connection, key_id: str, limit: int) -> list[tuple[UUID, str, bytes]]:
    """Return secrets that are sealed under another key than this one."""
    rows = await connection.fetch(SELECT_UNDER_OTHERS, key_id, limit)
    return [(row["account_id"], row["key_id"], row["sealed_secret"]) for row in rows]


async def reseal(connection: Connection, key_id: str, sealed: Mapping[UUID, bytes]) -> None:
    """Exchange sealed secrets for the same under another key."""
    ids: Iterable[UUID] = sealed.keys()
    await connection.execute(UPDATE_SEALED, key_id, list(ids), list(sealed.values()))


async def count_under(connection: Connection, key_id: str) -> int:
    """Return how many secrets are sealed under a key."""
    count: int = await connection.fetchval(COUNT_UNDER, key_id)
    return count
