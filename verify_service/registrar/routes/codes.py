"""`/staff/codes`: redemption codes drawn once, replaced with a trace, redeemed once."""

from typing import Final, Literal
from urllib.parse import quote
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.status_codes import HTTP_200_OK

from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.pages import see_other
from verify_service.consoles.screens import REFUSALS, Refusal, Screen, lent_screen
from verify_service.consoles.visitors import Visitor
from verify_service.database import Connection
from verify_service.errors import FieldError, NotFoundError, UsageError
from verify_service.pages.responses import parse_language
from verify_service.redemption_codes.model import HandedCode, Partner, Redemption
from verify_service.redemption_codes.queries.codes import list_partners
from verify_service.redemption_codes.queries.standing import count_codes
from verify_service.redemption_codes.rules.codes import format_code, parse_code
from verify_service.redemption_codes.rules.lists import code_workbook
from verify_service.redemption_codes.rules.tails import id_number_tails
from verify_service.redemption_codes.service import hand_out_codes, redeem, reissue_codes, reissue_list
from verify_service.registrar.model import Tab
from verify_service.registrar.routes.cohorts import Shown, cohort_page, require_progress
from verify_service.registrar.routes.forms import MAX_FORM_BYTES, MAX_LIST_BYTES, Chosen, read_chosen

TOPIC: Final = "console_codes"
WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_NOTE: Final = 500
CODES_TAB: Final = {"tab": Tab.CODES.value}


class DrawForm(msgspec.Struct, frozen=True):
    """Whose codes are to be shown, and how."""

    partner: UUID
    form: Literal["page", "workbook"] = "page"


class ReissueForm(msgspec.Struct, frozen=True):
    """Whose codes are to be replaced, and why: of people chosen, or of a partner's whole list."""

    people: Chosen = ""
    whole_list_of: str = ""
    note: str = ""


class RedeemForm(msgspec.Struct, frozen=True):
    """A code as somebody brings it."""

    code: str = ""


@get("/staff/codes", include_in_schema=False)
async def show_codes(
    visitor: NamedDependency[Visitor], console: NamedDependency[ConsoleContext], lang: FromQuery[str | None] = None
) -> Response[bytes]:
    """Return how the codes of every class stand, and the form that redeems one."""
    async with lent_screen(console, visitor, lang) as screen:
        return await _page(screen)


@post("/staff/codes/redeem", include_in_schema=False, status_code=HTTP_200_OK, request_max_body_size=MAX_FORM_BYTES)
async def redeem_code(
    data: URLEncodedBody[RedeemForm],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Redeem a code, once, and say what became of it."""
    async with lent_screen(console, visitor, lang) as screen:
        try:
            code = parse_code(data.code)
        except FieldError:
            return await _page(screen, error=UsageError("CODE", "this is no redemption code"), typed=data.code[:64])
        async with screen.connection.transaction():
            redemption = await redeem(screen.connection, await screen.secrets(), screen.actor, code)
        return await _page(screen, redemption=redemption)


@post(
    "/staff/cohorts/{code:str}/codes",
    include_in_schema=False,
    status_code=HTTP_200_OK,
    request_max_body_size=MAX_FORM_BYTES,
)
async def draw_codes(
    code: FromPath[str],
    data: URLEncodedBody[DrawForm],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Show the codes of a partner's people once; their list is kept a while for this session to fetch it again."""
    async with lent_screen(console, visitor, lang) as screen:
        cohort_id = (await require_progress(screen, code)).cohort.cohort_id
        partner = await _require_partner(screen.connection, cohort_id, data.partner)
        secrets = await screen.secrets()
        async with screen.connection.transaction():
            codes = await hand_out_codes(
                screen.connection, secrets, screen.actor, cohort_id=cohort_id, partner_id=partner.partner_id
            )
            # Before the codes are forgotten for good: what cannot be rendered is not handed out, and what is lost on
            # its way is fetched again.
            answer = _kept_and_shown(screen, code, partner, codes, data.form) if codes else None
    return answer or see_other(f"/staff/cohorts/{code}", screen.language, notice="no-new-codes", query=CODES_TAB)


@get("/staff/cohorts/{code:str}/codes/{partner:uuid}", include_in_schema=False)
async def send_kept_codes(
    code: FromPath[str],
    partner: FromPath[UUID],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
) -> Response[bytes]:
    """Return the list this session drew a moment ago."""
    workbook = _require_kept(console, visitor, code, partner)
    async with lent_screen(console, visitor, None) as screen:
        cohort_id = (await require_progress(screen, code)).cohort.cohort_id
        return _file(code, await _require_partner(screen.connection, cohort_id, partner), workbook)


@post(
    "/staff/cohorts/{code:str}/codes/{partner:uuid}/received",
    include_in_schema=False,
    request_max_body_size=MAX_FORM_BYTES,
)
async def forget_kept_codes(
    code: FromPath[str],
    partner: FromPath[UUID],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Forget a list that has arrived."""
    _require_kept(console, visitor, code, partner)
    console.kept_lists.forget(visitor.session_id, code, partner)
    return see_other(f"/staff/cohorts/{code}", parse_language(lang), notice="codes-received", query=CODES_TAB)


@post("/staff/cohorts/{code:str}/codes/reissue", include_in_schema=False, request_max_body_size=MAX_LIST_BYTES)
async def replace_codes(
    code: FromPath[str],
    data: URLEncodedBody[ReissueForm],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Replace the codes of the people chosen; the new ones wait for the next list."""
    async with lent_screen(console, visitor, lang) as screen:
        cohort_id = (await require_progress(screen, code)).cohort.cohort_id
        try:
            await _reissue(screen, cohort_id, data)
        except REFUSALS as error:
            return await cohort_page(screen, code, Shown(Tab.CODES), error=error, reissue=data)
        return see_other(f"/staff/cohorts/{code}", screen.language, notice="reissued")


async def _reissue(screen: Screen, cohort_id: UUID, form: ReissueForm) -> None:
    note, secrets = _read_note(form.note), await screen.secrets()
    if form.whole_list_of:
        partners = {str(one.partner_id): one.partner_id for one in await list_partners(screen.connection, cohort_id)}
        if form.whole_list_of not in partners:
            raise UsageError("NOT_ENROLLED", "the partner has nobody in the class")
        partner_id = partners[form.whole_list_of]
        await reissue_list(
            screen.connection, secrets, screen.actor, cohort_id=cohort_id, partner_id=partner_id, note=note
        )
        return
    people = _read_people(form.people)
    await reissue_codes(screen.connection, secrets, screen.actor, cohort_id=cohort_id, enrolment_ids=people, note=note)


async def _page(
    screen: Screen, *, error: Refusal | None = None, redemption: Redemption | None = None, typed: str = ""
) -> Response[bytes]:
    return screen.page(
        "console/codes.html",
        TOPIC,
        error=error,
        counts=await count_codes(screen.connection, None),
        redemption=redemption,
        typed=typed,
        may_write=screen.may("POST /staff/codes/redeem"),
    )


async def _require_partner(connection: Connection, cohort_id: UUID, partner_id: UUID) -> Partner:
    for partner in await list_partners(connection, cohort_id):
        if partner.partner_id == partner_id:
            return partner
    raise NotFoundError("UNKNOWN_PARTNER", "the partner has nobody in the class")


def _kept_and_shown(
    screen: Screen, cohort: str, partner: Partner, codes: tuple[HandedCode, ...], form: Literal["page", "workbook"]
) -> Response[bytes]:
    workbook = code_workbook(cohort, partner.name, codes)
    answer = _shown_once(screen, cohort, partner, codes) if form == "page" else _file(cohort, partner, workbook)
    screen.console.kept_lists.keep(screen.visitor.session_id, cohort, partner.partner_id, workbook)
    return answer


def _require_kept(console: ConsoleContext, visitor: Visitor, cohort: str, partner_id: UUID) -> bytes:
    workbook = console.kept_lists.find(visitor.session_id, cohort, partner_id)
    if workbook is None:
        raise NotFoundError("NO_LIST", "no list of this class and partner is kept for this session")
    return workbook


def _file(cohort: str, partner: Partner, workbook: bytes) -> Response[bytes]:
    name = quote(f"兑换码-{cohort}-{partner.name}.xlsx")
    headers = {
        "Content-Disposition": f"attachment; filename=\"codes-{cohort}.xlsx\"; filename*=UTF-8''{name}",
        "Cache-Control": "no-store",
    }
    return Response(workbook, media_type=WORKBOOK, headers=headers)


def _shown_once(screen: Screen, cohort: str, partner: Partner, codes: tuple[HandedCode, ...]) -> Response[bytes]:
    tails = id_number_tails(codes)
    lines = [(one.name, tails[one.id_number], format_code(one.code)) for one in codes]
    return screen.page("console/codes-shown.html", TOPIC, cohort=cohort, partner=partner, lines=lines)


def _read_note(text: str) -> str:
    note = " ".join(text.split())
    if not note or len(note) > MAX_NOTE:
        raise UsageError("NOTE", f"say why in up to {MAX_NOTE} characters")
    return note


def _read_people(chosen: Chosen) -> list[UUID]:
    try:
        return [UUID(one) for one in read_chosen(chosen)]
    except ValueError:
        raise UsageError("NOT_ENROLLED", "choose people of the class") from None
