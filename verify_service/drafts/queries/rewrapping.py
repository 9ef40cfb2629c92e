"""SQL on the data keys of drafts, for a rotation at the command line."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from verify_service.database import Connection

SELECT_WRAPPED: Final = "select draft_id, kek_id, wrapped from draft where kek_id <> $1 order by draft_id limit $2"
REWRAP: Final = """
update draft set kek_id = $1, wrapped = fresh.wrapped
  from unnest($2::uuid[], $3::bytea[]) as fresh (draft_id, wrapped)
 where draft.draft_id = fresh.draft_id
"""
COUNT_UNDER_KEK: Final = "select count(*) from draft where kek_id = $1"


async def find_wrapped(connection: Connection, other_than: str, limit: int) -> list[tuple[UUID, str, bytes]]:
    """Return data keys that another key-encryption key wraps: draft, that key's id, wrapped key."""
    rows = await connection.fetch(SELECT_WRAPPED, other_than, limit)
    return [(row["draft_id"], row["kek_id"], row["wrapped"]) for row in rows]


async def rewrap(connection: Connection, kek_id: str, wrapped: Mapping[UUID, bytes]) -> None:
    """Replace wrapped data keys by the same keys wrapped under `kek_id`."""
    await connection.execute(REWRAP, kek_id, list(wrapped), list(wrapped.values()))


async def count_under_kek(connection: Connection, kek_id: str) -> int:
    """Return how many drafts' keys a key-encryption key wraps."""
    return int(await connection.fetchval(COUNT_UNDER_KEK, kek_id))
