"""`/staff/cohorts/{code}/issue` and `…/revoke`: what would happen to a class, shown and then proposed."""

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.status_codes import HTTP_200_OK, HTTP_409_CONFLICT

from verify_service.clock import today_in_shanghai
from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.pages import console_page, see_other
from verify_service.consoles.visitors import Visitor
from verify_service.credentials.model import RevocationReason
from verify_service.pages.responses import parse_language
from verify_service.proposals.model import RevokePreview
from verify_service.proposals.queries import find_open_about
from verify_service.proposals.routes.parts import (
    MAX_FORM_BYTES,
    REFUSALS,
    TOPIC,
    get_cohort,
    note_of,
    party_of,
    public_words,
    reader_of,
)
from verify_service.proposals.rules import digest_of
from verify_service.proposals.service.class_previews import preview_issue, preview_revoke_class
from verify_service.proposals.service.proposing import propose_issue, propose_revoke_class
from verify_service.translations import Language


class ShownForm(msgspec.Struct, frozen=True):
    """The digest of what was shown."""

    shown: str = ""


class RevokeForm(msgspec.Struct, frozen=True):
    """Why a class, or one certificate, is to be revoked; `shown` once the preview was."""

    reason: str = ""
    note: str = ""
    shown: str = ""


@get("/staff/cohorts/{code:str}/issue", include_in_schema=False)
async def show_class_issue(
    code: FromPath[str],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Return who of a class would get what, and why others would not."""
    return await _issue_page(console, visitor, parse_language(lang), code)


@post("/staff/cohorts/{code:str}/issue", include_in_schema=False, request_max_body_size=MAX_FORM_BYTES)
async def propose_class_issue(
    code: FromPath[str],
    data: URLEncodedBody[ShownForm],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Propose what was shown, or show anew what changed."""
    language = parse_language(lang)
    try:
        async with console.connection() as connection:
            reader = await reader_of(console, connection)
            cohort_id = await get_cohort(connection, code)
            proposal_id = await propose_issue(reader, party_of(visitor), cohort_id, data.shown)
    except REFUSALS as refused:
        return await _issue_page(console, visitor, language, code, refused.code)
    return see_other(f"/staff/proposals/{proposal_id}", language, notice="proposed")


@get("/staff/cohorts/{code:str}/revoke", include_in_schema=False)
async def show_class_revoke(
    code: FromPath[str],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Return the form."""
    async with console.connection() as connection:
        await get_cohort(connection, code)
    return _revoke_page(console, visitor, parse_language(lang), code, RevokeForm())


@post(
    "/staff/cohorts/{code:str}/revoke",
    include_in_schema=False,
    status_code=HTTP_200_OK,
    request_max_body_size=MAX_FORM_BYTES,
)
async def propose_class_revoke(
    code: FromPath[str],
    data: URLEncodedBody[RevokeForm],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Show what would happen; propose it where that was shown already."""
    language = parse_language(lang)
    if data.reason not in set(RevocationReason):
        return _revoke_page(console, visitor, language, code, data, refusal="REASON_MISSING")
    reason, preview = RevocationReason(data.reason), None
    try:
        async with console.connection() as connection:
            reader, cohort_id = await reader_of(console, connection), await get_cohort(connection, code)
            note = note_of(data.note)
            preview = await preview_revoke_class(reader, cohort_id, reason, note)
            if not data.shown:
                return _revoke_page(console, visitor, language, code, data, preview)
            proposal_id = await propose_revoke_class(reader, party_of(visitor), cohort_id, reason, note, data.shown)
    except REFUSALS as refused:
        return _revoke_page(console, visitor, language, code, data, preview, refused.code)
    return see_other(f"/staff/proposals/{proposal_id}", language, notice="proposed")


async def _issue_page(
    console: ConsoleContext, visitor: Visitor, language: Language, code: str, refusal: str | None = None
) -> Response[bytes]:
    async with console.connection() as connection:
        cohort_id = await get_cohort(connection, code)
        preview = await preview_issue(await reader_of(console, connection), cohort_id)
        standing = await find_open_about(connection, "cohort", str(cohort_id))
    return console_page(
        "console/issue.html",
        console,
        visitor,
        language,
        topic=TOPIC,
        status=HTTP_200_OK if refusal is None else HTTP_409_CONFLICT,
        code=code,
        preview=preview,
        shown=digest_of(preview),
        standing=standing,
        refusal=refusal,
    )


def _revoke_page(
    console: ConsoleContext,
    visitor: Visitor,
    language: Language,
    code: str,
    form: RevokeForm,
    preview: RevokePreview | None = None,
    refusal: str | None = None,
) -> Response[bytes]:
    return console_page(
        "console/revoke-class.html",
        console,
        visitor,
        language,
        topic=TOPIC,
        status=HTTP_200_OK if refusal is None else HTTP_409_CONFLICT,
        code=code,
        form=form,
        preview=preview,
        shown="" if preview is None else digest_of(preview),
        reasons=list(RevocationReason),
        public=public_words(language),
        today=today_in_shanghai(),
        refusal=refusal,
    )
