"""The later life of signing keys: another takes over, it ends, or it was stolen."""

from signing import KeyPurpose, parse_key_id
from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import approve, record
from verify_service.database import Connection
from verify_service.errors import ConflictError, UsageError
from verify_service.keys import queries
from verify_service.keys.model import KeyState, Retirement
from verify_service.keys.service.making import make_signing_key
from verify_service.private_keys import PrivateKeys


async def rotate_signing_key(
    connection: Connection, private_keys: PrivateKeys, purpose: KeyPurpose, actor: Actor, organisation: str
) -> tuple[str, str | None]:
    """Let a new key sign whatever is new; return its id, and that of the one before, if it was active until now.

    `organisation` is who the certificate of a key for PDFs names.
    """
    async with connection.transaction():
        await queries.lock_signing_keys(connection)
        rows = await queries.list_signing_keys(connection)
        if not rows:
            raise UsageError("KEY_MISSING", "the issuer has no keys yet: run `verify-service keys init`")
        before = next((r.key_id for r in rows if r.purpose == purpose.value and r.state is KeyState.ACTIVE), None)
        if before is not None:
            await queries.change_key_state(connection, before, KeyState.ROTATED)
        made = await make_signing_key(connection, private_keys, purpose, rows, organisation)
        await _record(connection, actor, AuditEvent("key_rotated", "key", made, {"before": before}))
    return made, before


async def retire_signing_key(connection: Connection, key_id: str, actor: Actor) -> Retirement:
    """End a key that another has taken over from; refuse the active one, and one that still owes a signature."""
    async with connection.transaction():
        state = await _hold(connection, key_id)
        if state is KeyState.ACTIVE:
            purpose = parse_key_id(key_id).purpose
            raise ConflictError("KEY_ACTIVE", f"{key_id} is in use: run `verify-service keys rotate {purpose}` first")
        if state is not KeyState.ROTATED:
            raise ConflictError("KEY_ENDED", f"{key_id} is {state} already")
        waiting = await queries.count_unsigned(connection, key_id)
        if waiting:
            raise ConflictError(
                "KEY_OWES_SIGNATURES", f"{waiting} recorded certificates wait for {key_id}: have them signed first"
            )
        await queries.change_key_state(connection, key_id, KeyState.RETIRED)
        await _record(connection, actor, AuditEvent("key_retired", "key", key_id, {"state": KeyState.RETIRED.value}))
    return Retirement(key_id, KeyState.RETIRED.value)


async def mark_compromised(connection: Connection, key_id: str, actor: Actor) -> Retirement:
    """Mark a key that somebody else may hold, whatever its state; return how many it leaves unsigned.

    An active one leaves its purpose without a key until the next `keys init` or `keys rotate`. The operator's note is
    not kept: it may say anything about anybody, and there is nobody's key to seal it under. The trail says that one was
    given.
    """
    async with connection.transaction():
        if await _hold(connection, key_id) is KeyState.COMPROMISED:
            raise ConflictError("KEY_ENDED", f"{key_id} is compromised already")
        unsigned = await queries.count_unsigned(connection, key_id)
        await queries.change_key_state(connection, key_id, KeyState.COMPROMISED)
        detail = {"state": KeyState.COMPROMISED.value, "noteGiven": True, "unsigned": unsigned}
        await _record(connection, actor, AuditEvent("key_retired", "key", key_id, detail))
    return Retirement(key_id, KeyState.COMPROMISED.value, unsigned)


async def _hold(connection: Connection, key_id: str) -> KeyState:
    state = await queries.hold_signing_key(connection, key_id)
    if state is None:
        raise UsageError("UNKNOWN_KEY", f"the register has no signing key {key_id}: see `verify-service keys list`")
    return state


async def _record(connection: Connection, actor: Actor, event: AuditEvent) -> None:
    approval = await approve(connection, actor, "keys")
    detail = {**event.detail, "approval": str(approval.approval_id)}
    await record(connection, actor, AuditEvent(event.action, event.object_type, event.object_id, detail))
