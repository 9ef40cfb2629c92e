"""Making, ending and listing keys, and counting what their holders ask."""

from uuid import UUID

from verify_service.api_clients.model import BatchName, Claim, ListedApiClient, NewApiClient
from verify_service.api_clients.queries import claiming, registering
from verify_service.api_clients.rules import key_hash, new_key, require_name_and_purpose
from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import record
from verify_service.database import Connection, new_row_id
from verify_service.errors import ConflictError, UsageError


async def create_client(connection: Connection, actor: Actor, *, name: str, purpose: str, daily_rows: int) -> str:
    """Register a platform and return its key, which nobody can be told again.

    Raises UsageError for a name or purpose that says nothing, ConflictError for a name that was given before.
    """
    require_name_and_purpose(name, purpose)
    key = new_key()
    client = NewApiClient(new_row_id(), name, purpose, key_hash(key), daily_rows)
    async with connection.transaction():
        if not await registering.add_client(connection, client):
            raise ConflictError("API_KEY_NAME_TAKEN", f"there was a key for {name} before: call the new one otherwise")
        detail = {"name": name, "purpose": purpose, "daily_rows": daily_rows}
        await record(connection, actor, AuditEvent("api_key_created", "api_client", str(client.api_client_id), detail))
    return key


async def revoke_client(connection: Connection, actor: Actor, name: str) -> bool:
    """End a platform's key from its next request on; False where it had ended. Refuses a name nobody was given."""
    async with connection.transaction():
        api_client_id = await registering.find_by_name(connection, name)
        if api_client_id is None:
            raise UsageError("UNKNOWN_API_KEY", f"there is no key for {name}: see `api-keys list`")
        revoked = await registering.mark_revoked(connection, api_client_id)
        if revoked:
            await record(connection, actor, AuditEvent("api_key_revoked", "api_client", str(api_client_id)))
    return revoked


async def require_holder(connection: Connection, key: str) -> str:
    """Return the name of the platform a key was made for; raise UsageError where it was made for none."""
    name = await registering.find_name(connection, key_hash(key))
    if name is None:
        raise UsageError("UNKNOWN_API_KEY", "this is no key of ours: see `api-keys list`")
    return name


async def list_clients(connection: Connection) -> list[ListedApiClient]:
    """Return every platform by name with what it asked."""
    return await registering.list_clients(connection)


async def find_client(connection: Connection, key: str) -> UUID | None:
    """Return whose key this is; None where it is nobody's or was revoked."""
    return await claiming.find_by_hash(connection, key_hash(key))


async def claim_batch(connection: Connection, api_client_id: UUID, name: BatchName, rows: int) -> Claim:
    """Count a batch against its client's day, all of its rows or none, exactly also beside others.

    A batch counted once under its Idempotency-Key is not counted again for 24 hours.
    """
    return await claiming.claim(connection, api_client_id, name, rows)


async def release_batch(connection: Connection, api_client_id: UUID, name: BatchName) -> None:
    """Let a batch be repeated at once: its answer ended. Without this it may be after a minute."""
    if name.request_mac is not None:
        await claiming.release(connection, api_client_id, name.request_mac)
