"""`/staff/audit`: the auditor's view, its checks and its export; `/partner/trail`: the newest signed head."""

from collections.abc import AsyncGenerator
from typing import Any, Final
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Stream
from litestar.status_codes import HTTP_200_OK

from verify_service.clock import today_in_shanghai
from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.pages import console_page, see_other
from verify_service.consoles.visitors import Visitor
from verify_service.pages.responses import parse_language
from verify_service.trail.queries.heads import find_newest
from verify_service.trail.queries.viewing import list_actors
from verify_service.trail.rules.filters import parse_filter, parse_number
from verify_service.trail.service.checking import export_lines
from verify_service.trail.service.viewing import (
    check_trail,
    record_export,
    view_event,
    view_page,
    view_state,
)
from verify_service.translations import Language, catalogue

TOPIC: Final = "console_audit"
ACTION: Final = "action."
ASKED: Final = ("actor", "action", "object", "from", "until")


@get("/staff/audit", include_in_schema=False)
async def show_trail(
    request: Request[Any, Any, Any],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
    notice: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Show a page of events, and how the trail stands."""
    asked = {name: request.query_params.get(name, "") for name in ASKED}
    before = parse_number(request.query_params.get("before"))
    async with console.connection() as connection:
        page = await view_page(connection, parse_filter(asked), before)
        state, actors = await view_state(connection), await list_actors(connection)
    kept = {name: value for name, value in {**asked, "lang": lang}.items() if value}
    return console_page(
        "console/audit.html",
        console,
        visitor,
        parse_language(lang),
        topic=TOPIC,
        page=page,
        state=state,
        actors=actors,
        asked=asked,
        actions=_actions(parse_language(lang)),
        later=page.next_before and f"/staff/audit?{urlencode({**kept, 'before': page.next_before})}",
        newest=before and f"/staff/audit?{urlencode(kept)}",
        notice=notice,
    )


@get("/staff/audit/{number:str}", include_in_schema=False)
async def show_event(
    number: FromPath[str],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Show one event with everything it says."""
    async with console.connection() as connection:
        viewed = await view_event(connection, parse_number(number) or 0)
    return console_page("console/event.html", console, visitor, parse_language(lang), topic=TOPIC, viewed=viewed)


@post("/staff/audit/check", include_in_schema=False)
async def check_whole_trail(
    visitor: NamedDependency[Visitor], console: NamedDependency[ConsoleContext], lang: FromQuery[str | None] = None
) -> Response[bytes]:
    """Read the whole trail, and say what was found."""
    async with console.connection() as connection:
        verdict = await check_trail(connection, console.settings, visitor.actor)
    notice = "whole" if verdict.fault is None else "not-whole"
    return see_other("/staff/audit", parse_language(lang), notice=notice)


@post("/staff/audit/export", status_code=HTTP_200_OK, include_in_schema=False)
async def export_whole_trail(visitor: NamedDependency[Visitor], console: NamedDependency[ConsoleContext]) -> Stream:
    """Return every event and every head, a line each; who took them along is one more event."""
    async with console.connection() as connection:
        await record_export(connection, visitor.actor)
    name = f"audit-trail-{today_in_shanghai()}.jsonl"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Accel-Buffering": "no"}
    return Stream(_exported(console), media_type="application/x-ndjson", headers=headers)


@get("/partner/trail", include_in_schema=False)
async def show_head(
    visitor: NamedDependency[Visitor], console: NamedDependency[ConsoleContext], lang: FromQuery[str | None] = None
) -> Response[bytes]:
    """Show a partner the newest head: whoever keeps it can prove later what the trail was."""
    async with console.portal(visitor) as connection:
        head = await find_newest(connection)
    return console_page("console/head.html", console, visitor, parse_language(lang), topic=TOPIC, head=head)


def _actions(language: Language) -> list[str]:
    """Return every action there are words for, in the order of the words."""
    words = {
        key.removeprefix(ACTION): words for key, words in catalogue(language, TOPIC).items() if key.startswith(ACTION)
    }
    return sorted(words, key=words.__getitem__)


async def _exported(console: ConsoleContext) -> AsyncGenerator[bytes, None]:
    async with console.connection() as connection:
        async for lines in export_lines(connection):
            yield lines


TRAIL_ROUTES: Final = (show_trail, show_event, check_whole_trail, export_whole_trail, show_head)
