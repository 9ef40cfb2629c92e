"""Deliveries on the register: a paper is in one parcel at a time, and every step stands."""

import asyncio
import datetime
from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest

from tests.office import Office
from verify_service.audit.model import Actor
from verify_service.database import Connection, connected
from verify_service.deliveries.model import (
    Contents,
    ContentsRefusedError,
    DeliveryState,
    Dispatch,
    ItemState,
    Obstacle,
    Receipt,
    ReceivedBy,
    ReturnReason,
)
from verify_service.deliveries.queries.listing import find_delivery, list_newest, list_of_cohort
from verify_service.deliveries.queries.packing import find_papers, list_waiting
from verify_service.deliveries.queries.portal import find_own_delivery, list_own_deliveries, list_own_items
from verify_service.deliveries.service.moving import (
    cancel_delivery,
    receive_delivery,
    return_certificates,
    send_delivery,
)
from verify_service.deliveries.service.packing import add_to_delivery, pack_delivery, take_out
from verify_service.deliveries.service.reading import open_delivery
from verify_service.documents.model import Edition
from verify_service.documents.queries import add_checks
from verify_service.embedded.server import DatabaseUrls
from verify_service.errors import ConflictError, UsageError
from verify_service.sealing.model import Secrets

TODAY = datetime.date(2026, 4, 10)
SENT = Dispatch(sent_on=TODAY, courier="顺丰速运", courier_number="SF1234567")
ARRIVED = Receipt(received_on=TODAY, received_by=ReceivedBy.OFFICE)
SELECT_HOSTS = """
select credential.credential_id, certificate_number, enrolment.cohort_id, enrolment.partner_id
  from credential
  join exam_entry on exam_entry.exam_entry_id = credential.exam_entry_id
  join enrolment on enrolment.enrolment_id = exam_entry.enrolment_id
  join cohort on cohort.cohort_id = enrolment.cohort_id
 where cohort.code = 'host'
 order by certificate_number
"""
SELECT_PASSED_TO = "select set_config('verify_service.partner_id', $1, false)"


class Shelf:
    """The papers of the class of hosts, all of one partner; all but the last are printed."""

    def __init__(self, connection: Connection, rows: list[asyncpg.Record]) -> None:
        partner_id = max(rows, key=lambda row: sum(one["partner_id"] == row["partner_id"] for one in rows))[
            "partner_id"
        ]
        own = [row for row in rows if row["partner_id"] == partner_id]
        self.connection = connection
        self.numbers = [row["certificate_number"] for row in own[:-1]]
        self.not_printed = own[-1]["certificate_number"]
        self.of_others = [row["certificate_number"] for row in rows if row["partner_id"] != partner_id]
        self.partner_id: UUID = partner_id
        self.cohort_id: UUID = own[0]["cohort_id"]
        self.credential_ids = [row["credential_id"] for row in own[:-1]]

    def contents(self, *numbers: str) -> Contents:
        return Contents(partner_id=self.partner_id, cohort_id=self.cohort_id, numbers=numbers or None)

    async def pack(self, *numbers: str) -> UUID:
        return await pack_delivery(self.connection, Actor("registrar-1"), self.contents(*numbers), None)

    async def state(self, delivery_id: UUID) -> DeliveryState:
        delivery = await find_delivery(self.connection, delivery_id)
        assert delivery is not None
        return delivery.state


@pytest.fixture
async def staff(sample: Office, database: DatabaseUrls) -> AsyncIterator[Connection]:
    async with connected(database.console, "CONSOLE_DATABASE_URL") as connection:
        yield connection


@pytest.fixture
async def portal(database: DatabaseUrls) -> AsyncIterator[Connection]:
    async with connected(database.portal, "PORTAL_DATABASE_URL") as connection:
        yield connection


@pytest.fixture
async def shelf(staff: Connection) -> Shelf:
    made = Shelf(staff, await staff.fetch(SELECT_HOSTS))
    await add_checks(staff, Edition.FULL, [(credential_id, bytes(32), None) for credential_id in made.credential_ids])
    return made


async def test_everything_printed_of_a_class_is_packed_at_once_with_the_names_on_the_papers(
    shelf: Shelf, staff: Connection, secrets: Secrets, sample: Office
) -> None:
    opened = await open_delivery(staff, secrets, await shelf.pack())

    names = {line["number"]: line["name"] for line in sample.list("--cohort", "host")}
    assert {item.number: item.name for item in opened.items} == {number: names[number] for number in shelf.numbers}
    assert (opened.delivery.cohort, opened.delivery.state) == ("host", DeliveryState.PACKED)
    (waiting,) = [one for one in await list_waiting(staff, shelf.cohort_id) if one.partner_id == shelf.partner_id]
    assert (waiting.not_printed, waiting.printed, waiting.packed) == (1, 0, len(shelf.numbers))
    with pytest.raises(UsageError, match="waits"):
        await shelf.pack()


async def test_one_wrong_number_and_nothing_is_packed_and_each_has_its_reason(shelf: Shelf, staff: Connection) -> None:
    first = await shelf.pack(shelf.numbers[0])

    with pytest.raises(ContentsRefusedError) as refused:
        await shelf.pack(shelf.numbers[1], shelf.numbers[0], shelf.not_printed, "QMT")

    assert [(one.number, one.obstacle) for one in refused.value.refused] == [
        (shelf.numbers[0], Obstacle.IN_DELIVERY),
        (shelf.not_printed, Obstacle.NOT_PRINTED),
        ("QMT", Obstacle.MALFORMED),
    ]
    assert [delivery.delivery_id for delivery in await list_newest(staff, 2**31 - 1)] == [first]


async def test_the_papers_of_another_partner_are_refused(shelf: Shelf, staff: Connection, actor: Actor) -> None:
    contents = Contents(partner_id=UUID(int=9), numbers=(shelf.numbers[0],))

    with pytest.raises(ContentsRefusedError) as refused:
        await pack_delivery(staff, actor, contents, None)

    assert refused.value.refused[0].obstacle is Obstacle.OTHER_PARTNER


async def test_a_parcel_goes_its_way_and_every_step_is_written_down(
    shelf: Shelf, staff: Connection, secrets: Secrets, actor: Actor
) -> None:
    delivery_id = await shelf.pack(*shelf.numbers[:3])
    await add_to_delivery(staff, actor, delivery_id, [shelf.numbers[3]])
    await take_out(staff, actor, delivery_id, [shelf.numbers[0]])
    await send_delivery(staff, actor, delivery_id, SENT)
    await receive_delivery(staff, actor, delivery_id, ARRIVED)
    await return_certificates(staff, actor, delivery_id, [shelf.numbers[1]], ReturnReason.DAMAGED)

    opened = await open_delivery(staff, secrets, delivery_id)
    assert [(item.number, item.state, item.reason) for item in opened.items] == [
        (shelf.numbers[1], ItemState.RETURNED, ReturnReason.DAMAGED),
        (shelf.numbers[2], ItemState.RECEIVED, None),
        (shelf.numbers[3], ItemState.RECEIVED, None),
    ]
    assert (opened.delivery.state, opened.delivery.items, opened.delivery.returned) == (DeliveryState.RECEIVED, 3, 1)
    steps = [(step.happened, step.number) for step in opened.steps]
    assert steps == [
        ("packed", None),
        ("unpacked", shelf.numbers[0]),
        ("sent", None),
        ("received", None),
        ("returned", shelf.numbers[1]),
    ]
    events = await staff.fetch("select action, actor from audit_event where object_id = $1", str(delivery_id))
    assert [row["action"] for row in events] == [
        *("delivery_packed", "delivery_filled", "delivery_emptied"),
        *("delivery_sent", "delivery_received", "delivery_returned"),
    ]


async def test_what_was_taken_out_returned_or_cancelled_can_be_packed_again(
    shelf: Shelf, staff: Connection, actor: Actor
) -> None:
    one, two, three = shelf.numbers[:3]
    sent = await shelf.pack(one, two)
    await take_out(staff, actor, sent, [one])
    await send_delivery(staff, actor, sent, SENT)
    await return_certificates(staff, actor, sent, [two], ReturnReason.LOST)
    cancelled = await shelf.pack(three)
    await cancel_delivery(staff, actor, cancelled)

    again = await shelf.pack(one, two, three)

    delivery = await find_delivery(staff, again)
    assert delivery is not None
    assert delivery.items == 3
    assert {paper.held_in for paper in (await find_papers(staff, [one, two, three])).values()} == {delivery.number}
    assert len(await list_of_cohort(staff, shelf.cohort_id)) == 3


async def test_what_was_taken_out_is_put_back_and_taken_out_again_and_all_of_it_stands(
    shelf: Shelf, staff: Connection, portal: Connection, secrets: Secrets, actor: Actor
) -> None:
    one, two = shelf.numbers[:2]
    delivery_id = await shelf.pack(one, two)
    await portal.execute(SELECT_PASSED_TO, str(shelf.partner_id))

    for _ in range(2):
        await take_out(staff, actor, delivery_id, [one])
        assert [item.number for item in (await open_delivery(staff, secrets, delivery_id)).items] == [two]
        assert (await find_papers(staff, [one]))[one].held_in is None
        await add_to_delivery(staff, actor, delivery_id, [one])
        with pytest.raises(ContentsRefusedError):
            await add_to_delivery(staff, actor, delivery_id, [one])
        assert [item.number for item in await list_own_items(portal, delivery_id)] == [one, two]

    await take_out(staff, actor, delivery_id, [one])
    with pytest.raises(UsageError):
        await take_out(staff, actor, delivery_id, [one])
    await add_to_delivery(staff, actor, delivery_id, [one])
    await send_delivery(staff, actor, delivery_id, SENT)
    await return_certificates(staff, actor, delivery_id, [one], ReturnReason.LOST)

    opened = await open_delivery(staff, secrets, delivery_id)
    assert [(item.number, item.reason) for item in opened.items] == [(one, ReturnReason.LOST), (two, None)]
    assert (opened.delivery.items, opened.delivery.returned) == (2, 1)
    assert [step.happened for step in opened.steps] == [
        *("packed", "unpacked", "put_back", "unpacked", "put_back", "unpacked", "put_back"),
        *("sent", "returned"),
    ]


async def test_no_step_is_taken_twice_or_out_of_turn(shelf: Shelf, staff: Connection, actor: Actor) -> None:
    delivery_id = await shelf.pack(*shelf.numbers[:2])
    with pytest.raises(ConflictError):
        await receive_delivery(staff, actor, delivery_id, ARRIVED)
    with pytest.raises(ConflictError):
        await return_certificates(staff, actor, delivery_id, [shelf.numbers[0]], ReturnReason.LOST)
    with pytest.raises(UsageError):
        await take_out(staff, actor, delivery_id, [shelf.numbers[5]])

    await send_delivery(staff, actor, delivery_id, SENT)

    for too_late in (
        send_delivery(staff, actor, delivery_id, SENT),
        cancel_delivery(staff, actor, delivery_id),
        take_out(staff, actor, delivery_id, [shelf.numbers[0]]),
        add_to_delivery(staff, actor, delivery_id, [shelf.numbers[5]]),
    ):
        with pytest.raises(ConflictError):
            await too_late
    assert await shelf.state(delivery_id) is DeliveryState.SENT


async def test_a_certificate_revoked_after_it_was_packed_stops_the_parcel_until_it_is_taken_out(
    shelf: Shelf, staff: Connection, actor: Actor, sample: Office
) -> None:
    delivery_id = await shelf.pack(*shelf.numbers[:2])
    assert sample.run("certificates", "revoke", shelf.numbers[0], "--reason", "issued_in_error").code == 0

    with pytest.raises(ContentsRefusedError) as refused:
        await send_delivery(staff, actor, delivery_id, SENT)

    assert [(one.number, one.obstacle) for one in refused.value.refused] == [(shelf.numbers[0], Obstacle.REVOKED)]
    await take_out(staff, actor, delivery_id, [shelf.numbers[0]])
    await send_delivery(staff, actor, delivery_id, SENT)


async def test_of_two_who_pack_one_paper_at_once_one_is_refused(
    shelf: Shelf, database: DatabaseUrls, staff: Connection
) -> None:
    async def attempt() -> UUID:
        async with connected(database.console, "CONSOLE_DATABASE_URL") as connection:
            return await pack_delivery(connection, Actor("registrar-2"), shelf.contents(shelf.numbers[0]), None)

    outcomes = await asyncio.gather(*(attempt() for _ in range(8)), return_exceptions=True)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["ContentsRefusedError"] * 7 + ["UUID"]


async def test_the_database_itself_keeps_a_paper_in_one_parcel_and_steps_in_order(
    shelf: Shelf, staff: Connection
) -> None:
    first, second = await shelf.pack(shelf.numbers[0]), await shelf.pack(shelf.numbers[1])

    insert_item = "insert into delivery_item (delivery_id, certificate_number, packed_by) values ($1, $2, 'x')"
    with pytest.raises(asyncpg.UniqueViolationError):
        await staff.execute(insert_item, second, shelf.numbers[0])
    insert_event = """
    insert into delivery_event (delivery_id, event, happened_on, received_by, recorded_by)
    values ($1, 'received', current_date, 'office', 'x')
    """
    with pytest.raises(asyncpg.RestrictViolationError):
        await staff.execute(insert_event, first)
    insert_item_event = """
    insert into delivery_item_event (delivery_id, certificate_number, event, recorded_by)
    values ($1, $2, 'unpacked', 'x')
    """
    await staff.execute(insert_item_event, first, shelf.numbers[0])
    with pytest.raises(asyncpg.RestrictViolationError):
        await staff.execute(insert_item_event, first, shelf.numbers[0])


async def test_a_partner_sees_its_own_parcels_and_nothing_of_others(
    shelf: Shelf, staff: Connection, portal: Connection, actor: Actor
) -> None:
    delivery_id = await shelf.pack(*shelf.numbers[:2])
    await send_delivery(staff, actor, delivery_id, SENT)
    await return_certificates(staff, actor, delivery_id, [shelf.numbers[0]], ReturnReason.LOST)

    assert await list_own_deliveries(portal) == []
    assert await portal.fetch("select delivery_id from delivery_item") == []

    await portal.execute(SELECT_PASSED_TO, str(shelf.partner_id))
    (seen,) = await list_own_deliveries(portal)
    assert (seen.delivery_id, seen.state, seen.items, seen.returned) == (delivery_id, DeliveryState.SENT, 2, 1)
    assert [item.reason for item in await list_own_items(portal, delivery_id)] == [ReturnReason.LOST, None]

    await portal.execute(SELECT_PASSED_TO, str(UUID(int=7)))
    assert await find_own_delivery(portal, delivery_id) is None
    assert await list_own_items(portal, delivery_id) == []
    for table in ("delivery", "delivery_item", "delivery_event", "delivery_item_event"):
        assert await portal.fetchval(f"select count(delivery_id) from {table}") == 0  # noqa: S608  # the names above
