"""A delivery, the certificates in it, and what may be wrong with one that somebody wants to pack."""

import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from verify_service.answers import Status
from verify_service.errors import ConflictError


class DeliveryState(StrEnum):
    """How far a delivery has come."""

    PACKED = "packed"
    SENT = "sent"
    RECEIVED = "received"
    CANCELLED = "cancelled"


class ItemState(StrEnum):
    """Where one certificate of a delivery is, as far as anybody has said."""

    PACKED = "packed"
    SENT = "sent"
    RECEIVED = "received"
    RETURNED = "returned"


class ReceivedBy(StrEnum):
    """Who took a parcel, as a place in the partner's institution: a name would be a personal datum."""

    HEAD = "head"
    OFFICE = "office"
    TEACHER = "teacher"
    RECEPTION = "reception"


class ReturnReason(StrEnum):
    """Why a certificate is not, or no longer, with the partner."""

    LOST = "lost"
    DAMAGED = "damaged"
    MISPRINTED = "misprinted"
    WRONG_PARTNER = "wrong_partner"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Obstacle(StrEnum):
    """Why a certificate cannot be packed; the value is a code with a sentence in each language."""

    MALFORMED = "malformed"
    UNKNOWN = "unknown"
    OTHER_PARTNER = "other_partner"
    OTHER_COHORT = "other_cohort"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    NOT_PRINTED = "not_printed"
    IN_DELIVERY = "in_delivery"


class RefusedNumber(msgspec.Struct, frozen=True):
    """A number that cannot be packed, and why; `detail` is the number or delivery that the sentence names."""

    number: str
    obstacle: Obstacle
    detail: str = ""


class ContentsRefusedError(ConflictError):
    """Some of the numbers cannot be packed, so nothing was: each of them with its reason."""

    def __init__(self, refused: tuple[RefusedNumber, ...]) -> None:
        super().__init__("DELIVERY_CONTENTS", f"{len(refused)} of the certificates cannot be packed")
        self.refused = refused


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate as packing sees it."""

    number: str
    partner_id: UUID
    cohort_id: UUID
    status: Status
    successor: str | None
    """The number that stands in for a superseded one."""
    printed: bool
    """Whether the newest drawing of its full edition passed the print gate."""
    held_in: int | None
    """The delivery that has it, by its number."""


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants to pack: the numbers as typed, or everything of a class that waits."""

    partner_id: UUID
    cohort_id: UUID | None = None
    numbers: tuple[str, ...] | None = None
    """None: everything of the class that is printed and in no delivery."""


class Dispatch(msgspec.Struct, frozen=True, kw_only=True):
    """How a parcel left."""

    sent_on: datetime.date
    courier: str
    """The company, or how it was handed over."""
    courier_number: str | None


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """How a parcel arrived."""

    received_on: datetime.date
    received_by: ReceivedBy


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One parcel and how far it has come."""

    delivery_id: UUID
    number: int
    partner: str
    cohort: str | None
    note: str | None
    created_by: str
    created_at: datetime.datetime
    sent_on: datetime.date | None
    courier: str | None
    courier_number: str | None
    received_on: datetime.date | None
    received_by: ReceivedBy | None
    cancelled_at: datetime.datetime | None
    items: int
    """Certificates in it, those taken out before it was sent apart."""
    returned: int

    @property
    def state(self) -> DeliveryState:
        """Return how far it has come."""
        return state_of(self.sent_on, self.received_on, self.cancelled_at)


class DeliveryItem(msgspec.Struct, frozen=True, kw_only=True):
    """One certificate of a delivery."""

    number: str
    kind: str
    name: str | None
    """As on the paper; None once the person was erased."""
    state: ItemState
    reason: ReturnReason | None
    status: Status


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a delivery's history."""

    happened: str
    """A state of the delivery, or `unpacked`, `put_back` or `returned` of one certificate."""
    number: str | None = None
    reason: ReturnReason | None = None
    recorded_by: str
    recorded_at: datetime.datetime


class Waiting(msgspec.Struct, frozen=True):
    """The certificates of one partner in one class by how far their papers have come; only valid ones count."""

    partner_id: UUID
    partner: str
    cohort: str
    not_printed: int
    printed: int
    packed: int
    sent: int
    received: int


class PartnersDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery as its partner sees it: without the centre's note and hands."""

    delivery_id: UUID
    number: int
    cohort: str | None
    created_at: datetime.datetime
    sent_on: datetime.date | None
    courier: str | None
    courier_number: str | None
    received_on: datetime.date | None
    cancelled: bool
    items: int
    returned: int

    @property
    def state(self) -> DeliveryState:
        """Return how far it has come."""
        if self.cancelled:
            return DeliveryState.CANCELLED
        return state_of(self.sent_on, self.received_on, None)


class PartnersItem(msgspec.Struct, frozen=True):
    """One certificate of a delivery as its partner sees it."""

    number: str
    reason: ReturnReason | None
    """Why it is not with the partner; None where it is, or is on its way."""


def state_of(
    sent_on: datetime.date | None, received_on: datetime.date | None, cancelled_at: datetime.datetime | None
) -> DeliveryState:
    """Return how far a delivery has come, from what was recorded of it."""
    if cancelled_at is not None:
        return DeliveryState.CANCELLED
    if received_on is not None:
        return DeliveryState.RECEIVED
    return DeliveryState.PACKED if sent_on is None else DeliveryState.SENT
