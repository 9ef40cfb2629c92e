"""`/staff/sign-in`, `/partner/sign-in`: name, password and code at once, or a passkey."""

from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody
from litestar.status_codes import HTTP_200_OK, HTTP_400_BAD_REQUEST, HTTP_429_TOO_MANY_REQUESTS

from verify_service.account_pages.routes.asking import client_asking
from verify_service.accounts.model import NewSession
from verify_service.accounts.service import passkeys, sessions
from verify_service.accounts.service.signing_in import (
    QUARTER,
    NotSignedInError,
    TooManyTriesError,
    count_offer,
    sign_in,
)
from verify_service.consoles.access import of_both_consoles
from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.cookies import SESSION_COOKIE, cookie, no_cookie
from verify_service.consoles.pages import inner_path, see_other
from verify_service.consoles.responder import home_of, sign_in_page
from verify_service.consoles.visitors import Visitor
from verify_service.pages.responses import parse_language
from verify_service.problems import TOO_MANY_REQUESTS, ProblemError
from verify_service.translations import Language
from verify_service.turns import Turns

MAX_FORM_BYTES = 32_768


class SignInForm(msgspec.Struct, frozen=True):
    """What is typed; `asked` is where it leads afterwards."""

    name: str = ""
    password: str = ""
    code: str = ""
    asked: str = ""


class PasskeyForm(msgspec.Struct, frozen=True):
    """What an authenticator answered, as JSON."""

    answer: str = ""
    asked: str = ""


@get(list(of_both_consoles("/sign-in")), include_in_schema=False)
async def show_sign_in(
    request: Request[Any, Any, Any], console: NamedDependency[ConsoleContext], lang: FromQuery[str | None] = None
) -> Response[bytes]:
    """Return the form, also to whoever is signed in already: as somebody else, perhaps."""
    return sign_in_page(console, request, parse_language(lang), asked=home_of(request), status=HTTP_200_OK)


@post(list(of_both_consoles("/sign-in")), include_in_schema=False, request_max_body_size=MAX_FORM_BYTES)
async def answer_sign_in(
    request: Request[Any, Any, Any],
    data: URLEncodedBody[SignInForm],
    console: NamedDependency[ConsoleContext],
    sign_in_turns: NamedDependency[Turns],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Begin a session, or show the form again; the same words and status whatever was wrong, and nobody's name too."""
    language = parse_language(lang)
    typed = {"name": data.name.strip().lower(), "password": data.password, "code": data.code}
    try:
        async with console.connection() as connection:
            secrets = await console.secrets(connection)
            session = await sign_in(connection, secrets, sign_in_turns.turn, client_asking(request), **typed)
    except (NotSignedInError, TooManyTriesError) as refused:
        is_limited = isinstance(refused, TooManyTriesError)
        status = HTTP_429_TOO_MANY_REQUESTS if is_limited else HTTP_400_BAD_REQUEST
        return sign_in_page(
            console, request, language, asked=data.asked, status=status, name=data.name, refusal=refused.code
        )
    return _welcome(console, session, data.asked, language)


@post(list(of_both_consoles("/sign-in/passkey-options")), include_in_schema=False, status_code=HTTP_200_OK)
async def offer_passkey_sign_in(
    request: Request[Any, Any, Any], console: NamedDependency[ConsoleContext]
) -> Response[bytes]:
    """Return what the browser's authenticator is to sign, for anybody who has a passkey."""
    async with console.connection() as connection:
        try:
            await count_offer(connection, client_asking(request))
        except TooManyTriesError:
            raise ProblemError(TOO_MANY_REQUESTS, retry_after_seconds=QUARTER.seconds) from None
        options = await passkeys.authentication_options(connection, None, console.public_url)
    return Response(options.encode(), media_type="application/json")


@post(list(of_both_consoles("/sign-in/passkey")), include_in_schema=False, request_max_body_size=MAX_FORM_BYTES)
async def answer_passkey_sign_in(
    request: Request[Any, Any, Any],
    data: URLEncodedBody[PasskeyForm],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Begin a session for whoever holds a passkey."""
    language = parse_language(lang)
    try:
        async with console.connection() as connection:
            session = await passkeys.sign_in(connection, console.public_url, client_asking(request), data.answer)
    except NotSignedInError as refused:
        return sign_in_page(
            console, request, language, asked=data.asked, status=HTTP_400_BAD_REQUEST, refusal=refused.code
        )
    return _welcome(console, session, data.asked, language)


@post(list(of_both_consoles("/sign-out")), include_in_schema=False, request_max_body_size=MAX_FORM_BYTES)
async def sign_out(
    visitor: NamedDependency[Visitor], console: NamedDependency[ConsoleContext], lang: FromQuery[str | None] = None
) -> Response[bytes]:
    """End the session on the server: its cookie, wherever a copy is, opens nothing any more."""
    async with console.connection() as connection:
        await sessions.end(connection, visitor.actor, visitor.account, visitor.session_id)
    gone = no_cookie(SESSION_COOKIE, console.public_url)
    return see_other(f"{visitor.home}/sign-in", parse_language(lang), cookies=(gone,))


def _welcome(console: ConsoleContext, session: NewSession, asked: str, language: Language) -> Response[bytes]:
    home = "/staff" if session.account.partner_id is None else "/partner"
    begun = cookie(SESSION_COOKIE, session.token, console.public_url)
    return see_other(inner_path(asked, home), language, cookies=(begun,))
