"""SQL on account and account_invitation."""

import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from verify_service.accounts.model import Account, ListedAccount, Role
from verify_service.database import Connection

INSERT_ACCOUNT: Final = """
insert into account (account_id, name, roles, partner_id) values ($1, $2, $3, $4) on conflict (name) do nothing
returning account_id
"""
SELECT_BY_NAME: Final = """
select account_id, name, roles, partner_id from account where name = $1 and disabled_at is null
"""
SELECT_BY_ID: Final = """
select account_id, name, roles, partner_id from account where account_id = $1 and disabled_at is null
"""
SELECT_LISTED: Final = """
select account.account_id, account.name, roles, account.partner_id, partner.name as partner, account.created_at,
       disabled_at, password_hash is not null as has_accepted,
       (select count(*) from account_passkey where account_passkey.account_id = account.account_id) as passkeys,
       (select max(seen_at) from account_session where account_session.account_id = account.account_id) as seen_at
  from account
  left join partner on partner.partner_id = account.partner_id
 order by account.partner_id is not null, account.name
"""
UPDATE_HASH: Final = "update account set password_hash = $2 where account_id = $1"
UPDATE_DISABLED: Final = """
update account set disabled_at = now() where account_id = $1 and disabled_at is null returning account_id
"""
INSERT_INVITATION: Final = """
insert into account_invitation (invitation_id, account_id, token_hash, expires_at) values ($1, $2, $3, now() + $4)
returning expires_at
"""
END_INVITATIONS: Final = """
update account_invitation set ended_at = now() where account_id = $1 and ended_at is null
"""
SELECT_INVITATION: Final = """
select invitation_id, now() as instant, account.account_id, name, roles, partner_id
  from account_invitation
  join account on account.account_id = account_invitation.account_id
 where token_hash = $1 and ended_at is null and expires_at > now() and disabled_at is null
   for update of account_invitation
"""


async def add_account(connection: Connection, account: Account) -> bool:
    """Add an account that cannot enter yet; return False where the name is taken."""
    roles = sorted(account.roles)
    added = await connection.fetchval(INSERT_ACCOUNT, account.account_id, account.name, roles, account.partner_id)
    return added is not None


async def find_by_name(connection: Connection, name: str) -> Account | None:
    """Return the account of a name, unless it is disabled."""
    row = await connection.fetchrow(SELECT_BY_NAME, name)
    return None if row is None else account_of(row)


async def find_by_id(connection: Connection, account_id: UUID) -> Account | None:
    """Return an account, unless it is disabled."""
    row = await connection.fetchrow(SELECT_BY_ID, account_id)
    return None if row is None else account_of(row)


async def list_accounts(connection: Connection) -> list[ListedAccount]:
    """Return every account, disabled ones included, staff first."""
    return [
        ListedAccount(**{**dict(row), "roles": frozenset(map(Role, row["roles"]))})
        for row in await connection.fetch(SELECT_LISTED)
    ]


async def change_password(connection: Connection, account_id: UUID, password_hash: str | None) -> None:
    """Replace a password; None leaves the account without one, until an invitation is accepted."""
    await connection.execute(UPDATE_HASH, account_id, password_hash)


async def disable(connection: Connection, account_id: UUID) -> bool:
    """Shut an account out for good; return False where it was already."""
    return await connection.fetchval(UPDATE_DISABLED, account_id) is not None


async def add_invitation(
    connection: Connection,
    *,
    invitation_id: UUID,
    account_id: UUID,
    token_hash: bytes,
    valid_for: datetime.timedelta,
) -> datetime.datetime:
    """Add an invitation, ending those before it, and return when it expires."""
    await end_invitations(connection, account_id)
    expires_at: datetime.datetime = await connection.fetchval(
        INSERT_INVITATION, invitation_id, account_id, token_hash, valid_for
    )
    return expires_at


async def end_invitations(connection: Connection, account_id: UUID) -> None:
    """Have every link of an account lead nowhere."""
    await connection.execute(END_INVITATIONS, account_id)


async def hold_invitation(connection: Connection, token_hash: bytes) -> asyncpg.Record | None:
    """Return an open invitation with its account, to be accepted by nobody else until the transaction ends."""
    return await connection.fetchrow(SELECT_INVITATION, token_hash)


def account_of(row: asyncpg.Record | dict[str, Any]) -> Account:
    """Return the account of a row that has its columns."""
    return Account(row["account_id"], row["name"], frozenset(map(Role, row["roles"])), row["partner_id"])
