"""SQL on issuer and signing_key."""

from typing import Final

import msgspec

from verify_service.database import Connection
from verify_service.keys.model import Issuer, SigningKeyRow

SELECT_ISSUER: Final = "select did, public_url from issuer"
INSERT_ISSUER: Final = "insert into issuer (did, public_url) values ($1, $2)"
SELECT_SIGNING_KEYS: Final = """
select key_id, purpose, public_key, cose_kid, state, created_at from signing_key order by created_at, key_id
"""
INSERT_SIGNING_KEY: Final = """
insert into signing_key (key_id, purpose, public_key, cose_kid) values ($1, $2, $3, $4)
"""
# Keys are made one at a time: two `keys init` at once must not both think a key is missing.
LOCK_SIGNING_KEYS: Final = "select pg_advisory_xact_lock(hashtextextended('signing_key', 0))"

SELECT_CHECKS: Final = "select key_id, mac from secret_check"
INSERT_CHECK: Final = "insert into secret_check (key_id, mac) values ($1, $2)"

CURRENT_YEAR: Final = "select extract(year from now() at time zone 'Asia/Shanghai')::int"


async def find_issuer(connection: Connection) -> Issuer | None:
    """Return the issuer, or None before `keys init`."""
    row = await connection.fetchrow(SELECT_ISSUER)
    return None if row is None else Issuer(row["did"], row["public_url"])


async def add_issuer(connection: Connection, issuer: Issuer) -> None:
    """Freeze the issuer's identity."""
    await connection.execute(INSERT_ISSUER, issuer.did, issuer.public_url)


async def list_signing_keys(connection: Connection) -> list[SigningKeyRow]:
    """Return every signing key ever made, oldest first."""
    return [msgspec.convert(dict(row), SigningKeyRow) for row in await connection.fetch(SELECT_SIGNING_KEYS)]


async def add_signing_key(
    connection: Connection, *, key_id: str, purpose: str, public_key: bytes, cose_kid: int | None
) -> None:
    """Register the public half of a new key."""
    await connection.execute(INSERT_SIGNING_KEY, key_id, purpose, public_key, cose_kid)


async def lock_signing_keys(connection: Connection) -> None:
    """Hold off every other maker of keys until the transaction ends."""
    await connection.execute(LOCK_SIGNING_KEYS)


async def list_secret_checks(connection: Connection) -> dict[str, bytes]:
    """Return what tells each secret from another of its name, by key id; empty before `keys init`."""
    return {row["key_id"]: row["mac"] for row in await connection.fetch(SELECT_CHECKS)}


async def add_secret_check(connection: Connection, key_id: str, mac: bytes) -> None:
    """Register a secret by its check."""
    await connection.execute(INSERT_CHECK, key_id, mac)


async def current_year(connection: Connection) -> int:
    """Return the year in Shanghai, by the database's clock."""
    return int(await connection.fetchval(CURRENT_YEAR))
