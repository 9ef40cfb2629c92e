"""`/staff/invitations/{token}`: where an invited person takes over the app's secret and chooses a password, once."""

import time
from typing import Any

import anyio.to_thread
import msgspec
import segno
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.status_codes import HTTP_200_OK, HTTP_400_BAD_REQUEST

from verify_service.account_pages.routes.asking import client_asking
from verify_service.account_pages.routes.sign_in import MAX_FORM_BYTES
from verify_service.accounts.model import OpenInvitation, TotpOffer
from verify_service.accounts.rules.one_time_codes import accepted_step, enrolment_uri
from verify_service.accounts.rules.passwords import hash_password, require_password
from verify_service.accounts.rules.tokens import form_token
from verify_service.accounts.service import sessions
from verify_service.accounts.service.inviting import accept, open_invitation
from verify_service.accounts.service.offering import find_offer, offer_secret
from verify_service.consoles.access import of_both_consoles
from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.cookies import FORM_COOKIE, SESSION_COOKIE, cookie, form_cookie_of
from verify_service.consoles.pages import HEADERS, render
from verify_service.consoles.responder import home_of
from verify_service.database import Connection
from verify_service.errors import FieldError
from verify_service.pages.responses import page, parse_language
from verify_service.translations import Language
from verify_service.turns import Turns

TOPIC = "console_account"


class AcceptanceForm(msgspec.Struct, frozen=True):
    """What the invited person chooses and shows; `offer` is the page's own, by which its secret comes back."""

    offer: str = ""
    password: str = ""
    again: str = ""
    code: str = ""


@get(list(of_both_consoles("/invitations/{token:str}")), include_in_schema=False)
async def show_invitation(
    request: Request[Any, Any, Any],
    token: FromPath[str],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Return the form, with a secret of its own as a QR code and as text; a link that ended is a missing page."""
    async with console.connection() as connection, connection.transaction():
        invitation = await open_invitation(connection, token)
        offer = offer_secret(await console.secrets(connection), invitation)
    return _form(console, request, invitation, offer, parse_language(lang), {})


@post(list(of_both_consoles("/invitations/{token:str}")), include_in_schema=False, request_max_body_size=MAX_FORM_BYTES)
async def accept_invitation(
    request: Request[Any, Any, Any],
    token: FromPath[str],
    data: URLEncodedBody[AcceptanceForm],
    console: NamedDependency[ConsoleContext],
    sign_in_turns: NamedDependency[Turns],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Let the person in, and show the recovery codes; or the form again with what is wrong beside its field.

    It shows the same secret again, which is in the app by now, and another only where that one cannot be told any more.
    """
    language = parse_language(lang)
    async with console.connection() as connection, connection.transaction():
        secrets = await console.secrets(connection)
        invitation = await open_invitation(connection, token)
        offer = find_offer(secrets, invitation, data.offer)
        errors = _errors(data, invitation, offer)
        if errors or offer is None:
            return _form(console, request, invitation, offer or offer_secret(secrets, invitation), language, errors)
        async with sign_in_turns.turn():
            password_hash = await anyio.to_thread.run_sync(hash_password, data.password)
        step = _step(data, offer) or 0
        codes = await accept(connection, secrets, invitation, offer, password_hash=password_hash, step=step)
        return await _welcome(connection, request, console, invitation, codes, language)


async def _welcome(
    connection: Connection,
    request: Request[Any, Any, Any],
    console: ConsoleContext,
    invitation: OpenInvitation,
    codes: tuple[str, ...],
    language: Language,
) -> Response[bytes]:
    session = await sessions.begin(connection, invitation.account, client_asking(request), "invitation")
    body = render(
        "console/recovery-codes.html", console.site, language, TOPIC, "", codes=codes, home=home_of(request), fresh=True
    )
    answer = page(body, HTTP_200_OK, HEADERS)
    answer.cookies.append(cookie(SESSION_COOKIE, session.token, console.public_url))
    return answer


def _errors(form: AcceptanceForm, invitation: OpenInvitation, offer: TotpOffer | None) -> dict[str, str]:
    errors = {}
    try:
        require_password(form.password, invitation.account.name)
    except FieldError as refused:
        errors["password"] = refused.code
    if form.password != form.again:
        errors["again"] = "NOT_THE_SAME"
    if offer is None:
        errors["code"] = "OFFER_ENDED"
    elif _step(form, offer) is None:
        errors["code"] = "WRONG_CODE"
    return errors


def _step(form: AcceptanceForm, offer: TotpOffer) -> int | None:
    return accepted_step(offer.totp_secret, form.code, time.time(), 0)


def _form(
    console: ConsoleContext,
    request: Request[Any, Any, Any],
    invitation: OpenInvitation,
    offer: TotpOffer,
    language: Language,
    errors: dict[str, str],
) -> Response[bytes]:
    anonymous = form_cookie_of(request.cookies, console.public_url)
    uri = enrolment_uri(offer.totp_secret, invitation.account.name, console.site.issuer_name_english)
    values: dict[str, object] = {
        "account": invitation.account,
        "offer": offer,
        "qr": segno.make(uri, error="m").svg_data_uri(scale=5),
        "errors": errors,
    }
    body = render("console/invitation.html", console.site, language, TOPIC, form_token(anonymous), **values)
    # The picture is made for this page alone, and so is part of it.
    policy = HEADERS["Content-Security-Policy"].replace("img-src 'self'", "img-src 'self' data:")
    headers = {**HEADERS, "Content-Security-Policy": policy}
    answer = page(body, HTTP_400_BAD_REQUEST if errors else HTTP_200_OK, headers)
    answer.cookies.append(cookie(FORM_COOKIE, anonymous, console.public_url))
    return answer
