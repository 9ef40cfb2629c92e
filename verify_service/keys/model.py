"""What the register knows of the issuer and its keys."""

import datetime

import msgspec


class Issuer(msgspec.Struct, frozen=True):
    """Frozen by `keys init`: both stand in every certificate ever issued."""

    did: str
    public_url: str


class SigningKeyRow(msgspec.Struct, frozen=True):
    """The public half of one signing key."""

    key_id: str
    purpose: str
    public_key: bytes
    cose_kid: int | None
    state: str
    created_at: datetime.datetime


class ListedKey(msgspec.Struct, frozen=True, rename="camel"):
    """One line of `keys list`: a signing key, or a version of a secret (which has no public half)."""

    key_id: str
    purpose: str
    state: str
    public_key: str | None
    created_at: datetime.datetime | None
    in_key_dir: bool
