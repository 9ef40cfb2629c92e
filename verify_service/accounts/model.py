"""Accounts, roles and sessions."""

import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

import msgspec


class Role(StrEnum):
    """What an account may do. Staff may have several; a partner's user has only its own."""

    REGISTRAR = "registrar"
    """Takes in rosters, photos and results; proposes to revoke and correct."""
    ISSUER = "issuer"
    """Proposes to issue."""
    APPROVER = "approver"
    """Decides what others proposed."""
    AUDITOR = "auditor"
    """Reads the trail."""
    ADMINISTRATOR = "administrator"
    """Invites people and proposes their roles; ends personal data."""
    PARTNER = "partner"
    """Sees one partner's trainees."""


STAFF: Final = frozenset(Role) - {Role.PARTNER}


class Account(msgspec.Struct, frozen=True):
    """Somebody who may enter; without a role they are nothing yet. Who has the role `partner` has a `partner_id`."""

    account_id: UUID
    name: str
    roles: frozenset[Role]
    partner_id: UUID | None = None


class ListedAccount(Account, frozen=True, kw_only=True):
    """An account as the administrator sees it."""

    partner: str | None
    created_at: datetime.datetime
    disabled_at: datetime.datetime | None
    has_accepted: bool
    passkeys: int
    seen_at: datetime.datetime | None


class GrantState(StrEnum):
    """What became of roles that were proposed."""

    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    APPROVED = "approved"


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """Roles that an administrator proposes for an account; None: that it be opened anew by a link."""

    account_grant_id: UUID
    account_id: UUID
    name: str
    roles: frozenset[Role] | None
    proposed_by: UUID
    proposer: str
    proposed_at: datetime.datetime


class Invitation(msgspec.Struct, frozen=True):
    """An account with the token of its link, which is shown once."""

    account: Account
    token: str
    expires_at: datetime.datetime


class OpenInvitation(msgspec.Struct, frozen=True):
    """What is behind a link that works: whose it is."""

    invitation_id: UUID
    account: Account
    instant: datetime.datetime
    """Now, by the database's clock."""


class TotpOffer(msgspec.Struct, frozen=True):
    """A secret that an authenticator app is to take over, made for one opening of an invitation's page."""

    totp_secret: str
    """Base32, as apps take it."""
    sealed: str
    """The same with the end of its time, for the page's form: the server keeps neither."""


class Client(msgspec.Struct, frozen=True):
    """From where somebody signs in: the network (IPv4 /24 or IPv6 /48), and the kind of device in two words."""

    network: str
    device: str


class NewSession(msgspec.Struct, frozen=True):
    """A session that has just begun; `token` goes into the cookie and is kept nowhere."""

    session_id: UUID
    account: Account
    token: str


class Session(msgspec.Struct, frozen=True):
    """A session that goes on, with whose it is."""

    session_id: UUID
    account: Account
    proven_at: datetime.datetime
    instant: datetime.datetime
    """Now, by the database's clock."""


class ListedSession(msgspec.Struct, frozen=True):
    """One of somebody's open sessions, as they see it."""

    session_id: UUID
    network: str
    device: str
    started_at: datetime.datetime
    seen_at: datetime.datetime


class Passkey(msgspec.Struct, frozen=True):
    """A passkey's public half."""

    passkey_id: bytes
    account_id: UUID
    public_key: bytes
    sign_count: int
    label: str
    created_at: datetime.datetime
    used_at: datetime.datetime | None


class Factors(msgspec.Struct, frozen=True):
    """What a password and a one-time code are compared with."""

    account: Account
    password_hash: str
    totp_key_id: str
    sealed_totp: bytes
    last_step: int
