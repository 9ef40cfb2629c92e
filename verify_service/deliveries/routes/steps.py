"""What is asked of deliveries: lists, packing, and each step of a parcel."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Final
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody

from verify_service.clock import date_in_shanghai, today_in_shanghai
from verify_service.cohorts.service import require_cohort
from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.pages import see_other
from verify_service.consoles.screens import REFUSALS, Screen, lent_screen
from verify_service.consoles.visitors import Visitor
from verify_service.database import Connection
from verify_service.deliveries.model import Contents, DeliveryState, Receipt, ReceivedBy, ReturnReason
from verify_service.deliveries.routes.pages import (
    NEWEST,
    NumbersForm,
    PackForm,
    ReceiveForm,
    SendForm,
    delivery_page,
    list_page,
)
from verify_service.deliveries.rules import read_dispatch, read_note, read_numbers, require_received_on
from verify_service.deliveries.service.moving import (
    cancel_delivery,
    receive_delivery,
    require_in_state,
    return_certificates,
    send_delivery,
)
from verify_service.deliveries.service.packing import add_to_delivery, pack_delivery, take_out
from verify_service.errors import UsageError
from verify_service.partners.queries import list_addressees

MAX_FORM_BYTES: Final = 64 * 1024
MAX_LIST_BYTES: Final = 512 * 1024

Step = Callable[[Connection], Awaitable[None]]


@get("/staff/deliveries", include_in_schema=False)
async def show_deliveries(
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    before: FromQuery[int] = NEWEST,
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Return deliveries, those numbered below `before`."""
    async with lent_screen(console, visitor, lang) as screen:
        return await list_page(screen, PackForm(), before=min(max(before, 0), NEWEST))


@post("/staff/deliveries", include_in_schema=False, request_max_body_size=MAX_LIST_BYTES)
async def pack(
    data: URLEncodedBody[PackForm],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Open a delivery with everything asked for, or say of each certificate why not."""
    async with lent_screen(console, visitor, lang) as screen:
        try:
            contents = await _read_contents(screen.connection, data)
            delivery_id = await pack_delivery(screen.connection, screen.actor, contents, read_note(data.note))
        except REFUSALS as error:
            return await list_page(screen, data, error=error)
        return see_other(f"/staff/deliveries/{delivery_id}", screen.language, notice="packed")


@get("/staff/deliveries/{delivery:uuid}", include_in_schema=False)
async def show_delivery(
    delivery: FromPath[UUID],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
    notice: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Return one parcel with what is in it and what happened."""
    async with lent_screen(console, visitor, lang) as screen:
        return await delivery_page(screen, delivery, notice=notice)


@post("/staff/deliveries/{delivery:uuid}/add", include_in_schema=False, request_max_body_size=MAX_LIST_BYTES)
async def add_certificates(
    delivery: FromPath[UUID],
    data: URLEncodedBody[NumbersForm],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Put more certificates into a parcel that was not sent."""

    async def step(connection: Connection) -> None:
        await add_to_delivery(connection, visitor.actor, delivery, read_numbers(data.text))

    async with lent_screen(console, visitor, lang) as screen:
        return await _taken(screen, delivery, "add", step, data)


@post("/staff/deliveries/{delivery:uuid}/take-out", include_in_schema=False, request_max_body_size=MAX_LIST_BYTES)
async def take_certificates_out(
    delivery: FromPath[UUID],
    data: URLEncodedBody[NumbersForm],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Take certificates out of a parcel that was not sent."""

    async def step(connection: Connection) -> None:
        await take_out(connection, visitor.actor, delivery, read_numbers(data.text))

    async with lent_screen(console, visitor, lang) as screen:
        return await _taken(screen, delivery, "take-out", step, data)


@post("/staff/deliveries/{delivery:uuid}/send", include_in_schema=False, request_max_body_size=MAX_FORM_BYTES)
async def send(
    delivery: FromPath[UUID],
    data: URLEncodedBody[SendForm],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Record that a parcel left."""

    async def step(connection: Connection) -> None:
        packed = await require_in_state(connection, delivery, DeliveryState.PACKED)
        dispatch = read_dispatch(
            _read_day(data.sent_on, "SENT_ON"),
            data.courier,
            data.courier_number,
            packed_on=date_in_shanghai(packed.created_at),
            today=today_in_shanghai(),
        )
        await send_delivery(connection, visitor.actor, delivery, dispatch)

    async with lent_screen(console, visitor, lang) as screen:
        return await _taken(screen, delivery, "send", step, data)


@post("/staff/deliveries/{delivery:uuid}/receive", include_in_schema=False, request_max_body_size=MAX_FORM_BYTES)
async def receive(
    delivery: FromPath[UUID],
    data: URLEncodedBody[ReceiveForm],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Record that a parcel arrived, and where in the institution it was taken."""

    async def step(connection: Connection) -> None:
        sent = await require_in_state(connection, delivery, DeliveryState.SENT)
        received_on = require_received_on(
            _read_day(data.received_on, "RECEIVED_ON"), sent_on=sent.sent_on or date.max, today=today_in_shanghai()
        )
        receipt = Receipt(received_on=received_on, received_by=_read_received_by(data.received_by))
        await receive_delivery(connection, visitor.actor, delivery, receipt)

    async with lent_screen(console, visitor, lang) as screen:
        return await _taken(screen, delivery, "receive", step, data)


@post("/staff/deliveries/{delivery:uuid}/return", include_in_schema=False, request_max_body_size=MAX_LIST_BYTES)
async def take_back(
    delivery: FromPath[UUID],
    data: URLEncodedBody[NumbersForm],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Record that certificates came back, or never arrived."""

    async def step(connection: Connection) -> None:
        reason = _read_reason(data.reason)
        await return_certificates(connection, visitor.actor, delivery, read_numbers(data.text), reason)

    async with lent_screen(console, visitor, lang) as screen:
        return await _taken(screen, delivery, "return", step, data)


@post("/staff/deliveries/{delivery:uuid}/cancel", include_in_schema=False, request_max_body_size=MAX_FORM_BYTES)
async def cancel(
    delivery: FromPath[UUID],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Record that a parcel will not be sent."""

    async def step(connection: Connection) -> None:
        await cancel_delivery(connection, visitor.actor, delivery)

    async with lent_screen(console, visitor, lang) as screen:
        return await _taken(screen, delivery, "cancel", step, None)


async def _taken(
    screen: Screen, delivery_id: UUID, name: str, step: Step, form: SendForm | ReceiveForm | NumbersForm | None
) -> Response[bytes]:
    """Take a step and lead back to the parcel; where it is refused, show the form as it was filled in."""
    try:
        await step(screen.connection)
    except REFUSALS as error:
        return await delivery_page(screen, delivery_id, error=error, refused_form=name, values=form)
    return see_other(f"/staff/deliveries/{delivery_id}", screen.language, notice=name)


async def _read_contents(connection: Connection, form: PackForm) -> Contents:
    addressees = {str(one.partner_id): one.partner_id for one in await list_addressees(connection)}
    if form.partner not in addressees:
        raise UsageError("DELIVERY_PARTNER", "choose the partner")
    cohort_id = await require_cohort(connection, form.cohort) if form.cohort else None
    numbers = None if form.everything else read_numbers(form.numbers)
    return Contents(partner_id=addressees[form.partner], cohort_id=cohort_id, numbers=numbers)


def _read_day(text: str, code: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(code, "a day is written 2026-03-14") from None


def _read_received_by(text: str) -> ReceivedBy:
    try:
        return ReceivedBy(text)
    except ValueError:
        raise UsageError("RECEIVED_BY", "choose who took it") from None


def _read_reason(text: str) -> ReturnReason:
    try:
        return ReturnReason(text)
    except ValueError:
        raise UsageError("RETURN_REASON", "choose why it comes back") from None
