"""`/staff/cohorts`: every class, one class, and its plan."""

from typing import Any, Final

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody

from verify_service.clock import today_in_shanghai
from verify_service.cohorts.model import CohortProgress, PlanAsked
from verify_service.cohorts.rules.classes import require_cohort_code
from verify_service.cohorts.service import open_progress, plan_cohort
from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.pages import see_other
from verify_service.consoles.screens import REFUSALS, Refusal, Screen, lent_screen
from verify_service.consoles.visitors import Visitor
from verify_service.deliveries.queries.listing import list_of_cohort
from verify_service.deliveries.queries.packing import list_waiting
from verify_service.errors import NotFoundError
from verify_service.partners.service import list_partners
from verify_service.redemption_codes.queries.standing import count_codes, list_listings
from verify_service.registrar.model import Tab
from verify_service.registrar.routes.forms import MAX_FORM_BYTES, read_day
from verify_service.registrar.service.overview import read_overview
from verify_service.registrar.service.people import read_certificates, read_code_holders, read_people

TOPIC: Final = "console_cohorts"


class PlanForm(msgspec.Struct, frozen=True):
    """A class and what is planned for it; an empty field leaves what stands."""

    code: str = ""
    partner: str = ""
    exam_on: str = ""
    make_up_on: str = ""


class Shown(msgspec.Struct, frozen=True):
    """Which part of a class's page is shown."""

    tab: Tab = Tab.TRAINEES
    page: int = 1
    open_only: bool = False
    """Of the results, only those who may still sit the make-up."""


@get("/staff/cohorts", include_in_schema=False)
async def show_cohorts(
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
    notice: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Return every class, what is late first, and the form that opens one."""
    async with lent_screen(console, visitor, lang) as screen:
        return await _list_page(screen, PlanForm(), notice=notice)


@post("/staff/cohorts", include_in_schema=False, request_max_body_size=MAX_FORM_BYTES)
async def open_class(
    data: URLEncodedBody[PlanForm],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Open a class before its roster comes, or plan one that is there."""
    async with lent_screen(console, visitor, lang) as screen:
        code = data.code.strip()
        try:
            await _plan(screen, code, data)
        except REFUSALS as error:
            return await _list_page(screen, data, error=error)
        return see_other(f"/staff/cohorts/{code}", screen.language, notice="planned")


@get("/staff/cohorts/{code:str}", include_in_schema=False)
async def show_cohort(
    code: FromPath[str],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    tab: FromQuery[Tab] = Tab.TRAINEES,
    page: FromQuery[int] = 1,
    open_only: FromQuery[bool] = False,  # noqa: FBT002  # by name, from the address
    lang: FromQuery[str | None] = None,
    notice: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Return one class: what stands of it, and one part of it in detail."""
    async with lent_screen(console, visitor, lang) as screen:
        return await cohort_page(screen, code, Shown(tab, page, open_only), notice=notice)


@post("/staff/cohorts/{code:str}/plan", include_in_schema=False, request_max_body_size=MAX_FORM_BYTES)
async def plan_class(
    code: FromPath[str],
    data: URLEncodedBody[PlanForm],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Plan a class otherwise; what is not given stays."""
    async with lent_screen(console, visitor, lang) as screen:
        await require_progress(screen, code)
        try:
            await _plan(screen, code, data)
        except REFUSALS as error:
            return await cohort_page(screen, code, Shown(), error=error, plan=data)
        return see_other(f"/staff/cohorts/{code}", screen.language, notice="planned")


async def cohort_page(
    screen: Screen, code: str, shown: Shown, *, error: Refusal | None = None, **values: object
) -> Response[bytes]:
    """Return the page of a class, with an error where a form on it was refused."""
    progress = await require_progress(screen, code)
    cohort = progress.cohort
    plan = PlanForm(
        partner=cohort.partner or "", exam_on=str(cohort.exam_on or ""), make_up_on=str(cohort.make_up_on or "")
    )
    values = {"plan": plan, "notice": None, "reissue": None, **values}
    return screen.page(
        "console/cohort.html",
        TOPIC,
        error=error,
        progress=progress,
        shown=shown,
        tabs=Tab,
        partners=await list_partners(screen.connection),
        may_write=screen.may("POST /staff/cohorts"),
        may_issue=screen.may("GET /staff/cohorts/{code}/issue"),
        may_import=screen.may("GET /staff/rosters"),
        may_enter_results=screen.may("GET /staff/results"),
        may_revoke=screen.may("GET /staff/cohorts/{code}/revoke"),
        may_see_certificate=screen.may("GET /staff/certificates/{number}"),
        may_see_person=screen.may("GET /staff/people/{subject}"),
        **await _tab_values(screen, progress, shown),
        **values,
    )


async def require_progress(screen: Screen, code: str) -> CohortProgress:
    """Return how far a class has come. Raises NotFoundError where there is none."""
    progress = await open_progress(screen.connection, code, today=today_in_shanghai())
    if progress is None:
        raise NotFoundError("UNKNOWN_COHORT", "there is no such class")
    return progress


async def _tab_values(screen: Screen, progress: CohortProgress, shown: Shown) -> dict[str, Any]:
    connection, cohort_id = screen.connection, progress.cohort.cohort_id
    if shown.tab is Tab.DELIVERIES:
        deliveries = await list_of_cohort(connection, cohort_id)
        return {"deliveries": deliveries, "waiting": await list_waiting(connection, cohort_id)}
    secrets = await screen.secrets()
    if shown.tab is Tab.CERTIFICATES:
        return {"listed": await read_certificates(connection, secrets, screen.actor, cohort_id, shown.page)}
    if shown.tab is Tab.CODES:
        return {
            "listed": await read_code_holders(connection, secrets, screen.actor, cohort_id, shown.page),
            "counts": await count_codes(connection, cohort_id),
            "listings": await list_listings(connection, cohort_id),
            "kept": screen.console.kept_lists.partners(screen.visitor.session_id, progress.cohort.code),
        }
    with_open_make_up = shown.open_only and shown.tab is Tab.RESULTS
    people = await read_people(
        connection, secrets, screen.actor, cohort_id, shown.page, with_open_make_up=with_open_make_up
    )
    return {"listed": people}


async def _plan(screen: Screen, code: str, form: PlanForm) -> None:
    asked = PlanAsked(
        partner=form.partner or None, exam_on=read_day(form.exam_on), make_up_on=read_day(form.make_up_on)
    )
    await plan_cohort(screen.connection, screen.actor, require_cohort_code(code), asked)


async def _list_page(
    screen: Screen, form: PlanForm, *, error: Refusal | None = None, notice: str | None = None
) -> Response[bytes]:
    return screen.page(
        "console/cohorts.html",
        TOPIC,
        error=error,
        overview=await read_overview(screen.connection, today=today_in_shanghai()),
        partners=await list_partners(screen.connection),
        form=form,
        may_write=screen.may("POST /staff/cohorts"),
        notice=notice,
    )
