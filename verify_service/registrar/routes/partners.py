"""`/staff/partners`: the institutions, and under which names rosters may call them."""

from typing import Final

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody

from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.pages import see_other
from verify_service.consoles.screens import REFUSALS, Refusal, Screen, lent_screen
from verify_service.consoles.visitors import Visitor
from verify_service.errors import FieldError, UsageError
from verify_service.partners.service import add_alias, list_partners, register_partner, rename_partner
from verify_service.registrar.routes.forms import MAX_FORM_BYTES
from verify_service.rosters.rules.partner_names import parse_partner_name

TOPIC: Final = "console_partners"


class NameForm(msgspec.Struct, frozen=True):
    """A name for a partner: a new one's, or another of the one that is called `partner`."""

    name: str = ""
    partner: str = ""


@get("/staff/partners", include_in_schema=False)
async def show_partners(
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
    notice: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Return every partner with its names and how many people it enrolled."""
    async with lent_screen(console, visitor, lang) as screen:
        return await _page(screen, NameForm(), notice=notice)


@post("/staff/partners", include_in_schema=False, request_max_body_size=MAX_FORM_BYTES)
async def register(
    data: URLEncodedBody[NameForm],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Register a partner before its first roster comes."""
    async with lent_screen(console, visitor, lang) as screen:
        try:
            await register_partner(screen.connection, screen.actor, _read_name(data.name))
        except REFUSALS as error:
            return await _page(screen, data, refused="add", error=error)
        return see_other("/staff/partners", screen.language, notice="added")


@post("/staff/partners/alias", include_in_schema=False, request_max_body_size=MAX_FORM_BYTES)
async def add_name(
    data: URLEncodedBody[NameForm],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Let another name in rosters find a partner."""
    async with lent_screen(console, visitor, lang) as screen:
        try:
            await add_alias(screen.connection, screen.actor, data.partner, _read_name(data.name))
        except REFUSALS as error:
            return await _page(screen, data, refused="alias", error=error)
        return see_other("/staff/partners", screen.language, notice="alias-added")


@post("/staff/partners/rename", include_in_schema=False, request_max_body_size=MAX_FORM_BYTES)
async def rename(
    data: URLEncodedBody[NameForm],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Call a partner by another name; the old one still finds it."""
    async with lent_screen(console, visitor, lang) as screen:
        try:
            await rename_partner(screen.connection, screen.actor, data.partner, _read_name(data.name))
        except REFUSALS as error:
            return await _page(screen, data, refused="rename", error=error)
        return see_other("/staff/partners", screen.language, notice="renamed")


async def _page(
    screen: Screen, form: NameForm, *, refused: str = "", error: Refusal | None = None, notice: str | None = None
) -> Response[bytes]:
    return screen.page(
        "console/partners.html",
        TOPIC,
        error=error,
        partners=await list_partners(screen.connection),
        form=form,
        refused=refused,
        may_write=screen.may("POST /staff/partners"),
        notice=notice,
    )


def _read_name(text: str) -> str:
    """Return a name as a roster's would be stored. Raises UsageError PARTNER_NAME."""
    try:
        return parse_partner_name(text)
    except FieldError:
        raise UsageError("PARTNER_NAME", "this cannot be an institution's name") from None
