"""A proof of work as it was believed."""

import datetime

import msgspec


class Proof(msgspec.Struct, frozen=True):
    """A solved challenge: its name, of 32 bytes, by which it is spent once."""

    name: bytes
    expires_at: datetime.datetime
