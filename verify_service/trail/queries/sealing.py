"""SQL on audit_head under the signer's role, the only one that adds to it."""

import datetime
from typing import Final

from signing import AuditHead
from verify_service.database import Connection

SELECT_IS_DUE: Final = """
select not exists (select from audit_head where audit_head_id = (select max(audit_head_id) from audit_head)
                      and signed_at > now() - $1::interval)
"""
SELECT_NOTES_SINCE: Final = "select signed_note from audit_head where signed_at > now() - $1::interval"
INSERT_HEAD: Final = "insert into audit_head (audit_event_id, event_hash, signed_note) values ($1, $2, $3)"
SELECT_NOW: Final = "select date_trunc('second', now())"


async def is_due(connection: Connection, every: datetime.timedelta) -> bool:
    """Tell whether the last head is older than `every`, or there is none."""
    return bool(await connection.fetchval(SELECT_IS_DUE, every))


async def list_notes_since(connection: Connection, age: datetime.timedelta) -> list[str]:
    """Return the heads that are not older than `age`."""
    return [row["signed_note"] for row in await connection.fetch(SELECT_NOTES_SINCE, age)]


async def add_head(connection: Connection, head: AuditHead, note: str) -> None:
    """Keep a head."""
    await connection.execute(INSERT_HEAD, head.event_id, head.event_hash, note)


async def now(connection: Connection) -> datetime.datetime:
    """Return the database's instant, in whole seconds, in UTC."""
    instant: datetime.datetime = await connection.fetchval(SELECT_NOW)
    return instant.astimezone(datetime.UTC)
