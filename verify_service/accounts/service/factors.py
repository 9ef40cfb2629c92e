"""Exchanging one's own password and recovery codes."""

from uuid import UUID

from verify_service.accounts.model import Account
from verify_service.accounts.queries import accounts, factors, sessions
from verify_service.accounts.rules.one_time_codes import hash_recovery_code, new_recovery_codes
from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import record
from verify_service.database import Connection


async def change_password(
    connection: Connection, actor: Actor, account: Account, password_hash: str, *, keep: UUID
) -> None:
    """Exchange an account's password, ending every session but the one that asked for it."""
    async with connection.transaction():
        await accounts.change_password(connection, account.account_id, password_hash)
        await sessions.end_sessions(connection, account.account_id, keep)
        await _record(connection, actor, account, "password_changed")


async def renew_recovery_codes(connection: Connection, actor: Actor, account: Account) -> tuple[str, ...]:
    """Exchange an account's recovery codes, and return the new ones: they are shown once."""
    codes = new_recovery_codes()
    async with connection.transaction():
        await factors.set_recovery_codes(connection, account.account_id, [hash_recovery_code(code) for code in codes])
        await _record(connection, actor, account, "recovery_codes_renewed")
    return codes


async def _record(connection: Connection, actor: Actor, account: Account, action: str) -> None:
    event = AuditEvent(action, "account", str(account.account_id), {"name": account.name})
    await record(connection, actor, event)
