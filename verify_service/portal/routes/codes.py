"""`/partner/cohorts/…/codes`: redemption codes, handed out in a list once."""

from typing import Final

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.status_codes import HTTP_200_OK, HTTP_409_CONFLICT

from verify_service.clock import today_in_shanghai
from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.pages import console_page, see_other
from verify_service.consoles.visitors import Visitor
from verify_service.errors import ConflictError, NotFoundError
from verify_service.pages.responses import parse_language
from verify_service.portal.routes.asking import TOPIC, attachment, missing_with, partner_of
from verify_service.portal.service.codes import draw_codes
from verify_service.portal.service.cohorts import get_own_cohort
from verify_service.portal.service.trainees import list_entries

WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NO_BODY_BYTES: Final = 4096
"""A form of buttons has its token and nothing else."""


@get("/partner/cohorts/{code:str}/codes", include_in_schema=False)
async def show_codes(
    code: FromPath[str],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    notice: FromQuery[str | None] = None,
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Return whose codes were handed out; the codes themselves are nowhere any more."""
    return await _codes_page(code, visitor, console, lang, notice=notice)


@post("/partner/cohorts/{code:str}/codes", include_in_schema=False, request_max_body_size=NO_BODY_BYTES)
async def draw_own_codes(
    code: FromPath[str],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Hand out the codes that no list has handed out: the list waits a while for this session to fetch it."""
    try:
        async with console.portal(visitor) as connection:
            secrets = await console.secrets(connection)
            workbook = await draw_codes(connection, secrets, visitor.actor, partner_of(visitor), code)
            # Before the codes are forgotten for good: a list that is kept twice is better than one that is lost.
            console.kept_lists.keep(visitor.session_id, code, partner_of(visitor), workbook)
    except ConflictError as refused:
        return await _codes_page(code, visitor, console, lang, refusal=refused.code)
    return see_other(f"/partner/cohorts/{code}/codes", parse_language(lang), notice="codes-drawn")


@get("/partner/cohorts/{code:str}/codes.xlsx", include_in_schema=False)
async def send_codes(
    code: FromPath[str], visitor: NamedDependency[Visitor], console: NamedDependency[ConsoleContext]
) -> Response[bytes]:
    """Return the list this session drew a moment ago."""
    workbook = console.kept_lists.find(visitor.session_id, code, partner_of(visitor))
    if workbook is None:
        raise NotFoundError("NO_LIST", "no list of this class is kept for this session")
    return Response(workbook, media_type=WORKBOOK, headers=attachment(f"兑换码_{code}.xlsx", f"codes-{code}.xlsx"))


@post("/partner/cohorts/{code:str}/codes/received", include_in_schema=False, request_max_body_size=NO_BODY_BYTES)
async def forget_codes(
    code: FromPath[str],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Forget a list that has arrived."""
    if console.kept_lists.find(visitor.session_id, code, partner_of(visitor)) is None:
        raise NotFoundError("NO_LIST", "no list of this class is kept for this session")
    console.kept_lists.forget(visitor.session_id, code, partner_of(visitor))
    return see_other(f"/partner/cohorts/{code}/codes", parse_language(lang), notice="codes-received")


async def _codes_page(
    code: str,
    visitor: Visitor,
    console: ConsoleContext,
    lang: str | None,
    *,
    notice: str | None = None,
    refusal: str | None = None,
) -> Response[bytes]:
    missing, partner_id = missing_with(console), partner_of(visitor)
    async with console.portal(visitor) as connection:
        secrets = await console.secrets(connection)
        cohort = await get_own_cohort(connection, secrets, missing, partner_id, code, today=today_in_shanghai())
        entries = await list_entries(connection, secrets, missing, partner_id, code)
    people = list({entry.enrolment_id: entry for entry in entries}.values())
    return console_page(
        "console/own-codes.html",
        console,
        visitor,
        parse_language(lang),
        topic=TOPIC,
        status=HTTP_200_OK if refusal is None else HTTP_409_CONFLICT,
        cohort=cohort,
        people=people,
        new=sum(person.code_listed is False for person in people),
        is_kept=console.kept_lists.find(visitor.session_id, code, partner_id) is not None,
        notice=notice,
        refusal=refusal,
    )
