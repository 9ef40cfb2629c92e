"""What the register knows of the issuer, its keys and its secrets."""

import datetime
from enum import StrEnum
from typing import Final, Literal

import msgspec

SECRETS_CHANGED: Final = "VS001"
"""SQLSTATE with which the database refuses what was made under secrets of before a rotation."""


class KeyState(StrEnum):
    """What becomes of a signing key. What it signed stays valid in every state but the last."""

    ACTIVE = "active"
    """Signs whatever is new; there is one for each purpose."""
    ROTATED = "rotated"
    """Another signs what is new; it only finishes what already names it."""
    RETIRED = "retired"
    """Signs nothing more."""
    COMPROMISED = "compromised"
    """Somebody else may hold it: by itself, nothing it signed proves anything."""


class SecretState(StrEnum):
    """What becomes of one version of a secret."""

    PREPARED = "prepared"
    """Made, and used by nobody: it is being copied to where it will be needed."""
    INCOMING = "incoming"
    """Written by all and read by none, until everything is indexed under it."""
    ACTIVE = "active"
    """The newest is for new work; older ones still open or find what was made under them."""
    RETIRED = "retired"
    """Used by nobody, and nothing is left that needs it."""


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
    state: KeyState
    created_at: datetime.datetime
    state_since: datetime.datetime


class SecretRow(msgspec.Struct, frozen=True):
    """One version of a secret as the register knows it: by what it makes of a fixed word."""

    key_id: str
    mac: bytes
    state: SecretState
    state_since: datetime.datetime


class ListedKey(msgspec.Struct, frozen=True, rename="camel"):
    """One line of `keys list`: a signing key, or a version of a secret (which has no public half)."""

    key_id: str
    purpose: str
    state: str
    public_key: str | None
    created_at: datetime.datetime | None
    in_key_dir: bool
    since: datetime.datetime
    """Since when it is in this state."""
    private_half: Literal["file", "token"] | None
    """Where this machine has it; null where it has not."""


class Retirement(msgspec.Struct, frozen=True, rename="camel"):
    """What `keys retire` did; a key marked as compromised leaves unsigned what was recorded under it."""

    key_id: str
    state: str
    unsigned: int = 0


class PublishedFiles(msgspec.Struct, frozen=True):
    """What verifiers need, as files."""

    did_json: bytes
    jwks_json: bytes
    log_vkey: bytes
    """One line for each key of the log, that in use first."""
    audit_vkey: bytes
    """The same of the keys that sign heads of the audit trail; empty where there is none yet."""
