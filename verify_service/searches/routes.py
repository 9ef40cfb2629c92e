"""`/staff/search`: one box. What is typed is sent and never stands in an address."""

from typing import Final

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody
from litestar.status_codes import HTTP_200_OK

from verify_service.clock import today_in_shanghai
from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.navigation import is_open
from verify_service.consoles.pages import console_page
from verify_service.consoles.visitors import Visitor
from verify_service.pages.responses import parse_language
from verify_service.searches.model import SearchResult
from verify_service.searches.rules import MAX_CHARACTERS
from verify_service.searches.service import search
from verify_service.translations import Language

TOPIC: Final = "console_search"
MAX_FORM_BYTES: Final = 8 * 1024


class SearchForm(msgspec.Struct, frozen=True):
    """What was typed."""

    text: str = ""


@get("/staff/search", include_in_schema=False)
async def show_search(
    visitor: NamedDependency[Visitor], console: NamedDependency[ConsoleContext], lang: FromQuery[str | None] = None
) -> Response[bytes]:
    """Show the box."""
    return _page(visitor, console, parse_language(lang), "", None)


@post("/staff/search", status_code=HTTP_200_OK, include_in_schema=False, request_max_body_size=MAX_FORM_BYTES)
async def answer_search(
    data: URLEncodedBody[SearchForm],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Show what was found; not as a redirect, whose address would have to say what was typed."""
    async with console.connection() as connection:
        secrets = await console.secrets(connection)
        result = await search(connection, secrets, visitor.actor, data.text, today_in_shanghai())
    return _page(visitor, console, parse_language(lang), data.text, result)


def _page(
    visitor: Visitor, console: ConsoleContext, language: Language, text: str, result: SearchResult | None
) -> Response[bytes]:
    return console_page(
        "console/search.html",
        console,
        visitor,
        language,
        topic=TOPIC,
        text=text[:MAX_CHARACTERS],
        result=result,
        most=MAX_CHARACTERS,
        opens_cohorts=is_open(visitor, "GET /staff/cohorts/{code}"),
        opens_partners=is_open(visitor, "GET /staff/partners"),
    )


SEARCHES_ROUTES: Final = (show_search, answer_search)
