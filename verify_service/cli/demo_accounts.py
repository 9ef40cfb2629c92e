"""The demo's people of the consoles: one for each role, whose password and codes are printed, as nobody else's are."""

import secrets
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from verify_service.accounts.model import Invitation, Role
from verify_service.accounts.queries.accounts import find_by_name
from verify_service.accounts.rules.passwords import hash_password
from verify_service.accounts.service.factors import renew_recovery_codes
from verify_service.accounts.service.inviting import accept, invite, invite_again, open_invitation
from verify_service.accounts.service.offering import offer_secret
from verify_service.audit.model import Actor
from verify_service.cli.session import OperatorSession
from verify_service.database import Connection
from verify_service.embedded.programs import write_private

PEOPLE: Final = {
    "registrar-1": (Role.REGISTRAR,),
    "issuer-1": (Role.ISSUER,),
    "approver-1": (Role.APPROVER,),
    "auditor-1": (Role.AUDITOR,),
    "admin-1": (Role.ADMINISTRATOR,),
    "partner-1": (Role.PARTNER,),
}
SIGN_INS_FILE: Final = "sign-ins.json"
PRINTED_CODES: Final = 2


class SignIns(msgspec.Struct, frozen=True):
    """What the demo remembers of them, beside its keys: the password of all, and each one's secret of an app."""

    password: str
    totp_secrets: dict[str, str]


async def sign_ins(session: OperatorSession, console: Connection, partner_id: UUID) -> list[Sequence[str]]:
    """Return a line for each person: name, password, the app's secret, and recovery codes made for this start.

    The operator invites; what the invited do is done over `console`, a connection under the consoles' role.
    """
    file = session.settings.data_dir / SIGN_INS_FILE
    if file.exists():
        known = msgspec.json.decode(file.read_bytes(), type=SignIns)
    else:
        known = await _make(session, console, partner_id)
        write_private(file, msgspec.json.encode(known))
    lines = list[Sequence[str]]()
    for name in PEOPLE:
        account = await find_by_name(console, name)
        if account is not None:
            codes = await renew_recovery_codes(console, Actor(account.name), account)
            lines.append((name, known.password, known.totp_secrets[name], " ".join(codes[:PRINTED_CODES])))
    return lines


async def _make(session: OperatorSession, console: Connection, partner_id: UUID) -> SignIns:
    """Invite everybody anew, and accept in their names: killed half-way, the next start does it again."""
    password = "-".join(secrets.token_hex(3) for _ in range(3))
    password_hash, totp_secrets = hash_password(password), dict[str, str]()
    for name, roles in PEOPLE.items():
        made = await _invite(session, name, frozenset(roles), partner_id if Role.PARTNER in roles else None)
        async with console.transaction():
            invitation = await open_invitation(console, made.token)
            offer = offer_secret(session.secrets(), invitation)
            await accept(console, session.secrets(), invitation, offer, password_hash=password_hash, step=0)
        totp_secrets[name] = offer.totp_secret
    return SignIns(password, totp_secrets)


async def _invite(session: OperatorSession, name: str, roles: frozenset[Role], partner_id: UUID | None) -> Invitation:
    if await find_by_name(session.connection, name) is not None:
        return await invite_again(session.connection, session.actor, name)
    return await invite(session.connection, session.actor, name=name, roles=roles, partner_id=partner_id)
