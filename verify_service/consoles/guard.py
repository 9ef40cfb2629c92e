"""What stands before every handler of the consoles: session, role, origin, form token, and a recent proof."""

import hmac
from typing import Any, Final

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.types import Guard

from verify_service.accounts.model import Session
from verify_service.accounts.rules.tokens import form_token
from verify_service.accounts.service import sessions
from verify_service.consoles.access import ACCESS, Access
from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.cookies import FORM_COOKIE, SESSION_COOKIE, cookie_name
from verify_service.consoles.visitors import Visitor
from verify_service.problems import FORBIDDEN, ProblemError

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
TOKEN_FIELD: Final = "form_token"  # noqa: S105  # the name of a field
VISITOR: Final = "visitor"
"""Where the request's state holds whoever asks."""


class SignInRequiredError(Exception):
    """Nobody is signed in, or not any more."""


class ProofRequiredError(Exception):
    """Somebody is signed in, and must prove it anew for this."""


def guard_with(console: ConsoleContext) -> Guard:
    """Return the guard of an application: it lets a request through, or raises what the responder turns into a page."""

    async def guard(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        access = ACCESS[operation_of(connection)]
        token = connection.cookies.get(cookie_name(SESSION_COOKIE, console.public_url))
        session = await _session(console, token)
        if session is not None and token is not None:
            visitor = Visitor(session.session_id, session.account, form_token(token))
            connection.scope["state"][VISITOR] = visitor
        if access.roles:
            _require_role(session, access)
        if connection.scope.get("method") not in SAFE:
            await _require_our_own_form(connection, console, token if session is not None else None)
        if access.step_up and session is not None:
            _require_proof(session, is_form=connection.scope.get("method") in SAFE)

    return guard


def operation_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Return what a request is in the table of access: its method and the template of its path."""
    return f"{connection.scope.get('method')} {connection.scope.get('path_template')}"


async def _session(console: ConsoleContext, token: str | None) -> Session | None:
    if token is None:
        return None
    async with console.connection() as connection:
        return await sessions.find(connection, token)


def _require_role(session: Session | None, access: Access) -> None:
    if session is None:
        raise SignInRequiredError
    if not session.account.roles & access.roles:
        raise ProblemError(FORBIDDEN)


async def _require_our_own_form(
    connection: ASGIConnection[Any, Any, Any, Any], console: ConsoleContext, session_token: str | None
) -> None:
    """Refuse what another site had the browser send (ASVS 3.5.1): by its origin, before a body is read, and its token.

    Whoever is not signed in has the token of a cookie that came with the form: or a stranger's form could sign them in
    as somebody else.
    """
    if connection.headers.get("origin") != console.public_url:
        raise ProblemError(FORBIDDEN)
    cookie = session_token or connection.cookies.get(cookie_name(FORM_COOKIE, console.public_url))
    if cookie is None or not isinstance(connection, Request):
        raise ProblemError(FORBIDDEN)
    sent = (await connection.form()).get(TOKEN_FIELD)
    if not isinstance(sent, str) or not hmac.compare_digest(sent.encode(), form_token(cookie).encode()):
        raise ProblemError(FORBIDDEN)


def _require_proof(session: Session, *, is_form: bool) -> None:
    lasts = sessions.PROOF_LASTS if is_form else sessions.PROOF_GRACE
    if session.instant - session.proven_at > lasts:
        raise ProofRequiredError
