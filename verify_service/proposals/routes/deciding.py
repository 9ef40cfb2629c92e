"""`/staff/proposals`: what waits, what was decided, and one proposal with what it would do at this moment."""

from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.status_codes import HTTP_200_OK, HTTP_409_CONFLICT

from verify_service.clock import today_in_shanghai
from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.pages import console_page, see_other
from verify_service.consoles.visitors import Visitor
from verify_service.database import Connection
from verify_service.errors import FieldError
from verify_service.pages.responses import parse_language
from verify_service.proposals.model import CorrectPreview, Preview, Proposal, ProposalState, Rejection
from verify_service.proposals.queries import list_decided, list_open
from verify_service.proposals.routes.classes import ShownForm
from verify_service.proposals.routes.correcting import PHOTO_HEADERS
from verify_service.proposals.routes.parts import (
    MAX_FORM_BYTES,
    REFUSALS,
    TOPIC,
    at_once,
    base64_text,
    desk_of,
    party_of,
    public_words,
    reader_of,
)
from verify_service.proposals.rules import digest_of
from verify_service.proposals.service import deciding
from verify_service.proposals.service.certificate_files import note_shown
from verify_service.translations import Language

PAGE = 50


class RejectForm(msgspec.Struct, frozen=True):
    """Why it is rejected."""

    reason: str = ""


@get("/staff/proposals", include_in_schema=False)
async def show_proposals(
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
    notice: FromQuery[str | None] = None,
    offset: FromQuery[int] = 0,
) -> Response[bytes]:
    """Return what waits for a decision, and what was decided."""
    start = min(max(offset, 0), 1_000_000)
    async with console.connection() as connection:
        await deciding.expire_old(connection)
        waiting = await list_open(connection)
        decided = await list_decided(connection, PAGE + 1, start)
    return console_page(
        "console/proposals.html",
        console,
        visitor,
        parse_language(lang),
        topic=TOPIC,
        waiting=waiting,
        decided=decided[:PAGE],
        earlier=None if start == 0 else max(start - PAGE, 0),
        later=start + PAGE if len(decided) > PAGE else None,
        notice=notice,
    )


@get("/staff/proposals/{proposal:uuid}", include_in_schema=False)
async def show_proposal(
    proposal: FromPath[UUID],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
    notice: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Return a proposal and, while it is open, what approving it now would do."""
    return await _proposal_page(console, visitor, parse_language(lang), proposal, notice=notice)


@post("/staff/proposals/{proposal:uuid}/approve", include_in_schema=False, request_max_body_size=MAX_FORM_BYTES)
async def approve_proposal(
    proposal: FromPath[UUID],
    data: URLEncodedBody[ShownForm],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Approve exactly what was shown, and do it or set it going; show anew what changed."""
    language = parse_language(lang)
    try:
        async with console.connection() as connection:
            outcome = await deciding.approve(
                await reader_of(console, connection),
                party_of(visitor),
                proposal,
                data.shown,
                desk_of=desk_of(console, connection),
                at=at_once(),
            )
    except REFUSALS as refused:
        return await _proposal_page(console, visitor, language, proposal, refusal=refused.code)
    if outcome.job_id is not None:
        return see_other(f"/staff/jobs/{outcome.job_id}", language)
    if outcome.corrected is not None:
        return see_other(f"/staff/certificates/{outcome.corrected.number}", language, notice="corrected")
    notice = "waits-for-signer" if outcome.waits_for_signer else "approved"
    return see_other(f"/staff/proposals/{proposal}", language, notice=notice)


@post("/staff/proposals/{proposal:uuid}/reject", include_in_schema=False, request_max_body_size=MAX_FORM_BYTES)
async def reject_proposal(
    proposal: FromPath[UUID],
    data: URLEncodedBody[RejectForm],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Reject it for a reason of the list."""
    language = parse_language(lang)
    try:
        if data.reason not in set(Rejection):
            raise FieldError("REJECTION_MISSING")
        async with console.connection() as connection:
            await deciding.reject(connection, party_of(visitor), proposal, Rejection(data.reason), at_once())
    except REFUSALS as refused:
        return await _proposal_page(console, visitor, language, proposal, refusal=refused.code)
    return see_other(f"/staff/proposals/{proposal}", language, notice="rejected")


@post("/staff/proposals/{proposal:uuid}/withdraw", include_in_schema=False, request_max_body_size=MAX_FORM_BYTES)
async def withdraw_proposal(
    proposal: FromPath[UUID],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Undo a proposal of one's own that nobody has decided."""
    language = parse_language(lang)
    try:
        async with console.connection() as connection:
            await deciding.withdraw(connection, party_of(visitor), proposal, at_once())
    except REFUSALS as refused:
        return await _proposal_page(console, visitor, language, proposal, refusal=refused.code)
    return see_other(f"/staff/proposals/{proposal}", language, notice="withdrawn")


async def _proposal_page(
    console: ConsoleContext,
    visitor: Visitor,
    language: Language,
    proposal_id: UUID,
    *,
    notice: str | None = None,
    refusal: str | None = None,
) -> Response[bytes]:
    async with console.connection() as connection:
        await deciding.expire_old(connection)
        proposal = await deciding.get_proposal(connection, proposal_id)
        preview, hindrance = await _preview(console, visitor, connection, proposal)
    return console_page(
        "console/proposal.html",
        console,
        visitor,
        language,
        topic=TOPIC,
        status=HTTP_200_OK if refusal is None else HTTP_409_CONFLICT,
        headers=PHOTO_HEADERS,
        proposal=proposal,
        preview=preview,
        hindrance=hindrance,
        shown="" if preview is None else digest_of(preview, proposal_id),
        rejections=list(Rejection),
        base64=base64_text,
        public=public_words(language),
        today=today_in_shanghai(),
        notice=notice,
        refusal=refusal,
    )


async def _preview(
    console: ConsoleContext, visitor: Visitor, connection: Connection, proposal: Proposal
) -> tuple[Preview | None, str | None]:
    """Return what approving would do now, or the code of what stands in its way; neither once it is decided."""
    if proposal.state is not ProposalState.OPEN:
        return None, None
    try:
        preview = await deciding.preview(await reader_of(console, connection), proposal, today_in_shanghai())
    except REFUSALS as refused:
        return None, refused.code
    if isinstance(preview, CorrectPreview):
        await note_shown(connection, visitor.actor, preview.number)
    return preview, None
