"""`/partner/deliveries`: what paper certificates are on their way to the partner, and what came."""

from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.pages import console_page
from verify_service.consoles.visitors import Visitor
from verify_service.deliveries.queries.portal import find_own_delivery, list_own_deliveries, list_own_items
from verify_service.errors import NotFoundError
from verify_service.pages.responses import parse_language

DELIVERIES = "console_deliveries"
"""The words are those of the staff's pages."""


@get("/partner/deliveries", include_in_schema=False)
async def show_own_deliveries(
    visitor: NamedDependency[Visitor], console: NamedDependency[ConsoleContext], lang: FromQuery[str | None] = None
) -> Response[bytes]:
    """Return the parcels to the partner, the newest first."""
    async with console.portal(visitor) as connection:
        deliveries = await list_own_deliveries(connection)
    language = parse_language(lang)
    return console_page(
        "console/own-deliveries.html", console, visitor, language, topic=DELIVERIES, deliveries=deliveries
    )


@get("/partner/deliveries/{delivery:uuid}", include_in_schema=False)
async def show_own_delivery(
    delivery: FromPath[UUID],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Return one parcel and what is in it; refuse one that is not there or another partner's."""
    async with console.portal(visitor) as connection:
        found = await find_own_delivery(connection, delivery)
        if found is None:
            raise NotFoundError("UNKNOWN_DELIVERY", "there is no such delivery to the partner")
        items = await list_own_items(connection, delivery)
    language = parse_language(lang)
    return console_page(
        "console/own-delivery.html", console, visitor, language, topic=DELIVERIES, delivery=found, items=items
    )
