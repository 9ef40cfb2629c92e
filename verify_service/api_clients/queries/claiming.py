"""What the public process asks. Its role changes nothing but through these two functions."""

from typing import Final
from uuid import UUID

from verify_service.api_clients.model import BatchName, Claim, Verdict
from verify_service.database import Connection

SELECT_BY_HASH: Final = "select api_client_id from api_client where key_hash = $1 and revoked_at is null"
CLAIM: Final = "select claim, quota, remaining, reset_seconds from claim_batch($1, $2, $3, $4)"
RELEASE: Final = "select release_batch($1, $2)"
# The role's transactions are read-only unless they say otherwise.
READ_WRITE: Final = "set transaction read write"


async def find_by_hash(connection: Connection, key_hash: bytes) -> UUID | None:
    """Return the client whose key has this hash and was not revoked."""
    client: UUID | None = await connection.fetchval(SELECT_BY_HASH, key_hash)
    return client


async def claim(connection: Connection, api_client_id: UUID, name: BatchName, rows: int) -> Claim:
    """Count a request's rows, or say why not; a transaction of its own."""
    async with connection.transaction():
        await connection.execute(READ_WRITE)
        row = await connection.fetchrow(CLAIM, api_client_id, name.request_mac, name.body_mac, rows)
    assert row is not None  # noqa: S101  # the function returns one row
    return Claim(Verdict(row["claim"]), row["quota"] or 0, row["remaining"] or 0, row["reset_seconds"])


async def release(connection: Connection, api_client_id: UUID, request_mac: bytes) -> None:
    """Say that a request's answer ended; a transaction of its own."""
    async with connection.transaction():
        await connection.execute(READ_WRITE)
        await connection.fetchval(RELEASE, api_client_id, request_mac)
