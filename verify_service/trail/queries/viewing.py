"""SQL of the auditor's view: a page of events, newest first, by what they are about."""

from collections.abc import Collection, Mapping
from typing import Final

import msgspec

from verify_service.database import Connection
from verify_service.trail.model import EventFilter, StoredEvent

COLUMNS: Final = """
       audit_event_id as number, occurred_at, actor, action, object_type, object_id, detail::text as detail,
       previous_hash, hash
"""
# Only what is asked for stands in the statement: with "or null" beside each, no index would be used.
CONDITIONS: Final[Mapping[str, str]] = {
    "actor": "actor = ${}",
    "action": "action = ${}",
    "object_id": "object_id = ${}",
    "since": "occurred_at >= ${}",
    "until": "occurred_at < ${}",
    "before": "audit_event_id < ${}",
}
SELECT_ONE: Final = f"select {COLUMNS} from audit_event where audit_event_id = $1"  # noqa: S608  # constants
SELECT_ABOUT: Final = f"""
select {COLUMNS}
  from audit_event
 where object_id = any($1::text[])
 order by audit_event_id desc
 limit $2
"""  # noqa: S608  # constants
SELECT_LATEST_OF: Final = f"""
select {COLUMNS} from audit_event where action = $1 order by audit_event_id desc limit 1
"""  # noqa: S608  # constants
# Of an index that begins with the column, one step for each value and not one for each row.
SELECT_ACTORS: Final = """
with recursive known as (
    (select actor from audit_event order by actor limit 1)
    union all
    select (select actor from audit_event where audit_event.actor > known.actor order by actor limit 1)
      from known where known.actor is not null
)
select actor from known where actor is not null
"""


async def list_page(connection: Connection, wanted: EventFilter, before: int | None, limit: int) -> list[StoredEvent]:
    """Return up to `limit` events below a number, newest first, that fit a filter.

    By number and never by offset: a page stays what it is while events are added.
    """
    asked = {**msgspec.structs.asdict(wanted), "before": before}
    given = {name: value for name, value in asked.items() if value is not None}
    conditions = [CONDITIONS[name].format(place) for place, name in enumerate(given, start=1)]
    where = f" where {' and '.join(conditions)}" if conditions else ""
    statement = f"select {COLUMNS} from audit_event{where} order by audit_event_id desc limit {limit:d}"  # noqa: S608
    return [StoredEvent(*row) for row in await connection.fetch(statement, *given.values())]


async def find_event(connection: Connection, number: int) -> StoredEvent | None:
    """Return the event of a number, or None."""
    row = await connection.fetchrow(SELECT_ONE, number)
    return None if row is None else StoredEvent(*row)


async def list_about(connection: Connection, object_ids: Collection[str], limit: int) -> list[StoredEvent]:
    """Return the latest events about any of these objects, newest first."""
    return [StoredEvent(*row) for row in await connection.fetch(SELECT_ABOUT, list(object_ids), limit)]


async def find_latest(connection: Connection, action: str) -> StoredEvent | None:
    """Return the latest event of an action, or None."""
    row = await connection.fetchrow(SELECT_LATEST_OF, action)
    return None if row is None else StoredEvent(*row)


async def list_actors(connection: Connection) -> list[str]:
    """Return everybody who ever acted, by name."""
    return [row["actor"] for row in await connection.fetch(SELECT_ACTORS)]
