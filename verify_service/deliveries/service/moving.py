"""Moving a delivery along: sent, received, cancelled; and certificates that came back."""

from collections.abc import Sequence
from uuid import UUID

from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import record
from verify_service.database import Connection
from verify_service.deliveries.model import (
    ContentsRefusedError,
    Delivery,
    DeliveryState,
    Dispatch,
    Obstacle,
    Receipt,
    RefusedNumber,
    ReturnReason,
)
from verify_service.deliveries.queries import listing, packing
from verify_service.errors import ConflictError, NotFoundError, UsageError


async def send_delivery(connection: Connection, actor: Actor, delivery_id: UUID, dispatch: Dispatch) -> None:
    """Record that a delivery left.

    Raises ContentsRefusedError where a certificate in it was revoked or superseded since it was packed: it must be
    taken out first; ConflictError for a delivery that is not packed; UsageError for an empty one.
    """
    async with connection.transaction():
        await packing.lock_deliveries(connection)
        delivery = await require_in_state(connection, delivery_id, DeliveryState.PACKED)
        if delivery.items == 0:
            raise UsageError("DELIVERY_EMPTY", "there is nothing in the delivery")
        items = await listing.list_items(connection, delivery_id)
        if withdrawn := tuple(_withdrawn(item) for item in items if item.status != "valid"):
            raise ContentsRefusedError(withdrawn)
        await packing.add_sent(connection, delivery_id, dispatch, actor.name)
        detail = {"sentOn": dispatch.sent_on.isoformat(), "certificates": delivery.items}
        await record(connection, actor, AuditEvent("delivery_sent", "delivery", str(delivery_id), detail))


async def receive_delivery(connection: Connection, actor: Actor, delivery_id: UUID, receipt: Receipt) -> None:
    """Record that a delivery arrived. Raises ConflictError for one that is not on its way."""
    async with connection.transaction():
        await packing.lock_deliveries(connection)
        await require_in_state(connection, delivery_id, DeliveryState.SENT)
        await packing.add_received(connection, delivery_id, receipt, actor.name)
        detail = {"receivedOn": receipt.received_on.isoformat(), "receivedBy": receipt.received_by}
        await record(connection, actor, AuditEvent("delivery_received", "delivery", str(delivery_id), detail))


async def return_certificates(
    connection: Connection, actor: Actor, delivery_id: UUID, numbers: Sequence[str], reason: ReturnReason
) -> None:
    """Record that certificates of a delivery came back, or never arrived; they can be packed again then.

    Raises ConflictError for a delivery that was not sent, UsageError for a number that is not, or no longer, out.
    """
    async with connection.transaction():
        await packing.lock_deliveries(connection)
        await require_in_state(connection, delivery_id, DeliveryState.SENT, DeliveryState.RECEIVED)
        out = {item.number for item in await listing.list_items(connection, delivery_id) if item.reason is None}
        if not numbers or not out.issuperset(numbers):
            raise UsageError("DELIVERY_NUMBERS", "choose certificates of this delivery that have not come back")
        await packing.add_item_events(connection, delivery_id, numbers, "returned", reason=reason.value, by=actor.name)
        detail = {"certificates": list(numbers), "reason": reason}
        await record(connection, actor, AuditEvent("delivery_returned", "delivery", str(delivery_id), detail))


async def cancel_delivery(connection: Connection, actor: Actor, delivery_id: UUID) -> None:
    """Record that a delivery will not be sent: what is in it can be packed elsewhere. ConflictError once it was."""
    async with connection.transaction():
        await packing.lock_deliveries(connection)
        await require_in_state(connection, delivery_id, DeliveryState.PACKED)
        await packing.add_cancelled(connection, delivery_id, actor.name)
        await record(connection, actor, AuditEvent("delivery_cancelled", "delivery", str(delivery_id)))


async def require_in_state(connection: Connection, delivery_id: UUID, *states: DeliveryState) -> Delivery:
    """Return the delivery. Raises NotFoundError where there is none, ConflictError where it has come further."""
    delivery = await listing.find_delivery(connection, delivery_id)
    if delivery is None:
        raise NotFoundError("DELIVERY_UNKNOWN", "there is no such delivery")
    if delivery.state not in states:
        raise ConflictError("DELIVERY_STATE", f"the delivery is {delivery.state}")
    return delivery


def _withdrawn(item: listing.ItemRow) -> RefusedNumber:
    return RefusedNumber(item.number, Obstacle.REVOKED if item.status == "revoked" else Obstacle.SUPERSEDED)
