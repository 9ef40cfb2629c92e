"""SQL that reads audit_head."""

from typing import Final

from verify_service.database import Connection
from verify_service.trail.model import HeadRow

SELECT_NOTES: Final = "select signed_note from audit_head order by audit_head_id"
SELECT_NEWEST: Final = """
select audit_head_id, audit_event_id, event_hash, signed_note, signed_at
  from audit_head
 order by audit_head_id desc
 limit 1
"""


async def list_notes(connection: Connection) -> list[str]:
    """Return every head, in the order they were signed."""
    return [row["signed_note"] for row in await connection.fetch(SELECT_NOTES)]


async def find_newest(connection: Connection) -> HeadRow | None:
    """Return the head that was signed last, or None."""
    row = await connection.fetchrow(SELECT_NEWEST)
    return None if row is None else HeadRow(*row)
