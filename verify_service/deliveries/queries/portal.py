"""SQL on a partner's own deliveries: row-level security shows no others, whatever is asked."""

from typing import Final
from uuid import UUID

from verify_service.database import Connection
from verify_service.deliveries.model import PartnersDelivery, PartnersItem, ReturnReason
from verify_service.deliveries.queries.listing import DELIVERY_STEPS, ITEM_COUNTS

SELECT_OWN: Final = f"""
select delivery.delivery_id, delivery_number as number, cohort.code as cohort, delivery.created_at,
       sent.happened_on as sent_on, sent.courier, sent.courier_number, received.happened_on as received_on,
       cancelled.event is not null as cancelled,
{ITEM_COUNTS}  from delivery
  left join cohort on cohort.cohort_id = delivery.cohort_id
{DELIVERY_STEPS}"""  # noqa: S608  # constants
SELECT_OWN_LIST: Final = f"{SELECT_OWN} order by delivery_number desc"  # constants
SELECT_OWN_ONE: Final = f"{SELECT_OWN} where delivery.delivery_id = $1"  # constants
SELECT_OWN_ITEMS: Final = """
select delivery_item.certificate_number as number, returned.reason
  from delivery_item
  left join delivery_item_event as returned on returned.delivery_item_id = delivery_item.delivery_item_id
 where delivery_item.delivery_id = $1 and returned.event is distinct from 'unpacked'
 order by number
"""


async def list_own_deliveries(connection: Connection) -> list[PartnersDelivery]:
    """Return the deliveries to the partner this connection is bound to, the newest first."""
    return [PartnersDelivery(**dict(row)) for row in await connection.fetch(SELECT_OWN_LIST)]


async def find_own_delivery(connection: Connection, delivery_id: UUID) -> PartnersDelivery | None:
    """Return a delivery to the partner this connection is bound to; None for any other, there or not."""
    row = await connection.fetchrow(SELECT_OWN_ONE, delivery_id)
    return None if row is None else PartnersDelivery(**dict(row))


async def list_own_items(connection: Connection, delivery_id: UUID) -> list[PartnersItem]:
    """Return what is in a delivery to this connection's partner, by number."""
    return [
        PartnersItem(row["number"], None if row["reason"] is None else ReturnReason(row["reason"]))
        for row in await connection.fetch(SELECT_OWN_ITEMS, delivery_id)
    ]
