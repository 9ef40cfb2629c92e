"""Inviting people: an account, and a link that works once."""

import datetime
from typing import Final
from uuid import UUID

from verify_service.accounts.model import STAFF, Account, Invitation, OpenInvitation, Role, TotpOffer
from verify_service.accounts.queries import accounts as queries
from verify_service.accounts.queries import factors, sessions
from verify_service.accounts.rules.one_time_codes import hash_recovery_code, new_recovery_codes
from verify_service.accounts.rules.tokens import hash_token, is_handle, new_token
from verify_service.accounts.service.sealing import seal
from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import record
from verify_service.database import Connection, new_row_id
from verify_service.errors import ConflictError, NotFoundError, UsageError
from verify_service.sealing.model import Secrets

VALID_FOR: Final = datetime.timedelta(hours=72)


async def invite(
    connection: Connection,
    actor: Actor,
    *,
    name: str,
    roles: frozenset[Role],
    partner_id: UUID | None = None,
) -> Invitation:
    """Make an account and its link; raise UsageError for a name or roles that cannot be, ConflictError for a taken one.

    A partner's user has the role `partner` and no other, and is bound to that partner for good.
    """
    if not is_handle(name):
        raise UsageError("BAD_NAME", "a name is 2 to 32 of a-z, 0-9, dot and hyphen, and begins with a letter")
    if not roles or (partner_id is None and not roles <= STAFF) or (partner_id and roles != {Role.PARTNER}):
        raise UsageError("BAD_ROLES", "give one or more roles of staff, or the role partner alone with its partner")
    account = Account(new_row_id(), name, roles, partner_id)
    async with connection.transaction():
        if not await queries.add_account(connection, account):
            raise ConflictError("NAME_TAKEN", f"there is an account {name} already")
        detail = {"name": name, "roles": sorted(roles)}
        await record(connection, actor, AuditEvent("account_invited", "account", str(account.account_id), detail))
        return await _add_invitation(connection, account)


async def invite_again(connection: Connection, actor: Actor, name: str) -> Invitation:
    """Make another link for somebody who lost the first, or every factor: the old ones end, and so does any session.

    Raises NotFoundError for a name nobody has, or one that is disabled.
    """
    async with connection.transaction():
        account = await queries.find_by_name(connection, name)
        if account is None:
            raise NotFoundError("NO_ACCOUNT", f"there is no account {name}")
        await queries.change_password(connection, account.account_id, None)
        await factors.delete_passkeys(connection, account.account_id)
        await sessions.end_sessions(connection, account.account_id)
        event = AuditEvent("account_invited_again", "account", str(account.account_id), {"name": name})
        await record(connection, actor, event)
        return await _add_invitation(connection, account)


async def open_invitation(connection: Connection, token: str) -> OpenInvitation:
    """Return what a link leads to; raise NotFoundError for one that was never made, was used, or is too old."""
    row = await queries.hold_invitation(connection, hash_token(token))
    if row is None:
        raise NotFoundError("NO_INVITATION", "no such invitation, or it ended")
    return OpenInvitation(row["invitation_id"], queries.account_of(row), row["instant"])


async def accept(
    connection: Connection,
    secrets: Secrets,
    invitation: OpenInvitation,
    offer: TotpOffer,
    *,
    password_hash: str,
    step: int,
) -> tuple[str, ...]:
    """Let an invited account in from now on, and return its recovery codes: they are shown once.

    `step` is that of the one-time code which showed that the app has the secret of this offer.
    """
    account, codes = invitation.account, new_recovery_codes()
    key_id, sealed = seal(secrets, account.account_id, offer.totp_secret)
    await queries.end_invitations(connection, account.account_id)
    await queries.change_password(connection, account.account_id, password_hash)
    await factors.delete_passkeys(connection, account.account_id)
    await factors.set_totp(connection, account.account_id, key_id, sealed, step)
    await factors.set_recovery_codes(connection, account.account_id, [hash_recovery_code(code) for code in codes])
    event = AuditEvent("account_accepted", "account", str(account.account_id), {"name": account.name})
    await record(connection, Actor(account.name), event)
    return codes


async def disable(connection: Connection, actor: Actor, account: Account) -> None:
    """Shut an account out at once and for good; its name stays in the trail and is never given again."""
    async with connection.transaction():
        if not await queries.disable(connection, account.account_id):
            raise ConflictError("DISABLED", f"{account.name} is disabled already")
        await queries.end_invitations(connection, account.account_id)
        await sessions.end_sessions(connection, account.account_id)
        event = AuditEvent("account_disabled", "account", str(account.account_id), {"name": account.name})
        await record(connection, actor, event)


async def _add_invitation(connection: Connection, account: Account) -> Invitation:
    token = new_token()
    expires_at = await queries.add_invitation(
        connection,
        invitation_id=new_row_id(),
        account_id=account.account_id,
        token_hash=hash_token(token),
        valid_for=VALID_FOR,
    )
    return Invitation(account, token, expires_at)
