"""Who may ask in batches, and what became of a wish to."""

import datetime
from enum import StrEnum
from uuid import UUID

import msgspec


class Verdict(StrEnum):
    """What `claim_batch` makes of a request; the words are the function's."""

    COUNTED = "counted"
    REPEATED = "repeated"
    """The same request again: answered anew, counted once."""
    SPENT = "spent"
    """Fewer rows are left today than it asks; nothing was counted."""
    REUSED = "reused"
    """Another body under an Idempotency-Key of the last 24 hours."""
    IN_PROGRESS = "in_progress"
    UNKNOWN = "unknown"
    """The key was revoked since it was looked at."""


class Claim(msgspec.Struct, frozen=True):
    """A verdict, and what is left of the client's day."""

    verdict: Verdict
    quota: int
    """Rows a day; 0 where the client is unknown."""
    remaining: int
    reset_seconds: int
    """Until the next day in Asia/Shanghai."""


class BatchName(msgspec.Struct, frozen=True):
    """One request of one client, for counting it once: MACs under the API key, from which nothing can be guessed."""

    request_mac: bytes | None
    """None without an Idempotency-Key: then every request is a new one."""
    body_mac: bytes


class ListedApiClient(msgspec.Struct, frozen=True, rename="camel"):
    """One line of `api-keys list`."""

    name: str
    purpose: str
    daily_rows: int
    rows_today: int
    rows_ever: int
    created_at: datetime.datetime
    revoked_at: datetime.datetime | None


class NewApiClient(msgspec.Struct, frozen=True):
    """What is registered; the key itself is nowhere in it."""

    api_client_id: UUID
    name: str
    purpose: str
    key_hash: bytes
    daily_rows: int
