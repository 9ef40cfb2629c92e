"""`/staff/proof`: proving again who one is, before what issues, revokes, or changes who may."""

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody
from litestar.status_codes import HTTP_200_OK, HTTP_400_BAD_REQUEST, HTTP_429_TOO_MANY_REQUESTS

from verify_service.account_pages.routes.sign_in import MAX_FORM_BYTES
from verify_service.accounts.queries.factors import list_passkeys
from verify_service.accounts.queries.sessions import mark_proven
from verify_service.accounts.service import passkeys
from verify_service.accounts.service.signing_in import NotSignedInError, TooManyTriesError, prove_again
from verify_service.consoles.access import of_both_consoles
from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.pages import PASSKEY_HEADERS, console_page, inner_path, see_other
from verify_service.consoles.visitors import Visitor
from verify_service.pages.responses import parse_language
from verify_service.translations import Language
from verify_service.turns import Turns


class ProofForm(msgspec.Struct, frozen=True):
    """What is typed, or what an authenticator answered; `asked` is where it leads afterwards."""

    password: str = ""
    code: str = ""
    answer: str = ""
    asked: str = ""


@get(list(of_both_consoles("/proof")), include_in_schema=False)
async def show_proof(
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
    next: FromQuery[str | None] = None,  # noqa: A002  # the parameter's name in the address
) -> Response[bytes]:
    """Return the form."""
    return await _form(visitor, console, parse_language(lang), asked=inner_path(next, visitor.home))


@post(list(of_both_consoles("/proof")), include_in_schema=False, request_max_body_size=MAX_FORM_BYTES)
async def answer_proof(
    data: URLEncodedBody[ProofForm],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    sign_in_turns: NamedDependency[Turns],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Go on to what was asked for, or show the form again."""
    language = parse_language(lang)
    typed = {"password": data.password, "code": data.code}
    try:
        async with console.connection() as connection:
            secrets = await console.secrets(connection)
            await prove_again(connection, secrets, sign_in_turns.turn, visitor.account, **typed)
            await mark_proven(connection, visitor.session_id)
    except (NotSignedInError, TooManyTriesError) as refused:
        return await _form(visitor, console, language, asked=data.asked, refusal=refused.code)
    return see_other(inner_path(data.asked, visitor.home), language)


@post(list(of_both_consoles("/proof/passkey-options")), include_in_schema=False, status_code=HTTP_200_OK)
async def offer_passkey_proof(
    visitor: NamedDependency[Visitor], console: NamedDependency[ConsoleContext]
) -> Response[bytes]:
    """Return what one of the visitor's own passkeys is to sign."""
    async with console.connection() as connection:
        options = await passkeys.authentication_options(connection, visitor.account, console.public_url)
    return Response(options.encode(), media_type="application/json")


@post(list(of_both_consoles("/proof/passkey")), include_in_schema=False, request_max_body_size=MAX_FORM_BYTES)
async def answer_passkey_proof(
    data: URLEncodedBody[ProofForm],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Go on to what was asked for, or show the form again."""
    language = parse_language(lang)
    try:
        async with console.connection() as connection:
            await passkeys.prove_again(connection, console.public_url, visitor.account, data.answer)
            await mark_proven(connection, visitor.session_id)
    except NotSignedInError as refused:
        return await _form(visitor, console, language, asked=data.asked, refusal=refused.code)
    return see_other(inner_path(data.asked, visitor.home), language)


async def _form(
    visitor: Visitor, console: ConsoleContext, language: Language, *, asked: str, refusal: str | None = None
) -> Response[bytes]:
    async with console.connection() as connection:
        has_passkey = bool(await list_passkeys(connection, visitor.account_id))
    status = {None: HTTP_200_OK, "TOO_MANY_TRIES": HTTP_429_TOO_MANY_REQUESTS}.get(refusal, HTTP_400_BAD_REQUEST)
    return console_page(
        "console/proof.html",
        console,
        visitor,
        language,
        topic="console_account",
        status=status,
        headers=PASSKEY_HEADERS,
        asked=asked,
        refusal=refusal,
        has_passkey=has_passkey,
    )
