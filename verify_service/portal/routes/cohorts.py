"""`/partner` and `/partner/cohorts/…`: a partner's classes, what is missing from each, and its codes."""

from typing import Literal

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from verify_service.clock import today_in_shanghai
from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.pages import console_page
from verify_service.consoles.visitors import Visitor
from verify_service.pages.responses import parse_language
from verify_service.portal.routes.asking import TOPIC, kind_titles, missing_with, partner_of
from verify_service.portal.rules import page_of
from verify_service.portal.service.cohorts import get_own_cohort, list_own_cohorts
from verify_service.portal.service.trainees import list_entries


@get("/partner", include_in_schema=False)
async def show_own_cohorts(
    visitor: NamedDependency[Visitor], console: NamedDependency[ConsoleContext], lang: FromQuery[str | None] = None
) -> Response[bytes]:
    """Return the partner's first page: its classes, and what each lacks."""
    today = today_in_shanghai()
    async with console.portal(visitor) as connection:
        cohorts = await list_own_cohorts(
            connection, await console.secrets(connection), missing_with(console), partner_of(visitor), today=today
        )
    return console_page(
        "console/own-cohorts.html", console, visitor, parse_language(lang), topic=TOPIC, cohorts=cohorts, today=today
    )


@get("/partner/cohorts/{code:str}", include_in_schema=False)
async def show_own_cohort(
    code: FromPath[str],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    show: FromQuery[Literal["missing"] | None] = None,
    page: FromQuery[int] = 1,
    notice: FromQuery[str | None] = None,
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Return one class: everybody of the partner in it, or only those of whom something is missing."""
    language = parse_language(lang)
    missing, partner_id, today = missing_with(console), partner_of(visitor), today_in_shanghai()
    async with console.portal(visitor) as connection:
        secrets = await console.secrets(connection)
        cohort = await get_own_cohort(connection, secrets, missing, partner_id, code, today=today)
        entries = await list_entries(connection, secrets, missing, partner_id, code)
    lacking = [entry for entry in entries if entry.lacks]
    return console_page(
        "console/own-cohort.html",
        console,
        visitor,
        language,
        topic=TOPIC,
        cohort=cohort,
        today=today,
        lacking=len(lacking),
        show=show,
        shown=page_of(lacking if show else entries, page),
        titles=kind_titles(console, language),
        notice=notice,
    )
