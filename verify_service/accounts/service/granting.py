"""Roles on the pages: one administrator proposes, another or an approver decides, and the database gives them."""

from uuid import UUID

from verify_service.accounts.model import STAFF, Account, GrantState, Invitation, Role
from verify_service.accounts.queries import accounts, grants
from verify_service.accounts.rules.tokens import is_handle
from verify_service.accounts.service.inviting import invite, invite_again
from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import record
from verify_service.database import Connection, new_row_id
from verify_service.errors import ConflictError, NotFoundError, UsageError
from verify_service.partners.rules import fold_partner_name
from verify_service.partners.service import find_partners


async def propose_account(
    connection: Connection, actor: Actor, proposer: Account, name: str, roles: frozenset[Role]
) -> UUID:
    """Add an account that is nothing yet, propose its roles, and return its id.

    Raises UsageError for a name or roles that cannot be, ConflictError for a name that is taken.
    """
    if not is_handle(name):
        raise UsageError("BAD_NAME", "a name is 2 to 32 of a-z, 0-9, dot and hyphen, and begins with a letter")
    account = Account(new_row_id(), name, frozenset())
    async with connection.transaction():
        if not await accounts.add_account(connection, account):
            raise ConflictError("NAME_TAKEN", f"there is an account {name} already")
        await _propose(connection, actor, proposer, account, roles)
    return account.account_id


async def propose_roles(
    connection: Connection, actor: Actor, proposer: Account, account_id: UUID, roles: frozenset[Role]
) -> None:
    """Propose other roles for somebody; raise NotFoundError for nobody, ConflictError for oneself."""
    async with connection.transaction():
        await _propose(connection, actor, proposer, await require_account(connection, account_id), roles)


async def propose_to_open(connection: Connection, actor: Actor, proposer: Account, account_id: UUID) -> None:
    """Propose that somebody who lost every factor get another link; refuses as `propose_roles`."""
    async with connection.transaction():
        await _propose(connection, actor, proposer, await require_account(connection, account_id), None)


async def decide(connection: Connection, actor: Actor, decider: Account, grant_id: UUID, state: GrantState) -> None:
    """Approve, reject or withdraw what was proposed; roles hold from the account's next request on.

    Raises NotFoundError where nothing such is open, ConflictError for a proposer or the account itself.
    """
    async with connection.transaction():
        account_id = await grants.decide(connection, grant_id, state, decider.account_id)
        if account_id is None:
            raise NotFoundError("NO_GRANT", "nothing such waits to be decided")
        detail = {"grant": str(grant_id), "name": (await require_account(connection, account_id)).name}
        event = AuditEvent(f"roles_{state.value}", "account", str(account_id), detail)
        await record(connection, actor, event)


async def make_link(connection: Connection, actor: Actor, account_id: UUID) -> Invitation:
    """Make the link for an account: a partner's at any time, one of staff where two people have agreed to it."""
    async with connection.transaction():
        account = await require_account(connection, account_id)
        if account.partner_id is None and not await grants.may_open(connection, account_id):
            raise ConflictError("NOT_AGREED", "two people have to agree before a link is made")
        return await invite_again(connection, actor, account.name)


async def invite_partner(connection: Connection, actor: Actor, *, name: str, partner: str) -> Invitation:
    """Make a user of the partner that a name finds, and the link: one administrator suffices.

    Raises UsageError for a name that finds none, else as `invite` does.
    """
    partner_id = (await find_partners(connection, [partner])).get(fold_partner_name(partner))
    if partner_id is None:
        raise UsageError("UNKNOWN_PARTNER", "no partner is called so")
    roles = frozenset({Role.PARTNER})
    return await invite(connection, actor, name=name, roles=roles, partner_id=partner_id)


async def require_account(connection: Connection, account_id: UUID) -> Account:
    """Return an account that can enter, or raise NotFoundError."""
    account = await accounts.find_by_id(connection, account_id)
    if account is None:
        raise NotFoundError("NO_ACCOUNT", "no such account")
    return account


async def _propose(
    connection: Connection, actor: Actor, proposer: Account, account: Account, roles: frozenset[Role] | None
) -> None:
    if roles is not None and (not roles or not roles <= STAFF):
        raise UsageError("BAD_ROLES", "choose one or more roles of staff")
    grant_id = new_row_id()
    await grants.add_grant(connection, grant_id, account.account_id, roles, proposer.account_id)
    detail = {"grant": str(grant_id), "name": account.name, "roles": None if roles is None else sorted(roles)}
    event = AuditEvent("roles_proposed", "account", str(account.account_id), detail)
    await record(connection, actor, event)
