"""SQL on account_grant."""

from typing import Final
from uuid import UUID

import asyncpg

from verify_service.accounts.model import Grant, GrantState, Role
from verify_service.database import Connection
from verify_service.errors import ConflictError

INSERT_GRANT: Final = """
insert into account_grant (account_grant_id, account_id, roles, proposed_by) values ($1, $2, $3, $4)
"""
SELECT_OPEN: Final = """
select account_grant_id, account_grant.account_id, account.name, account_grant.roles, proposed_by,
       proposer.name as proposer, proposed_at
  from account_grant
  join account on account.account_id = account_grant.account_id
  join account as proposer on proposer.account_id = proposed_by
 where state = 'open'
 order by proposed_at
"""
UPDATE_STATE: Final = """
update account_grant set state = $2, decided_by = $3 where account_grant_id = $1 and state = 'open' returning account_id
"""
LOCK_ACCOUNT: Final = "select from account where account_id = $1 for update"
SELECT_MAY_OPEN: Final = """
select exists (
           select from account_grant
            where account_grant.account_id = $1 and state = 'approved' and decided_at > now() - interval '72 hours'
              and not exists (
                      select from account_invitation
                       where account_invitation.account_id = $1 and ended_at is not null
                         and ended_at > account_grant.decided_at
                  )
              and (roles is null or (select password_hash is null from account where account_id = $1))
       )
"""


async def add_grant(
    connection: Connection, grant_id: UUID, account_id: UUID, roles: frozenset[Role] | None, proposed_by: UUID
) -> None:
    """Add what an administrator proposes; raise ConflictError where something waits for this account already.

    The database refuses a proposer who is no administrator, or whom it is about.
    """
    listed = None if roles is None else sorted(roles)
    try:
        await connection.execute(INSERT_GRANT, grant_id, account_id, listed, proposed_by)
    except asyncpg.UniqueViolationError:
        raise ConflictError("GRANT_OPEN", "something waits to be decided for this account already") from None
    except (asyncpg.CheckViolationError, asyncpg.RestrictViolationError):
        raise ConflictError("GRANT_REFUSED", "nobody proposes roles for themselves") from None


async def list_open(connection: Connection) -> list[Grant]:
    """Return what waits to be decided, the oldest first."""
    return [
        Grant(**{**dict(row), "roles": None if row["roles"] is None else frozenset(map(Role, row["roles"]))})
        for row in await connection.fetch(SELECT_OPEN)
    ]


async def decide(connection: Connection, grant_id: UUID, state: GrantState, decided_by: UUID) -> UUID | None:
    """End an open grant, and return whose it is; None where there is none such that is open.

    The database gives the roles, and refuses a decider who is not allowed: that raises ConflictError.
    """
    try:
        account_id: UUID | None = await connection.fetchval(UPDATE_STATE, grant_id, state.value, decided_by)
    except (asyncpg.CheckViolationError, asyncpg.RestrictViolationError):
        raise ConflictError("GRANT_REFUSED", "another administrator or an approver decides") from None
    return account_id


async def may_open(connection: Connection, account_id: UUID) -> bool:
    """Tell whether two people have agreed, three days ago at most, that a link be made, and none has been used since.

    Until the transaction ends nobody else asks: two links of one agreement would open it twice.
    """
    await connection.execute(LOCK_ACCOUNT, account_id)
    may: bool = await connection.fetchval(SELECT_MAY_OPEN, account_id)
    return may
