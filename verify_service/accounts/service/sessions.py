"""Sessions: begun by whoever proved who they are, and ended by time, by hand, or with the account."""

import datetime
from typing import Final
from uuid import UUID

from verify_service.accounts.model import Account, Client, ListedSession, NewSession, Session
from verify_service.accounts.queries import sessions as queries
from verify_service.accounts.rules.tokens import MAX_CHARACTERS, hash_token, new_token
from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import record
from verify_service.database import Connection, new_row_id
from verify_service.errors import NotFoundError

LASTS: Final = datetime.timedelta(hours=10)
"""A working day, whatever happens."""
IDLE: Final = datetime.timedelta(minutes=60)
PROOF_LASTS: Final = datetime.timedelta(minutes=10)
"""So long after proving who they are may somebody open a form that issues, revokes or changes roles, or send one that
stands on a page for everybody."""
PROOF_GRACE: Final = datetime.timedelta(minutes=30)
"""So long may its answer take: what was typed into an open form is not lost."""


async def begin(connection: Connection, account: Account, client: Client, means: str) -> NewSession:
    """Begin a session with a token nobody chose; `means` says in the trail by which factors."""
    session = NewSession(new_row_id(), account, new_token())
    await queries.add_session(
        connection,
        session_id=session.session_id,
        account_id=account.account_id,
        token_hash=hash_token(session.token),
        client=client,
        valid_for=LASTS,
    )
    detail = {"name": account.name, "network": client.network, "means": means}
    await record(connection, Actor(account.name), AuditEvent("signed_in", "session", str(session.session_id), detail))
    return session


async def find(connection: Connection, token: str) -> Session | None:
    """Return the open session of a cookie; roles and partner are what they are now."""
    return await queries.find_session(connection, hash_token(token), IDLE) if len(token) <= MAX_CHARACTERS else None


async def list_open(connection: Connection, account_id: UUID) -> list[ListedSession]:
    """Return an account's open sessions."""
    return await queries.list_open(connection, account_id, IDLE)


async def end(connection: Connection, actor: Actor, account: Account, session_id: UUID) -> None:
    """End one session of an account; raise NotFoundError where it has none such."""
    async with connection.transaction():
        if not await queries.end_session(connection, account.account_id, session_id):
            raise NotFoundError("NO_SESSION", "no such session")
        event = AuditEvent("session_ended", "session", str(session_id), {"name": account.name})
        await record(connection, actor, event)
