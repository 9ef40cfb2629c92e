"""The life of a secret: prepared, taken into use, ended. What is stored under it is moved by `secret_rotation`.

Every step that decides what writers must do is taken under the registration lock, while nobody registers, issues or
erases; the database then refuses whoever opened the secrets before.
"""

from typing import Final

import msgspec

from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import approve, record
from verify_service.database import Connection
from verify_service.errors import ConflictError, UsageError
from verify_service.key_directory import KeyDirectory
from verify_service.keys import queries
from verify_service.keys.model import SecretRow, SecretState
from verify_service.keys.rules import LIVE
from verify_service.keys.service.reading import CHECKED_WORD, require_genuine_secrets
from verify_service.sealing.model import SecretKey, SecretPurpose
from verify_service.sealing.rules import blind_index

SETTLING_SECONDS: Final = 60.0
"""So long at most a running site may still ask under the secret before: it reads them anew every few seconds."""


class Rotation(msgspec.Struct, frozen=True):
    """A secret on its way into use, and the one it takes over from."""

    new: SecretKey
    state: SecretState
    old: SecretKey


async def find_rotation(connection: Connection, directory: KeyDirectory, purpose: SecretPurpose) -> Rotation | None:
    """Return the rotation of a secret that was begun and not finished, or None; refuse where its file is not here."""
    rows = await _rows(connection, purpose)
    newest = max(rows, key=_version, default=None)
    if newest is None or newest.state in {SecretState.ACTIVE, SecretState.RETIRED}:
        return None
    held = await _genuine(connection, directory, purpose)
    return Rotation(_held(held, newest), newest.state, _held(held, _active(rows, purpose)))


async def prepare_rotation(
    connection: Connection, directory: KeyDirectory, purpose: SecretPurpose, actor: Actor
) -> Rotation:
    """Make the next version of a secret, used by nobody yet; one whose registration was cut off is taken up."""
    async with connection.transaction():
        await queries.lock_signing_keys(connection)
        rows = await _rows(connection, purpose)
        active = _active(rows, purpose)
        version = 1 + max(map(_version, rows))
        held = await _genuine(connection, directory, purpose)
        if version not in {secret.version for secret in held}:
            directory.add_secret(purpose, version)
            held = directory.secrets(purpose)
        new = next(secret for secret in held if secret.version == version)
        mac = blind_index(new, CHECKED_WORD)
        await queries.add_secret_check(connection, new.key_id, mac, SecretState.PREPARED)
        await _record(connection, actor, "key_made", new.key_id)
        return Rotation(new, SecretState.PREPARED, _held(held, active))


async def hold_secrets(connection: Connection) -> None:
    """Wait for whoever is sealing under any secret, and let nobody begin, until the caller's transaction ends."""
    await queries.lock_secrets(connection)


async def move_secret(connection: Connection, rotation: Rotation, state: SecretState, actor: Actor) -> None:
    """Let the new secret be in a later state, in the caller's transaction, which holds the registration lock."""
    await queries.change_secret_state(connection, rotation.new.key_id, state)
    if state is SecretState.ACTIVE:
        await _record(connection, actor, "key_rotated", rotation.new.key_id)


async def require_retirable(connection: Connection, purpose: SecretPurpose, key_id: str) -> None:
    """Return if another secret has taken over from this one, or it was never taken into use; else refuse."""
    rows = await _rows(connection, purpose)
    row = next((row for row in rows if row.key_id == key_id), None)
    if row is None:
        raise UsageError("UNKNOWN_KEY", f"the register has no secret {key_id}: see `verify-service keys list`")
    if row.state is SecretState.RETIRED:
        raise ConflictError("KEY_ENDED", f"{key_id} is retired already")
    active = _active(rows, purpose)
    if row == active:
        raise ConflictError("KEY_ACTIVE", f"{key_id} is in use: run `verify-service keys rotate {purpose}` first")
    if row.state is SecretState.ACTIVE and await queries.seconds_in_state(connection, active.key_id) < SETTLING_SECONDS:
        raise ConflictError("KEY_STILL_READ", f"{active.key_id} was taken into use just now: wait a minute")


async def retire_secret(connection: Connection, key_id: str, actor: Actor) -> None:
    """End a secret that nothing stored needs any more, in the caller's transaction."""
    await queries.change_secret_state(connection, key_id, SecretState.RETIRED)
    await _record(connection, actor, "key_retired", key_id)


async def _rows(connection: Connection, purpose: SecretPurpose) -> list[SecretRow]:
    prefix = f"{purpose.value}-"
    return [row for row in await queries.list_secrets(connection) if row.key_id.startswith(prefix)]


def _version(row: SecretRow) -> int:
    return int(row.key_id.partition("-")[2])


def _active(rows: list[SecretRow], purpose: SecretPurpose) -> SecretRow:
    """Return the secret that new work is done under."""
    active = [row for row in rows if row.state is SecretState.ACTIVE]
    if not active:
        raise UsageError("KEY_MISSING", f"there is no {purpose.value} secret yet: run `verify-service keys init`")
    return max(active, key=_version)


async def _genuine(connection: Connection, directory: KeyDirectory, purpose: SecretPurpose) -> tuple[SecretKey, ...]:
    held = directory.secrets(purpose)
    await require_genuine_secrets(connection, held)
    return held


def _held(held: tuple[SecretKey, ...], row: SecretRow) -> SecretKey:
    for secret in held:
        if secret.key_id == row.key_id:
            return secret
    what = "prepared elsewhere" if row.state not in LIVE else "in use"
    raise UsageError("KEY_MISSING", f"KEY_DIR lacks {row.key_id}, which is {what}: copy it here first")


async def _record(connection: Connection, actor: Actor, action: str, key_id: str) -> None:
    approval = await approve(connection, actor, "keys")
    await record(connection, actor, AuditEvent(action, "key", key_id, {"approval": str(approval.approval_id)}))
