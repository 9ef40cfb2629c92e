"""SQL on deliveries as staff read them."""

from typing import Final
from uuid import UUID

import msgspec

from verify_service.answers import Status
from verify_service.credentials.model import status_of
from verify_service.database import Connection
from verify_service.deliveries.model import Delivery, ReceivedBy, ReturnReason, Step

PAGE: Final = 50
ITEM_COUNTS: Final = """
       (
           select count(*)
             from delivery_item
            where delivery_item.delivery_id = delivery.delivery_id
              and not exists (
                  select
                    from delivery_item_event
                   where delivery_item_event.delivery_item_id = delivery_item.delivery_item_id
                     and delivery_item_event.event = 'unpacked'
              )
       ) as items,
       (
           select count(*)
             from delivery_item_event
            where delivery_item_event.delivery_id = delivery.delivery_id and delivery_item_event.event = 'returned'
       ) as returned
"""
DELIVERY_STEPS: Final = """
  left join delivery_event as sent on sent.delivery_id = delivery.delivery_id and sent.event = 'sent'
  left join delivery_event as received
    on received.delivery_id = delivery.delivery_id and received.event = 'received'
  left join delivery_event as cancelled
    on cancelled.delivery_id = delivery.delivery_id and cancelled.event = 'cancelled'
"""
SELECT_DELIVERIES: Final = f"""
select delivery.delivery_id, delivery_number as number, partner.name as partner, cohort.code as cohort, delivery.note,
       delivery.created_by, delivery.created_at, sent.happened_on as sent_on, sent.courier, sent.courier_number,
       received.happened_on as received_on, received.received_by, cancelled.recorded_at as cancelled_at,
{ITEM_COUNTS}  from delivery
  join partner on partner.partner_id = delivery.partner_id
  left join cohort on cohort.cohort_id = delivery.cohort_id
{DELIVERY_STEPS}"""  # noqa: S608  # constants
SELECT_DELIVERY: Final = f"{SELECT_DELIVERIES} where delivery.delivery_id = $1"  # constants
SELECT_NEWEST: Final = f"""
{SELECT_DELIVERIES}
 where delivery_number < $1
 order by delivery_number desc
 limit {PAGE}
"""  # constants
# A mixed parcel belongs to every class that has a certificate in it.
SELECT_OF_COHORT: Final = f"""
{SELECT_DELIVERIES}
 where delivery.cohort_id = $1
    or delivery.delivery_id in (
           select delivery_item.delivery_id
             from enrolment
             join exam_entry on exam_entry.enrolment_id = enrolment.enrolment_id
             join credential on credential.exam_entry_id = exam_entry.exam_entry_id
             join delivery_item on delivery_item.certificate_number = credential.certificate_number
            where enrolment.cohort_id = $1
       )
 order by delivery_number desc
"""  # noqa: S608  # constants
SELECT_ITEMS: Final = """
select delivery_item.certificate_number as number, credential.kind, credential.credential_id, credential.subject_id,
       sealed_record, kek_id, wrapped, returned.reason,
       revoked.occurred_at as revoked_at, superseded.occurred_at as superseded_at
  from delivery_item
  join credential on credential.certificate_number = delivery_item.certificate_number
  join credential_signature on credential_signature.credential_id = credential.credential_id
  left join subject_key on subject_key.subject_id = credential.subject_id
  left join delivery_item_event as returned on returned.delivery_item_id = delivery_item.delivery_item_id
  left join credential_event as revoked
    on revoked.credential_id = credential.credential_id and revoked.event = 'revoked'
  left join credential_event as superseded
    on superseded.credential_id = credential.credential_id and superseded.event = 'superseded'
 where delivery_item.delivery_id = $1 and returned.event is distinct from 'unpacked'
 order by delivery_item.certificate_number
"""
SELECT_STEPS: Final = """
select 'packed' as happened, null as number, null as reason, created_by as recorded_by, created_at as recorded_at
  from delivery
 where delivery_id = $1
 union all
select event, null, null, recorded_by, recorded_at
  from delivery_event
 where delivery_id = $1
 union all
select 'put_back', certificate_number, null, packed_by, packed_at
  from delivery_item as item
 where delivery_id = $1
   and exists (
           select
             from delivery_item as earlier
            where earlier.delivery_id = item.delivery_id
              and earlier.certificate_number = item.certificate_number
              and earlier.delivery_item_id < item.delivery_item_id
       )
 union all
select event, certificate_number, reason, recorded_by, recorded_at
  from delivery_item_event
 where delivery_id = $1
 order by recorded_at, happened, number
"""


class ItemRow(msgspec.Struct, frozen=True, kw_only=True):
    """One certificate of a delivery, its record still sealed; without a key once the person was erased."""

    number: str
    kind: str
    credential_id: UUID
    subject_id: UUID
    sealed_record: bytes
    kek_id: str | None
    wrapped: bytes | None
    reason: ReturnReason | None
    status: Status


async def find_delivery(connection: Connection, delivery_id: UUID) -> Delivery | None:
    """Return a delivery, or None."""
    row = await connection.fetchrow(SELECT_DELIVERY, delivery_id)
    return None if row is None else _delivery(dict(row))


async def list_newest(connection: Connection, before: int) -> list[Delivery]:
    """Return up to `PAGE` deliveries whose numbers are below `before`, the newest first."""
    return [_delivery(dict(row)) for row in await connection.fetch(SELECT_NEWEST, before)]


async def list_of_cohort(connection: Connection, cohort_id: UUID) -> list[Delivery]:
    """Return the deliveries that hold any certificate of a class, the newest first."""
    return [_delivery(dict(row)) for row in await connection.fetch(SELECT_OF_COHORT, cohort_id)]


async def list_items(connection: Connection, delivery_id: UUID) -> list[ItemRow]:
    """Return what is in a delivery by number, what was taken out before it was sent apart."""
    items = []
    for row in await connection.fetch(SELECT_ITEMS, delivery_id):
        columns = dict(row)
        columns["status"] = status_of(columns.pop("revoked_at"), columns.pop("superseded_at"))
        columns["reason"] = _reason(columns["reason"])
        items.append(ItemRow(**columns))
    return items


async def list_steps(connection: Connection, delivery_id: UUID) -> list[Step]:
    """Return everything that was recorded of a delivery, in order."""
    rows = await connection.fetch(SELECT_STEPS, delivery_id)
    return [Step(**{**dict(row), "reason": _reason(row["reason"])}) for row in rows]


def _delivery(columns: dict[str, object]) -> Delivery:
    taken_by = columns["received_by"]
    return Delivery(**{**columns, "received_by": None if taken_by is None else ReceivedBy(str(taken_by))})  # type: ignore[arg-type]  # the columns above


def _reason(word: str | None) -> ReturnReason | None:
    return None if word is None else ReturnReason(word)
