"""SQL on published status lists and on what they are made of."""

import datetime
from collections.abc import Sequence
from typing import Final

from verify_service.database import Connection
from verify_service.status_lists.model import ChangedEntry, Publication

LOCK_PUBLISHING: Final = "select pg_advisory_xact_lock(hashtextextended('status_list_publication', 0))"
# Not now(): that is the transaction's beginning, and another publisher may have signed while it waited for the lock.
SELECT_INSTANT: Final = "select date_trunc('second', clock_timestamp())"
TAKE_CHANGES: Final = "delete from status_list_change returning status_list"
SELECT_DUE: Final = """
select status_list.status_list
  from status_list
 where status_list.status_list = any($1)
    or not exists (
           select from status_list_publication
            where status_list_publication.status_list = status_list.status_list and key_id = $2 and signed_at > $3
       )
 order by status_list.status_list
"""
# Without the person's key, which erasure deletes: what was revoked stays revoked.
SELECT_CHANGED_ENTRIES: Final = """
select credential.status_index, bool_or(credential_event.event = 'revoked') as revoked
  from credential
  join credential_event on credential_event.credential_id = credential.credential_id
 where credential.status_list = $1
 group by credential.status_index
"""
PUT_PUBLICATION: Final = """
insert into status_list_publication (status_list, purpose, content, key_id, signed_at, valid_until)
values ($1, $2, $3, $4, $5, $6)
    on conflict (status_list, purpose) do update
   set content = excluded.content, key_id = excluded.key_id, signed_at = excluded.signed_at,
       valid_until = excluded.valid_until
"""
SELECT_CONTENT: Final = "select content from status_list_publication where status_list = $1 and purpose = $2"


async def lock_publishing(connection: Connection) -> None:
    """Be the only one publishing until the transaction ends."""
    await connection.execute(LOCK_PUBLISHING)


async def get_instant(connection: Connection) -> datetime.datetime:
    """Return the present instant of the database's clock, whole seconds, in UTC."""
    instant: datetime.datetime = await connection.fetchval(SELECT_INSTANT)
    return instant


async def take_changes(connection: Connection) -> list[int]:
    """Return which lists have changed, possibly repeated, and forget that they have."""
    return [row["status_list"] for row in await connection.fetch(TAKE_CHANGES)]


async def find_due(
    connection: Connection, changed: Sequence[int], key_id: str, signed_after: datetime.datetime
) -> list[int]:
    """Return the lists that changed, and those this key has not signed since an instant."""
    return [row["status_list"] for row in await connection.fetch(SELECT_DUE, changed, key_id, signed_after)]


async def list_changed_entries(connection: Connection, status_list: int) -> list[ChangedEntry]:
    """Return every position of a list whose certificate no longer stands."""
    return [ChangedEntry(**dict(row)) for row in await connection.fetch(SELECT_CHANGED_ENTRIES, status_list)]


async def put_publication(connection: Connection, publication: Publication) -> None:
    """Publish a signed list in place of the one before."""
    await connection.execute(
        PUT_PUBLICATION,
        publication.status_list,
        publication.purpose,
        publication.content,
        publication.key_id,
        publication.signed_at,
        publication.valid_until,
    )


async def find_content(connection: Connection, status_list: int, purpose: str) -> bytes | None:
    """Return the signed list of a number and purpose, or None before it was published."""
    content: bytes | None = await connection.fetchval(SELECT_CONTENT, status_list, purpose)
    return content
