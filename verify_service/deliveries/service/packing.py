"""Packing: a delivery is opened with everything asked for, or not at all."""

from collections.abc import Sequence
from uuid import UUID

from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import record
from verify_service.database import Connection, new_row_id
from verify_service.deliveries.model import Contents, ContentsRefusedError, DeliveryState
from verify_service.deliveries.queries import listing, packing
from verify_service.deliveries.rules import MAX_ITEMS, refused_numbers
from verify_service.deliveries.service.moving import require_in_state
from verify_service.errors import UsageError


async def pack_delivery(connection: Connection, actor: Actor, contents: Contents, note: str | None) -> UUID:
    """Open a delivery and return its id.

    Raises ContentsRefusedError where any certificate cannot be packed, UsageError DELIVERY_EMPTY where nothing waits.
    """
    async with connection.transaction():
        await packing.lock_deliveries(connection)
        numbers = await _numbers(connection, contents)
        await _require_packable(connection, numbers, contents)
        delivery_id = new_row_id()
        await packing.add_delivery(
            connection,
            delivery_id=delivery_id,
            partner_id=contents.partner_id,
            cohort_id=contents.cohort_id,
            note=note,
            created_by=actor.name,
        )
        await packing.add_items(connection, delivery_id, numbers, actor.name)
        detail = {"partner": str(contents.partner_id), "certificates": len(numbers)}
        await record(connection, actor, AuditEvent("delivery_packed", "delivery", str(delivery_id), detail))
    return delivery_id


async def add_to_delivery(connection: Connection, actor: Actor, delivery_id: UUID, numbers: Sequence[str]) -> None:
    """Put more certificates into a delivery that was not sent. Raises as `pack_delivery` does, and ConflictError."""
    async with connection.transaction():
        await packing.lock_deliveries(connection)
        await require_in_state(connection, delivery_id, DeliveryState.PACKED)
        contents = await packing.get_contents(connection, delivery_id)
        await _require_packable(connection, numbers, contents)
        await packing.add_items(connection, delivery_id, numbers, actor.name)
        await record(connection, actor, _event("delivery_filled", delivery_id, numbers))


async def take_out(connection: Connection, actor: Actor, delivery_id: UUID, numbers: Sequence[str]) -> None:
    """Take certificates out of a delivery that was not sent; each can be packed elsewhere then.

    Raises ConflictError for a delivery that is no longer packed, UsageError for a number that is not in it.
    """
    async with connection.transaction():
        await packing.lock_deliveries(connection)
        await require_in_state(connection, delivery_id, DeliveryState.PACKED)
        present = {item.number for item in await listing.list_items(connection, delivery_id)}
        if not numbers or not present.issuperset(numbers):
            raise UsageError("DELIVERY_NUMBERS", "choose certificates of this delivery")
        await packing.add_item_events(connection, delivery_id, numbers, "unpacked", reason=None, by=actor.name)
        await record(connection, actor, _event("delivery_emptied", delivery_id, numbers))


async def _numbers(connection: Connection, contents: Contents) -> tuple[str, ...]:
    if contents.numbers is not None:
        return contents.numbers
    if contents.cohort_id is None:
        raise UsageError("DELIVERY_COHORT", "choose a class, or name the certificates")
    waiting = await packing.list_waiting_numbers(connection, contents.partner_id, contents.cohort_id)
    if not waiting:
        raise UsageError("DELIVERY_EMPTY", "no printed certificate of the class waits for this partner")
    return waiting[:MAX_ITEMS]


async def _require_packable(connection: Connection, numbers: Sequence[str], contents: Contents) -> None:
    papers = await packing.find_papers(connection, numbers)
    if refused := refused_numbers(numbers, papers, contents):
        raise ContentsRefusedError(refused)


def _event(action: str, delivery_id: UUID, numbers: Sequence[str]) -> AuditEvent:
    return AuditEvent(action, "delivery", str(delivery_id), {"certificates": list(numbers)})
