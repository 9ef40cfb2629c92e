"""SQL on what can be packed, and on every step of a delivery."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from verify_service.credentials.model import status_of
from verify_service.database import Connection
from verify_service.deliveries.model import Contents, Dispatch, Paper, Receipt, Waiting

LOCK_DELIVERIES: Final = "select pg_advisory_xact_lock(hashtextextended('delivery', 0))"
# Of one edition the newest word counts, as in the print gate. The signature is joined: without it nothing is a paper.
PAPERS: Final = """
select credential.certificate_number as number, enrolment.partner_id, enrolment.cohort_id,
       revoked.occurred_at as revoked_at, superseded.occurred_at as superseded_at,
       successor.certificate_number as successor,
       coalesce((
           select print_check.held_for is null
             from print_check
            where print_check.credential_id = credential.credential_id and edition = 'full'
            order by print_check_id desc
            limit 1
       ), false) as printed,
       holding.delivery_number as held_in, holding.state as held_state
  from credential
  join credential_signature on credential_signature.credential_id = credential.credential_id
  join exam_entry on exam_entry.exam_entry_id = credential.exam_entry_id
  join enrolment on enrolment.enrolment_id = exam_entry.enrolment_id
  left join credential_event as revoked
    on revoked.credential_id = credential.credential_id and revoked.event = 'revoked'
  left join credential_event as superseded
    on superseded.credential_id = credential.credential_id and superseded.event = 'superseded'
  left join credential as successor on successor.credential_id = superseded.successor
  left join lateral (
           select delivery.delivery_number,
                  case when received.event is not null then 'received'
                       when sent.event is not null then 'sent'
                       else 'packed'
                  end as state
             from delivery_item
             join delivery on delivery.delivery_id = delivery_item.delivery_id
             left join delivery_item_event on delivery_item_event.delivery_item_id = delivery_item.delivery_item_id
             left join delivery_event as cancelled
               on cancelled.delivery_id = delivery_item.delivery_id and cancelled.event = 'cancelled'
             left join delivery_event as sent
               on sent.delivery_id = delivery_item.delivery_id and sent.event = 'sent'
             left join delivery_event as received
               on received.delivery_id = delivery_item.delivery_id and received.event = 'received'
            where delivery_item.certificate_number = credential.certificate_number
              and delivery_item_event.event is null and cancelled.event is null
       ) as holding on true
"""
SELECT_PAPERS: Final = f"""
select number, partner_id, cohort_id, revoked_at, superseded_at, successor, printed, held_in
  from ({PAPERS} where credential.certificate_number = any($1)) as paper
"""  # noqa: S608  # constants
# A class is found by its enrolments; joining the key leaves out whoever was erased.
SELECT_WAITING_NUMBERS: Final = f"""
select number
  from ({PAPERS} join subject_key on subject_key.subject_id = credential.subject_id
        where enrolment.cohort_id = $2 and enrolment.partner_id = $1) as paper
 where revoked_at is null and superseded_at is null and printed and held_in is null
 order by number
"""  # noqa: S608  # constants
# Whatever is older has long been handed over, or never will be: a page must not count the papers of all years.
SELECT_WAITING: Final = f"""
select paper.partner_id, partner.name as partner, cohort.code as cohort,
       count(*) filter (where held_state is null and not printed) as not_printed,
       count(*) filter (where held_state is null and printed) as printed,
       count(*) filter (where held_state = 'packed') as packed,
       count(*) filter (where held_state = 'sent') as sent,
       count(*) filter (where held_state = 'received') as received
  from ({PAPERS} join subject_key on subject_key.subject_id = credential.subject_id
        where enrolment.cohort_id = $1
           or ($1::uuid is null and credential.issued_at > now() - interval '180 days')) as paper
  join partner on partner.partner_id = paper.partner_id
  join cohort on cohort.cohort_id = paper.cohort_id
 where revoked_at is null and superseded_at is null
 group by paper.partner_id, partner.name, cohort.code
 order by cohort.code, partner.name
"""  # noqa: S608  # constants
SELECT_CONTENTS: Final = "select partner_id, cohort_id from delivery where delivery_id = $1"
INSERT_DELIVERY: Final = """
insert into delivery (delivery_id, partner_id, cohort_id, note, created_by) values ($1, $2, $3, $4, $5)
"""
INSERT_ITEMS: Final = """
insert into delivery_item (delivery_id, certificate_number, packed_by)
select $1, number, $3 from unnest($2::text[]) as number
"""
INSERT_ITEM_EVENTS: Final = """
insert into delivery_item_event (delivery_id, certificate_number, event, reason, recorded_by)
select $1, number, $3, $4, $5 from unnest($2::text[]) as number
"""
INSERT_SENT: Final = """
insert into delivery_event (delivery_id, event, happened_on, courier, courier_number, recorded_by)
values ($1, 'sent', $2, $3, $4, $5)
"""
INSERT_RECEIVED: Final = """
insert into delivery_event (delivery_id, event, happened_on, received_by, recorded_by)
values ($1, 'received', $2, $3, $4)
"""
INSERT_CANCELLED: Final = "insert into delivery_event (delivery_id, event, recorded_by) values ($1, 'cancelled', $2)"


async def lock_deliveries(connection: Connection) -> None:
    """Be the only one to pack or move anything until the transaction ends."""
    await connection.execute(LOCK_DELIVERIES)


async def find_papers(connection: Connection, numbers: Sequence[str]) -> dict[str, Paper]:
    """Return the signed certificates of these numbers, by number."""
    papers = {}
    for row in await connection.fetch(SELECT_PAPERS, numbers):
        columns = dict(row)
        columns["status"] = status_of(columns.pop("revoked_at"), columns.pop("superseded_at"))
        papers[row["number"]] = Paper(**columns)
    return papers


async def list_waiting_numbers(connection: Connection, partner_id: UUID, cohort_id: UUID) -> tuple[str, ...]:
    """Return the valid certificates of a partner in a class that are printed and in no delivery."""
    return tuple(row["number"] for row in await connection.fetch(SELECT_WAITING_NUMBERS, partner_id, cohort_id))


async def list_waiting(connection: Connection, cohort_id: UUID | None) -> list[Waiting]:
    """Return how far the papers of one class have come, or of every certificate of the last 180 days."""
    return [Waiting(**dict(row)) for row in await connection.fetch(SELECT_WAITING, cohort_id)]


async def get_contents(connection: Connection, delivery_id: UUID) -> Contents:
    """Return for whom a delivery that stands may take certificates, and of which class."""
    row = await connection.fetchrow(SELECT_CONTENTS, delivery_id)
    assert row is not None  # noqa: S101  # the caller has read the delivery
    return Contents(**dict(row))


async def add_delivery(
    connection: Connection,
    *,
    delivery_id: UUID,
    partner_id: UUID,
    cohort_id: UUID | None,
    note: str | None,
    created_by: str,
) -> None:
    """Open a delivery."""
    await connection.execute(INSERT_DELIVERY, delivery_id, partner_id, cohort_id, note, created_by)


async def add_items(connection: Connection, delivery_id: UUID, numbers: Sequence[str], packed_by: str) -> None:
    """Put certificates into a delivery."""
    await connection.execute(INSERT_ITEMS, delivery_id, numbers, packed_by)


async def add_item_events(
    connection: Connection, delivery_id: UUID, numbers: Sequence[str], event: str, *, reason: str | None, by: str
) -> None:
    """Record that certificates left a delivery: `unpacked` before it was sent, `returned` after, for a reason."""
    await connection.execute(INSERT_ITEM_EVENTS, delivery_id, numbers, event, reason, by)


async def add_sent(connection: Connection, delivery_id: UUID, dispatch: Dispatch, by: str) -> None:
    """Record that a delivery left."""
    await connection.execute(INSERT_SENT, delivery_id, dispatch.sent_on, dispatch.courier, dispatch.courier_number, by)


async def add_received(connection: Connection, delivery_id: UUID, receipt: Receipt, by: str) -> None:
    """Record that a delivery arrived."""
    await connection.execute(INSERT_RECEIVED, delivery_id, receipt.received_on, receipt.received_by.value, by)


async def add_cancelled(connection: Connection, delivery_id: UUID, by: str) -> None:
    """Record that a delivery will not be sent."""
    await connection.execute(INSERT_CANCELLED, delivery_id, by)
