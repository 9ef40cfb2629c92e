"""`/staff/account`, `/partner/account`: one's own sessions, password, recovery codes and passkeys."""

from uuid import UUID

import anyio.to_thread
import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.status_codes import HTTP_200_OK, HTTP_400_BAD_REQUEST

from verify_service.account_pages.routes.sign_in import MAX_FORM_BYTES
from verify_service.accounts.queries.factors import count_recovery_codes, list_passkeys
from verify_service.accounts.rules.passwords import hash_password, require_password
from verify_service.accounts.service import factors, passkeys, sessions
from verify_service.accounts.service.signing_in import NotSignedInError
from verify_service.consoles.access import of_both_consoles
from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.pages import PASSKEY_HEADERS, console_page, see_other
from verify_service.consoles.visitors import Visitor
from verify_service.errors import ConflictError, FieldError, NotFoundError
from verify_service.pages.responses import parse_language
from verify_service.translations import Language
from verify_service.turns import Turns

TOPIC = "console_account"


class PasswordForm(msgspec.Struct, frozen=True):
    """A new password, twice."""

    password: str = ""
    again: str = ""


class NewPasskeyForm(msgspec.Struct, frozen=True):
    """What an authenticator answered, as JSON, and what its owner calls it."""

    answer: str = ""
    label: str = ""


@get(list(of_both_consoles("/account")), include_in_schema=False)
async def show_account(
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
    notice: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Return the page, with where one is signed in."""
    async with console.connection() as connection:
        open_sessions = await sessions.list_open(connection, visitor.account_id)
        codes_left = await count_recovery_codes(connection, visitor.account_id)
        keys = await list_passkeys(connection, visitor.account_id)
    return console_page(
        "console/account.html",
        console,
        visitor,
        parse_language(lang),
        topic=TOPIC,
        sessions=open_sessions,
        codes_left=codes_left,
        passkeys=keys,
        notice=notice,
    )


@post(
    list(of_both_consoles("/account/sessions/{session:uuid}/end")),
    include_in_schema=False,
    request_max_body_size=MAX_FORM_BYTES,
)
async def end_session(
    session: FromPath[UUID],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """End one of one's own sessions, on whichever device."""
    async with console.connection() as connection:
        await sessions.end(connection, visitor.actor, visitor.account, session)
    return see_other(f"{visitor.home}/account", parse_language(lang), notice="session-ended")


@get(list(of_both_consoles("/account/password")), include_in_schema=False)
async def show_password_form(
    visitor: NamedDependency[Visitor], console: NamedDependency[ConsoleContext], lang: FromQuery[str | None] = None
) -> Response[bytes]:
    """Return the form."""
    return _password_form(visitor, console, parse_language(lang), {})


@post(list(of_both_consoles("/account/password")), include_in_schema=False, request_max_body_size=MAX_FORM_BYTES)
async def change_password(
    data: URLEncodedBody[PasswordForm],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    sign_in_turns: NamedDependency[Turns],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Exchange the password, and end every other session: whoever knew the old one is out."""
    language = parse_language(lang)
    errors = {} if data.password == data.again else {"again": "NOT_THE_SAME"}
    try:
        require_password(data.password, visitor.name)
    except FieldError as refused:
        errors["password"] = refused.code
    if errors:
        return _password_form(visitor, console, language, errors)
    async with sign_in_turns.turn():
        password_hash = await anyio.to_thread.run_sync(hash_password, data.password)
    async with console.connection() as connection:
        await factors.change_password(
            connection, visitor.actor, visitor.account, password_hash, keep=visitor.session_id
        )
    return see_other(f"{visitor.home}/account", language, notice="password-changed")


@get(list(of_both_consoles("/account/recovery-codes")), include_in_schema=False)
async def show_recovery_form(
    visitor: NamedDependency[Visitor], console: NamedDependency[ConsoleContext], lang: FromQuery[str | None] = None
) -> Response[bytes]:
    """Return what asks whether the codes are to be exchanged."""
    return _recovery_page(visitor, console, parse_language(lang), ())


@post(
    list(of_both_consoles("/account/recovery-codes")),
    include_in_schema=False,
    status_code=HTTP_200_OK,
    request_max_body_size=MAX_FORM_BYTES,
)
async def renew_recovery_codes(
    visitor: NamedDependency[Visitor], console: NamedDependency[ConsoleContext], lang: FromQuery[str | None] = None
) -> Response[bytes]:
    """Exchange the codes, and show the new ones once: not after a redirect, which would have to keep them."""
    async with console.connection() as connection:
        codes = await factors.renew_recovery_codes(connection, visitor.actor, visitor.account)
    return _recovery_page(visitor, console, parse_language(lang), codes)


@get(list(of_both_consoles("/account/passkeys")), include_in_schema=False)
async def show_passkeys(
    visitor: NamedDependency[Visitor], console: NamedDependency[ConsoleContext], lang: FromQuery[str | None] = None
) -> Response[bytes]:
    """Return the form that makes a passkey, and those there are."""
    return await _passkeys_page(visitor, console, parse_language(lang))


@post(list(of_both_consoles("/account/passkeys/options")), include_in_schema=False, status_code=HTTP_200_OK)
async def offer_new_passkey(
    visitor: NamedDependency[Visitor], console: NamedDependency[ConsoleContext]
) -> Response[bytes]:
    """Return what the browser's authenticator is to make."""
    async with console.connection() as connection:
        options = await passkeys.registration_options(connection, visitor.account, console.public_url)
    return Response(options.encode(), media_type="application/json")


@post(list(of_both_consoles("/account/passkeys")), include_in_schema=False, request_max_body_size=MAX_FORM_BYTES)
async def add_passkey(
    data: URLEncodedBody[NewPasskeyForm],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Add the passkey that was made, or say that it cannot be."""
    language, made = parse_language(lang), {"answer": data.answer, "label": data.label}
    try:
        async with console.connection() as connection:
            await passkeys.register(connection, visitor.actor, visitor.account, console.public_url, **made)
    except (NotSignedInError, ConflictError) as refused:
        return await _passkeys_page(visitor, console, language, refusal=refused.code)
    return see_other(f"{visitor.home}/account", language, notice="passkey-added")


@post(
    list(of_both_consoles("/account/passkeys/{passkey:str}/remove")),
    include_in_schema=False,
    request_max_body_size=MAX_FORM_BYTES,
)
async def remove_passkey(
    passkey: FromPath[str],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Take one of one's own passkeys away."""
    try:
        passkey_id = bytes.fromhex(passkey)
    except ValueError:
        raise NotFoundError("NO_PASSKEY", "no such passkey") from None
    async with console.connection() as connection:
        await passkeys.remove(connection, visitor.actor, visitor.account, passkey_id)
    return see_other(f"{visitor.home}/account", parse_language(lang), notice="passkey-removed")


def _recovery_page(
    visitor: Visitor, console: ConsoleContext, language: Language, codes: tuple[str, ...]
) -> Response[bytes]:
    return console_page(
        "console/recovery-codes.html",
        console,
        visitor,
        language,
        topic=TOPIC,
        codes=codes,
        home=visitor.home,
        fresh=False,
    )


def _password_form(
    visitor: Visitor, console: ConsoleContext, language: Language, errors: dict[str, str]
) -> Response[bytes]:
    status = HTTP_400_BAD_REQUEST if errors else HTTP_200_OK
    return console_page("console/password.html", console, visitor, language, topic=TOPIC, status=status, errors=errors)


async def _passkeys_page(
    visitor: Visitor, console: ConsoleContext, language: Language, refusal: str | None = None
) -> Response[bytes]:
    async with console.connection() as connection:
        keys = await list_passkeys(connection, visitor.account_id)
    return console_page(
        "console/passkeys.html",
        console,
        visitor,
        language,
        topic=TOPIC,
        status=HTTP_200_OK if refusal is None else HTTP_400_BAD_REQUEST,
        headers=PASSKEY_HEADERS,
        passkeys=keys,
        refusal=refusal,
    )
