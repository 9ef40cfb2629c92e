"""Reading deliveries: lists, and one with what is in it and what happened."""

from uuid import UUID

import msgspec

from verify_service.credentials.rules.documents import shown_facts
from verify_service.database import Connection
from verify_service.deliveries.model import Delivery, DeliveryItem, DeliveryState, ItemState, Step
from verify_service.deliveries.queries import listing
from verify_service.errors import NotFoundError
from verify_service.sealing.model import Secrets
from verify_service.sealing.rules import unwrap_data_key


class OpenedDelivery(msgspec.Struct, frozen=True):
    """A delivery with everything about it."""

    delivery: Delivery
    items: tuple[DeliveryItem, ...]
    steps: tuple[Step, ...]


async def open_delivery(connection: Connection, secrets: Secrets, delivery_id: UUID) -> OpenedDelivery:
    """Return a delivery with the names on its papers. Raises NotFoundError where there is none."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        delivery = await listing.find_delivery(connection, delivery_id)
        if delivery is None:
            raise NotFoundError("DELIVERY_UNKNOWN", "there is no such delivery")
        rows = await listing.list_items(connection, delivery_id)
        steps = await listing.list_steps(connection, delivery_id)
    items = tuple(_item(row, secrets, delivery.state) for row in rows)
    return OpenedDelivery(delivery, items, tuple(steps))


def _item(row: listing.ItemRow, secrets: Secrets, state: DeliveryState) -> DeliveryItem:
    moved = {DeliveryState.SENT: ItemState.SENT, DeliveryState.RECEIVED: ItemState.RECEIVED}
    return DeliveryItem(
        number=row.number,
        kind=row.kind,
        name=_name(row, secrets),
        state=ItemState.RETURNED if row.reason else moved.get(state, ItemState.PACKED),
        reason=row.reason,
        status=row.status,
    )


def _name(row: listing.ItemRow, secrets: Secrets) -> str | None:
    if row.kek_id is None or row.wrapped is None:
        return None
    cipher = unwrap_data_key(secrets.field, row.kek_id, row.wrapped, row.subject_id)
    record = cipher.open(row.sealed_record, "credential_signature:sealed_record", row.credential_id)
    return shown_facts(record).name
