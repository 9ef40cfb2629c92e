"""Proving who one is: all factors at once, so that no answer says which one was wrong, or whether a name exists."""

import datetime
import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Final
from uuid import uuid4

import anyio.to_thread

from verify_service.accounts.model import Account, Client, Factors, NewSession
from verify_service.accounts.queries import factors as queries
from verify_service.accounts.queries import sessions as tries
from verify_service.accounts.rules.one_time_codes import accepted_step, hash_recovery_code
from verify_service.accounts.rules.passwords import MAX_CHARACTERS, NOBODYS_HASH, matches
from verify_service.accounts.service import sessions
from verify_service.accounts.service.sealing import unseal
from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import record
from verify_service.database import Connection
from verify_service.errors import ServiceError
from verify_service.sealing.model import Secrets

QUARTER: Final = datetime.timedelta(minutes=15)
HOUR: Final = datetime.timedelta(hours=1)
DAY: Final = datetime.timedelta(days=1)
TRIES_PER_NAME: Final = {QUARTER: 10, DAY: 40}
"""From one network: who guesses from there shuts nobody out who sits elsewhere."""
TRIES_PER_NAME_ANYWHERE: Final = {QUARTER: 40, DAY: 100}
"""Three of a million codes are open at a time: whoever knows the password guesses one in 11 of 100 years."""
TRIES_PER_NETWORK: Final = {QUARTER: 30}
OFFERS_PER_NETWORK: Final = 100
"""An office of people who sign in by passkeys, several times over."""
FAILURES_NOTED: Final = 1_000
"""In an hour, whosever name it is: strangers may not grow by millions what nobody can delete."""
NOBODY: Final = "?"
"""In the trail, where a name is nobody's: no account can have this one."""
Turn = Callable[[], AbstractAsyncContextManager[None]]
"""Waits until one more password may be compared."""
Bucket = tuple[bytes, datetime.timedelta, int]
NOBODYS_TOTP: Final = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class NotSignedInError(ServiceError):
    """Name, password or code is wrong: which one, nobody is told."""


class TooManyTriesError(ServiceError):
    """Too many tries under this name or from this network: right and wrong ones are refused alike for a while."""


async def sign_in(
    connection: Connection, secrets: Secrets, turn: Turn, client: Client, *, name: str, password: str, code: str
) -> NewSession:
    """Begin a session for whoever knows the password and has the app, or one of the recovery codes."""
    buckets = _of_sign_in(client, name)
    await _count(connection, buckets)
    factors = await queries.find_factors(connection, name)
    means = await _means(connection, secrets, turn, factors, password=password, code=code)
    async with connection.transaction():
        if factors is not None and means is not None:
            await _forgive(connection, buckets)
            await tries.delete_old_tries(connection)
            return await sessions.begin(connection, factors.account, client, means)
        await _note_failure(connection, factors, client)
    raise NotSignedInError("NOT_SIGNED_IN", "name, password or code is wrong")


async def prove_again(
    connection: Connection,
    secrets: Secrets,
    turn: Turn,
    account: Account,
    *,
    password: str,
    code: str,
) -> None:
    """Return where somebody who is signed in proves it anew; else raise as `sign_in` does."""
    buckets = _of_proof(account)
    await _count(connection, buckets)
    factors = await queries.find_factors(connection, account.name)
    if await _means(connection, secrets, turn, factors, password=password, code=code) is None:
        raise NotSignedInError("NOT_SIGNED_IN", "password or code is wrong")
    await _forgive(connection, buckets)


async def _means(
    connection: Connection, secrets: Secrets, turn: Turn, factors: Factors | None, *, password: str, code: str
) -> str | None:
    """Return by which factors somebody has proved who they are, or None. As slow, and as much work, either way."""
    known_hash = NOBODYS_HASH if factors is None else factors.password_hash
    async with turn():  # each takes 46 MiB
        is_right = await anyio.to_thread.run_sync(matches, known_hash, password[: MAX_CHARACTERS + 1])
    totp, last_step = NOBODYS_TOTP, 0
    if factors is not None:
        totp = unseal(secrets, factors.account.account_id, factors.totp_key_id, factors.sealed_totp)
        last_step = factors.last_step
    step = accepted_step(totp, code, time.time(), last_step)
    is_known = factors is not None and is_right
    # Asked whoever it is, and nobody's where the password is wrong: a right one must not be told by what follows it.
    account_id = factors.account.account_id if factors is not None and is_right else uuid4()
    is_spent = await queries.spend_recovery_code(connection, account_id, hash_recovery_code(code))
    if is_known and step is not None:
        return "password totp" if await queries.advance_step(connection, account_id, step) else None
    return "password recovery-code" if is_known and is_spent else None


async def _note_failure(connection: Connection, factors: Factors | None, client: Client) -> None:
    """Record a failure, by the same statements where the name is nobody's: one less would tell that by its time."""
    count = await tries.count_try(connection, hashlib.sha256(b"failures").digest(), HOUR)
    if count > FAILURES_NOTED:
        return
    # What was typed is not written down: people type their password into the field for the name.
    name, account_id = NOBODY, NOBODY
    if factors is not None:
        name, account_id = factors.account.name, str(factors.account.account_id)
    detail = {"name": name, "network": client.network, "lastInThisHour": count == FAILURES_NOTED}
    await record(connection, Actor(name), AuditEvent("sign_in_failed", "account", account_id, detail))


async def count_offer(connection: Connection, client: Client) -> None:
    """Count a challenge that a network asks for before anybody is signed in, or raise TooManyTriesError.

    Each is a row: a stranger may not fill the table with them.
    """
    bucket = hashlib.sha256(f"offer {client.network}".encode()).digest()
    if await tries.count_try(connection, bucket, QUARTER) > OFFERS_PER_NETWORK:
        raise TooManyTriesError("TOO_MANY_TRIES", "too many passkeys were asked for: wait a quarter of an hour")


async def _count(connection: Connection, buckets: Sequence[Bucket]) -> None:
    """Count the try before it is judged, so that fifty at once are no fifty tries for one; the narrowest first.

    What one network has spent is not counted for the name: or it would shut the name out everywhere.
    """
    for bucket, window, limit in buckets:
        if await tries.count_try(connection, bucket, window) > limit:
            raise TooManyTriesError("TOO_MANY_TRIES", "too many tries: wait a quarter of an hour")


async def _forgive(connection: Connection, buckets: Sequence[Bucket]) -> None:
    for bucket, window, _ in buckets:
        await tries.forgive_try(connection, bucket, window)


def _of_sign_in(client: Client, name: str) -> list[Bucket]:
    return [
        *_buckets("network", client.network, TRIES_PER_NETWORK),
        *_buckets("name and network", f"{client.network} {name}", TRIES_PER_NAME),
        *_buckets("name", name, TRIES_PER_NAME_ANYWHERE),
    ]


def _of_proof(account: Account) -> list[Bucket]:
    """Return what a proof counts against: its own, for a stranger's tries must not keep anybody from their work."""
    return _buckets("proof", str(account.account_id), TRIES_PER_NAME)


def _buckets(kind: str, value: str, limits: Mapping[datetime.timedelta, int]) -> list[Bucket]:
    """Return hashes, for what was typed may be a password, each with its window and how many tries it has."""
    return [
        (hashlib.sha256(f"{kind} {window} {value}".encode("utf-8", "surrogatepass")).digest(), window, limit)
        for window, limit in limits.items()
    ]
