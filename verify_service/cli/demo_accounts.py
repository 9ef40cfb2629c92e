"""The demo's people of the consoles: one for each role, whose password and codes are printed, as nobody else's are."""

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from verify_service.accounts.model import Role
from verify_service.accounts.queries.accounts import find_by_name
from verify_service.accounts.rules.passwords import hash_password
from verify_service.accounts.service.factors import renew_recovery_codes
from verify_service.accounts.service.inviting import accept, invite, open_invitation
from verify_service.audit.model import Actor
from verify_service.database import Connection
from verify_service.embedded.programs import write_private
from verify_service.sealing.model import Secrets

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


async def sign_ins(
    connection: Connection, keys: Secrets, data_dir: Path, actor: Actor, partner_id: UUID
) -> list[Sequence[str]]:
    """Return a line for each person: name, password, the app's secret, and recovery codes made for this start.

    `connection` is one under the consoles' role.
    """
    file = data_dir / SIGN_INS_FILE
    if file.exists():
        known = msgspec.json.decode(file.read_bytes(), type=SignIns)
    else:
        known = await _make(connection, keys, actor, partner_id)
        write_private(file, msgspec.json.encode(known))
    lines = list[Sequence[str]]()
    for name in PEOPLE:
        account = await find_by_name(connection, name)
        if account is not None:
            codes = await renew_recovery_codes(connection, account)
            lines.append((name, known.password, known.totp_secrets[name], " ".join(codes[:PRINTED_CODES])))
    return lines


async def _make(connection: Connection, keys: Secrets, actor: Actor, partner_id: UUID) -> SignIns:
    """Invite everybody, and accept in their names."""
    password = "-".join(secrets.token_hex(3) for _ in range(3))
    password_hash, totp_secrets = hash_password(password), dict[str, str]()
    async with connection.transaction():
        for name, roles in PEOPLE.items():
            bound_to = partner_id if Role.PARTNER in roles else None
            made = await invite(connection, keys, actor, name=name, roles=frozenset(roles), partner_id=bound_to)
            invitation = await open_invitation(connection, keys, made.token)
            await accept(connection, keys, invitation, password_hash=password_hash, step=0)
            totp_secrets[name] = invitation.totp_secret
    return SignIns(password, totp_secrets)
