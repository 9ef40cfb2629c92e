"""What the operator adds, ends and lists."""

from typing import Final
from uuid import UUID

from verify_service.api_clients.model import ListedApiClient, NewApiClient
from verify_service.database import Connection

INSERT_CLIENT: Final = """
insert into api_client (api_client_id, name, purpose, key_hash, daily_rows) values ($1, $2, $3, $4, $5)
    on conflict (name) do nothing
returning api_client_id
"""
SELECT_NAME_BY_HASH: Final = "select name from api_client where key_hash = $1"
SELECT_BY_NAME: Final = "select api_client_id from api_client where name = $1"
UPDATE_REVOKED: Final = """
update api_client set revoked_at = now() where api_client_id = $1 and revoked_at is null returning api_client_id
"""
SELECT_LISTED: Final = """
select name, purpose, daily_rows,
       coalesce(sum(row_count) filter (where day = (now() at time zone 'Asia/Shanghai')::date), 0)::int as rows_today,
       coalesce(sum(row_count), 0)::int8 as rows_ever, created_at, revoked_at
  from api_client
  left join api_client_day on api_client_day.api_client_id = api_client.api_client_id
 group by api_client.api_client_id
 order by name
"""


async def add_client(connection: Connection, client: NewApiClient) -> bool:
    """Register a client; False where another has its name."""
    added = await connection.fetchval(
        INSERT_CLIENT, client.api_client_id, client.name, client.purpose, client.key_hash, client.daily_rows
    )
    return added is not None


async def find_name(connection: Connection, key_hash: bytes) -> str | None:
    """Return the name of the client whose key has this hash, also of one revoked."""
    name: str | None = await connection.fetchval(SELECT_NAME_BY_HASH, key_hash)
    return name


async def find_by_name(connection: Connection, name: str) -> UUID | None:
    """Return the client of a name, also of one revoked."""
    client: UUID | None = await connection.fetchval(SELECT_BY_NAME, name)
    return client


async def mark_revoked(connection: Connection, api_client_id: UUID) -> bool:
    """End a client's key; False where it had ended."""
    return await connection.fetchval(UPDATE_REVOKED, api_client_id) is not None


async def list_clients(connection: Connection) -> list[ListedApiClient]:
    """Return every client by name, the revoked too."""
    return [ListedApiClient(**dict(row)) for row in await connection.fetch(SELECT_LISTED)]
