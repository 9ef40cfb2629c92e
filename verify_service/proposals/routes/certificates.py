"""`/staff/certificates/{number}`: a certificate with its chain of versions, its paper, and its person's phone."""

from urllib.parse import quote

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.status_codes import HTTP_200_OK, HTTP_400_BAD_REQUEST, HTTP_409_CONFLICT

from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.pages import console_page, see_other
from verify_service.consoles.visitors import Visitor
from verify_service.credentials.service.rekeying import change_phone
from verify_service.documents.model import Edition
from verify_service.documents.service.drawing import open_studio
from verify_service.errors import ConflictError, FieldError, NotFoundError
from verify_service.pages.responses import parse_language
from verify_service.proposals.routes.parts import MAX_FORM_BYTES, TOPIC, public_words
from verify_service.proposals.service.certificate_files import draw_certificate, get_certificate_file
from verify_service.tables.rules.explanations import explain
from verify_service.translations import Language


class PhoneForm(msgspec.Struct, frozen=True):
    """Another phone, or none."""

    phone: str = ""


@get("/staff/certificates/{number:str}", include_in_schema=False)
async def show_certificate(
    number: FromPath[str],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
    notice: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Return the page."""
    return await _certificate_page(console, visitor, parse_language(lang), number, notice=notice)


@get("/staff/certificates/{number:str}/pdf/{edition:str}", include_in_schema=False)
async def download_certificate(
    number: FromPath[str],
    edition: FromPath[str],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Return the PDF, full or masked; the page, with the reason, where the print gate holds it."""
    if edition not in set(Edition):
        raise NotFoundError("UNKNOWN_EDITION", "there is no such edition")
    try:
        async with console.connection() as connection:
            secrets = await console.secrets(connection)
            studio = await open_studio(connection, secrets, console.directory, visitor.actor, console.settings)
            printed = await draw_certificate(studio, visitor.actor, number, Edition(edition))
    except ConflictError as held:
        return await _certificate_page(console, visitor, parse_language(lang), number, refusal=held.code)
    name = quote(printed.drawn.file_name)  # RFC 8187: the name is Chinese
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Cache-Control": "no-store"}
    return Response(printed.drawn.data, media_type="application/pdf", headers=headers)


@get("/staff/certificates/{number:str}/phone", include_in_schema=False)
async def show_phone_form(
    number: FromPath[str],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Return the form."""
    return await _phone_page(console, visitor, parse_language(lang), number, "", None)


@post("/staff/certificates/{number:str}/phone", include_in_schema=False, request_max_body_size=MAX_FORM_BYTES)
async def answer_phone_form(
    number: FromPath[str],
    data: URLEncodedBody[PhoneForm],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Let the person be found by another phone, at once: nothing is issued or revoked."""
    language = parse_language(lang)
    try:
        async with console.connection() as connection:
            secrets = await console.secrets(connection)
            await get_certificate_file(connection, secrets, number)
            await change_phone(connection, secrets, visitor.actor, number, data.phone.strip() or None)
    except FieldError as wrong:
        sentence = explain(wrong.code, about="phone", language=language)
        return await _phone_page(console, visitor, language, number, data.phone, sentence)
    return see_other(f"/staff/certificates/{number}", language, notice="phone-changed")


async def _certificate_page(
    console: ConsoleContext,
    visitor: Visitor,
    language: Language,
    number: str,
    *,
    notice: str | None = None,
    refusal: str | None = None,
) -> Response[bytes]:
    async with console.connection() as connection:
        file = await get_certificate_file(connection, await console.secrets(connection), number)
    return console_page(
        "console/certificate.html",
        console,
        visitor,
        language,
        topic=TOPIC,
        status=HTTP_200_OK if refusal is None else HTTP_409_CONFLICT,
        file=file,
        public=public_words(language),
        public_url=console.public_url,
        notice=notice,
        refusal=refusal,
    )


async def _phone_page(
    console: ConsoleContext, visitor: Visitor, language: Language, number: str, phone: str, error: str | None
) -> Response[bytes]:
    async with console.connection() as connection:
        file = await get_certificate_file(connection, await console.secrets(connection), number)
    return console_page(
        "console/phone.html",
        console,
        visitor,
        language,
        topic=TOPIC,
        status=HTTP_200_OK if error is None else HTTP_400_BAD_REQUEST,
        file=file,
        phone=phone,
        error=error or "",
    )
