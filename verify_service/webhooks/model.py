"""Subscriptions, what they watch, and what they are told."""

import datetime
from enum import StrEnum
from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec

from verify_service.answers import PublicReason

MAX_TOKENS: Final = 1_000
"""A request's; more are sent in several."""
Scheme = Literal["https", "http"]
EventType = Literal["certificate.revoked", "certificate.superseded"]


class DeliveryState(StrEnum):
    """What became of one delivery."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"
    """Given up after some three days; `webhooks retry` has it sent again."""


class Destination(msgspec.Struct, frozen=True):
    """A URL in its parts, so that nobody reads it a second time in another way."""

    scheme: Scheme
    host: str
    port: int
    path: str
    """Path and query, as sent."""

    @property
    def origin(self) -> str:
        """Return what may be shown of it: the rest of a URL may be a secret of the receiver's."""
        return f"{self.scheme}://{self.authority}"

    @property
    def authority(self) -> str:
        """Return host and, unless it is the scheme's own, port."""
        return self.host if self.port == (443 if self.scheme == "https" else 80) else f"{self.host}:{self.port}"


class Target(msgspec.Struct, frozen=True):
    """What is sealed of a webhook: where it leads, and the secret that signs what is sent there."""

    url: str
    secret: bytes


class NewWebhook(msgspec.Struct, frozen=True, rename="camel"):
    """A subscription as it is told once: neither secret nor token can be shown again."""

    id: str
    name: str
    origin: str
    secret: str
    token: str


class SealedWebhook(msgspec.Struct, frozen=True):
    """A webhook's row, as far as sending and re-sealing need it."""

    webhook_id: UUID
    name: str
    key_id: str
    sealed_target: bytes


class Due(msgspec.Struct, frozen=True):
    """One delivery whose time has come, with the facts its body is made of."""

    webhook_delivery_id: UUID
    attempts: int
    event: str
    certificate_number: str
    token: bytes
    reason: str
    occurred_at: datetime.datetime
    successor_number: str | None


class Attempt(msgspec.Struct, frozen=True):
    """How one attempt went, and what follows from it."""

    delivery: Due
    state: DeliveryState
    outcome: str
    due_at: datetime.datetime


class CertificateChange(msgspec.Struct, frozen=True, rename="camel"):
    """What happened to a certificate, without anything about its holder."""

    token: str
    number: str
    reason: PublicReason | None
    """Of a revocation; null for one that was superseded."""
    since: datetime.datetime
    url: str
    superseded_by: str | None
    """Number of the certificate that took its place; null for a revocation."""


class Event(msgspec.Struct, frozen=True):
    """The body of a delivery, in the shape that Standard Webhooks recommends."""

    type: EventType
    timestamp: datetime.datetime
    data: CertificateChange


class ListedWebhook(msgspec.Struct, frozen=True, rename="camel"):
    """One line of `webhooks list`."""

    id: str
    name: str
    origin: str
    watched: int
    limit: int
    delivered: int
    waiting: int
    dead: int


class ListedDelivery(msgspec.Struct, frozen=True, rename="camel"):
    """One line of `webhooks deliveries`."""

    id: str
    webhook: str
    type: str
    number: str
    state: str
    attempts: int
    outcome: str | None
    created_at: datetime.datetime
    due_at: datetime.datetime | None
    """When it is tried next; null where it is not."""


class WatchRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Certificates to watch: each by its token, the text or address of its QR code, or the id of its record."""

    tokens: Annotated[list[str], msgspec.Meta(min_length=1, max_length=MAX_TOKENS)]


class Watches(msgspec.Struct, frozen=True):
    """How many certificates a webhook watches, known to the register or not, and how many it may."""

    watched: int
    limit: int
