"""SQL on account_session and sign_in_failure."""

import datetime
from typing import Final
from uuid import UUID

from verify_service.accounts.model import Client, ListedSession, Role, Session
from verify_service.accounts.queries.accounts import account_of
from verify_service.database import Connection

INSERT_SESSION: Final = """
insert into account_session (session_id, account_id, token_hash, network, device, expires_at)
values ($1, $2, $3, $4, $5, now() + $6)
"""
# Seen is written once a minute, not at every request.
SELECT_SESSION: Final = """
with touched as (
    update account_session set seen_at = now()
     where token_hash = $1 and ended_at is null
       and seen_at < now() - interval '1 minute' and seen_at > now() - $2::interval
)
select session_id, proven_at, now() as instant, account.account_id, name, roles, partner_id
  from account_session
  join account on account.account_id = account_session.account_id
 where token_hash = $1 and ended_at is null and disabled_at is null
   and expires_at > now() and seen_at > now() - $2::interval
"""
# Reads alone: what is streamed to an open page is no sign that somebody sits there.
SELECT_ROLES: Final = """
select roles
  from account_session
  join account on account.account_id = account_session.account_id
 where session_id = $1 and ended_at is null and disabled_at is null and expires_at > now()
"""
SELECT_OPEN: Final = """
select session_id, network, device, started_at, seen_at
  from account_session
 where account_id = $1 and ended_at is null and expires_at > now() and seen_at > now() - $2::interval
 order by seen_at desc
"""
UPDATE_PROVEN: Final = "update account_session set proven_at = now() where session_id = $1"
END_SESSION: Final = """
update account_session set ended_at = now()
 where account_id = $1 and session_id = $2 and ended_at is null returning session_id
"""
END_SESSIONS: Final = """
update account_session set ended_at = now()
 where account_id = $1 and ended_at is null and session_id is distinct from $2
"""
# A try is counted before it is judged: fifty at once are counted one after the other by the row.
COUNT_TRY: Final = """
insert into sign_in_failure (bucket, window_start, failures)
values ($1, date_bin($2, now(), 'epoch'), 1)
on conflict (bucket, window_start) do update set failures = sign_in_failure.failures + 1
returning failures
"""
FORGIVE_TRY: Final = """
update sign_in_failure set failures = failures - 1
 where bucket = $1 and window_start = date_bin($2, now(), 'epoch') and failures > 0
"""
DELETE_OLD: Final = "delete from sign_in_failure where window_start < now() - interval '1 day'"


async def add_session(
    connection: Connection,
    *,
    session_id: UUID,
    account_id: UUID,
    token_hash: bytes,
    client: Client,
    valid_for: datetime.timedelta,
) -> None:
    """Begin a session."""
    values = (session_id, account_id, token_hash, client.network, client.device, valid_for)
    await connection.execute(INSERT_SESSION, *values)


async def find_session(connection: Connection, token_hash: bytes, idle: datetime.timedelta) -> Session | None:
    """Return the open session of a token, and note that it is used; None for one that ended in any way."""
    row = await connection.fetchrow(SELECT_SESSION, token_hash, idle)
    if row is None:
        return None
    return Session(row["session_id"], account_of(row), row["proven_at"], row["instant"])


async def find_roles(connection: Connection, session_id: UUID) -> frozenset[Role]:
    """Return what the account of an open session may do now; nothing once it has ended."""
    roles: list[str] | None = await connection.fetchval(SELECT_ROLES, session_id)
    return frozenset(map(Role, roles or ()))


async def list_open(connection: Connection, account_id: UUID, idle: datetime.timedelta) -> list[ListedSession]:
    """Return an account's open sessions, the one used last first."""
    rows = await connection.fetch(SELECT_OPEN, account_id, idle)
    return [ListedSession(**dict(row)) for row in rows]


async def mark_proven(connection: Connection, session_id: UUID) -> None:
    """Note that whoever sits there has just proved who they are."""
    await connection.execute(UPDATE_PROVEN, session_id)


async def end_session(connection: Connection, account_id: UUID, session_id: UUID) -> bool:
    """End one session of an account; return False where it has none such that is open."""
    return await connection.fetchval(END_SESSION, account_id, session_id) is not None


async def end_sessions(connection: Connection, account_id: UUID, but: UUID | None = None) -> None:
    """End every session of an account, but for one."""
    await connection.execute(END_SESSIONS, account_id, but)


async def count_try(connection: Connection, bucket: bytes, window: datetime.timedelta) -> int:
    """Count a try to sign in, and return how many that makes in this window."""
    failures: int = await connection.fetchval(COUNT_TRY, bucket, window)
    return failures


async def forgive_try(connection: Connection, bucket: bytes, window: datetime.timedelta) -> None:
    """Take back a try that succeeded."""
    await connection.execute(FORGIVE_TRY, bucket, window)


async def delete_old_tries(connection: Connection) -> None:
    """Forget windows of yesterday."""
    await connection.execute(DELETE_OLD)
