"""`/staff/certificates/{number}/revoke`: filled in, shown as the public would be told, proposed."""

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
from verify_service.proposals.routes.classes import RevokeForm
from verify_service.proposals.routes.parts import (
    MAX_FORM_BYTES,
    REFUSALS,
    TOPIC,
    note_of,
    party_of,
    public_words,
    reader_of,
)
from verify_service.proposals.rules import digest_of
from verify_service.proposals.service.certificate_files import find_certificate, get_certificate_file
from verify_service.proposals.service.certificate_previews import preview_revoke
from verify_service.proposals.service.proposing import propose_revoke
from verify_service.translations import Language


@get("/staff/certificates/{number:str}/revoke", include_in_schema=False)
async def show_revoke(
    number: FromPath[str],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Return the form."""
    return await _revoke_page(console, visitor, parse_language(lang), number, RevokeForm())


@post(
    "/staff/certificates/{number:str}/revoke",
    include_in_schema=False,
    status_code=HTTP_200_OK,
    request_max_body_size=MAX_FORM_BYTES,
)
async def propose_revocation(
    number: FromPath[str],
    data: URLEncodedBody[RevokeForm],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Show what the public would be told; propose it where that was shown already."""
    language = parse_language(lang)
    if data.reason not in set(RevocationReason):
        return await _revoke_page(console, visitor, language, number, data, refusal="REASON_MISSING")
    reason, preview = RevocationReason(data.reason), None
    try:
        async with console.connection() as connection:
            await find_certificate(connection, number)
            reader, note = await reader_of(console, connection), note_of(data.note)
            preview = await preview_revoke(reader, number, reason, note)
            if data.shown:
                proposal_id = await propose_revoke(reader, party_of(visitor), number, reason, note, data.shown)
                return see_other(f"/staff/proposals/{proposal_id}", language, notice="proposed")
    except REFUSALS as refused:
        return await _revoke_page(console, visitor, language, number, data, preview, refused.code)
    return await _revoke_page(console, visitor, language, number, data, preview)


async def _revoke_page(
    console: ConsoleContext,
    visitor: Visitor,
    language: Language,
    number: str,
    form: RevokeForm,
    preview: RevokePreview | None = None,
    refusal: str | None = None,
) -> Response[bytes]:
    async with console.connection() as connection:
        file = await get_certificate_file(connection, await console.secrets(connection), number)
    return console_page(
        "console/revoke.html",
        console,
        visitor,
        language,
        topic=TOPIC,
        status=HTTP_200_OK if refusal is None else HTTP_409_CONFLICT,
        file=file,
        form=form,
        preview=preview,
        shown="" if preview is None else digest_of(preview),
        reasons=list(RevocationReason),
        public=public_words(language),
        today=today_in_shanghai(),
        refusal=refusal,
    )
