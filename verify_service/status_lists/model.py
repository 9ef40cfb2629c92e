"""What a status list is made of."""

import datetime

import msgspec


class ChangedEntry(msgspec.Struct, frozen=True):
    """A position whose certificate was revoked, superseded or both."""

    status_index: int
    revoked: bool


class Publication(msgspec.Struct, frozen=True):
    """One signed list, as it is stored and served."""

    status_list: int
    purpose: str
    content: bytes
    key_id: str
    signed_at: datetime.datetime
    valid_until: datetime.datetime
