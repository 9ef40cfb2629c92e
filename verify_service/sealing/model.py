"""Secrets and what they protect."""

from enum import IntEnum, StrEnum

import msgspec


class SecretPurpose(StrEnum):
    """What a secret is for; each is its own 256-bit key, and no key serves two purposes."""

    FIELD = "field"
    """Wraps the data key of each person (key-encryption key)."""
    INDEX = "index"
    """Blind indexes of lookups, over pairs of facts."""
    SUBJECT = "subject"
    """Finds a person by document and number, and a redemption code; never held by the web process."""
    BUDGET = "budget"
    """Counts failed lookups by what was typed."""
    WEBHOOK = "webhook"
    """Seals where webhooks go and what signs them; with the operator and whatever sends them."""


class SecretKey(msgspec.Struct, frozen=True):
    """One version of a secret."""

    purpose: SecretPurpose
    version: int
    key: bytes

    @property
    def key_id(self) -> str:
        """Return its name, e.g. `field-1`."""
        return f"{self.purpose}-{self.version}"


class Secrets(msgspec.Struct, frozen=True):
    """The secrets one process holds, of each purpose that for new work first. One without a purpose: an empty tuple."""

    field: tuple[SecretKey, ...]
    index: tuple[SecretKey, ...]
    subject: tuple[SecretKey, ...] = ()


class Pair(IntEnum):
    """Which two facts a blind index covers; the value is stored in `lookup_key.pair`."""

    NAME_ID_NUMBER = 1
    NAME_PHONE = 2
    ID_NUMBER_PHONE = 3
