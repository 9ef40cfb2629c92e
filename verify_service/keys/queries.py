"""SQL on issuer, signing_key and secret_check; of secrets the register has only what they make of a fixed word."""

import datetime
from typing import Final

import msgspec

from verify_service.database import Connection
from verify_service.keys.model import Issuer, KeyState, SecretRow, SecretState, SigningKeyRow

SELECT_ISSUER: Final = "select did, public_url from issuer"
INSERT_ISSUER: Final = "insert into issuer (did, public_url) values ($1, $2)"
SELECT_SIGNING_KEYS: Final = """
select key_id, purpose, public_key, cose_kid, state, created_at, state_since
  from signing_key
 order by created_at, key_id
"""
INSERT_SIGNING_KEY: Final = """
insert into signing_key (key_id, purpose, public_key, cose_kid) values ($1, $2, $3, $4)
"""
# Whoever is recording a credential under this key holds its row, and is waited for.
HOLD_SIGNING_KEY: Final = "select state from signing_key where key_id = $1 for update"
CHANGE_KEY_STATE: Final = "update signing_key set state = $2 where key_id = $1"
# An erased person's will never be signed, nor will one that the signer has refused for good.
COUNT_UNSIGNED: Final = """
select count(*)
  from credential
  join subject_key on subject_key.subject_id = credential.subject_id
  left join credential_signature on credential_signature.credential_id = credential.credential_id
 where $1 in (credential_key_id, qr_key_id) and credential_signature.credential_id is null
   and not exists (
           select from audit_event
            where action = 'signing_refused' and object_id = credential.credential_id::text
       )
"""
# Keys are made one at a time: two `keys init` at once must not both think a key is missing.
LOCK_SIGNING_KEYS: Final = "select pg_advisory_xact_lock(hashtextextended('signing_key', 0))"
SELECT_STATES: Final = "select key_id, state from signing_key union all select key_id, state from secret_check"
SELECT_SECRETS: Final = "select key_id, mac, state, state_since from secret_check order by key_id"
LOCK_SECRETS: Final = "select key_id from secret_check order by key_id for update"  # a statement
INSERT_CHECK: Final = "insert into secret_check (key_id, mac, state) values ($1, $2, $3)"
CHANGE_SECRET_STATE: Final = "update secret_check set state = $2 where key_id = $1"  # noqa: S105  # a statement

SECONDS_IN_STATE: Final = """
select extract(epoch from clock_timestamp() - state_since) from secret_check where key_id = $1
"""

TODAY: Final = "select (now() at time zone 'Asia/Shanghai')::date"


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
    """Register the public half of a new key, active from now on."""
    await connection.execute(INSERT_SIGNING_KEY, key_id, purpose, public_key, cose_kid)


async def hold_signing_key(connection: Connection, key_id: str) -> KeyState | None:
    """Return the state of a key, or None; until the transaction ends no credential is recorded under it."""
    state = await connection.fetchval(HOLD_SIGNING_KEY, key_id)
    return None if state is None else KeyState(state)


async def change_key_state(connection: Connection, key_id: str, state: KeyState) -> None:
    """Let a key be in another state from now on; the database refuses to go back."""
    await connection.execute(CHANGE_KEY_STATE, key_id, state.value)


async def count_unsigned(connection: Connection, key_id: str) -> int:
    """Return how many recorded credentials wait for a signature of this key."""
    return int(await connection.fetchval(COUNT_UNSIGNED, key_id))


async def lock_signing_keys(connection: Connection) -> None:
    """Hold off every other maker of keys until the transaction ends."""
    await connection.execute(LOCK_SIGNING_KEYS)


async def list_secrets(connection: Connection) -> list[SecretRow]:
    """Return every version of every secret ever registered; none before `keys init`."""
    return [msgspec.convert(dict(row), SecretRow) for row in await connection.fetch(SELECT_SECRETS)]


async def list_secret_checks(connection: Connection) -> dict[str, bytes]:
    """Return what tells each secret from another of its name, by key id; empty before `keys init`."""
    return {row.key_id: row.mac for row in await list_secrets(connection)}


async def lock_secrets(connection: Connection) -> None:
    """Hold the rows of all secrets until the transaction ends; whoever seals a draft under one shares them."""
    await connection.execute(LOCK_SECRETS)


async def add_secret_check(
    connection: Connection, key_id: str, mac: bytes, state: SecretState = SecretState.ACTIVE
) -> None:
    """Register a secret by its check."""
    await connection.execute(INSERT_CHECK, key_id, mac, state.value)


async def change_secret_state(connection: Connection, key_id: str, state: SecretState) -> None:
    """Let a secret be in another state from now on; the database refuses to go back."""
    await connection.execute(CHANGE_SECRET_STATE, key_id, state.value)


async def seconds_in_state(connection: Connection, key_id: str) -> float:
    """Return for how long a secret has been in its state, by the database's clock."""
    return float(await connection.fetchval(SECONDS_IN_STATE, key_id))


async def list_states(connection: Connection) -> frozenset[tuple[str, str]]:
    """Return id and state of every key and secret: what a process compares to see that something changed."""
    return frozenset((row["key_id"], row["state"]) for row in await connection.fetch(SELECT_STATES))


async def today(connection: Connection) -> datetime.date:
    """Return the date in Asia/Shanghai by the database's clock."""
    date: datetime.date = await connection.fetchval(TODAY)
    return date
