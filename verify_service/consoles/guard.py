"""What stands before every handler of the consoles: session, role, origin, form token, and a recent proof."""

import datetime
import hmac
from collections.abc import Iterable
from typing import Any, Final

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.types import Guard

from verify_service.accounts.model import Session
from verify_service.accounts.rules.tokens import form_token
from verify_service.accounts.service import sessions
from verify_service.consoles.access import ACCESS, Access, is_opened_by_proof
from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.cookies import FORM_COOKIE, SESSION_COOKIE, cookie_name
from verify_service.consoles.visitors import Visitor
from verify_service.problems import (
    FORBIDDEN,
    MALFORMED_BODY,
    METHOD_NOT_ALLOWED,
    UNSUPPORTED_MEDIA_TYPE,
    ProblemError,
)
from verify_service.request_bodies import media_type_of

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
TOKEN_FIELD: Final = "form_token"  # noqa: S105  # the name of a field
MULTIPART: Final = "multipart/form-data"
MOST_IN_MEMORY_BYTES: Final = 16 * 1024 * 1024
VISITOR: Final = "visitor"
"""Where the request's state holds whoever asks."""


class SignInRequiredError(Exception):
    """Nobody is signed in, or not any more."""


class ProofRequiredError(Exception):
    """Somebody is signed in, and must prove it anew for this."""


def guard_with(console: ConsoleContext) -> Guard:
    """Return the guard of an application: it lets a request through, or raises what the responder turns into a page."""

    async def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
        access = ACCESS.get(operation_of(connection))
        if access is None:  # OPTIONS, which the framework answers for every address
            raise ProblemError(METHOD_NOT_ALLOWED)
        _refuse_nul(connection.path_params.values())
        session = await _seat(connection, console)
        _require_role(session, access)
        if connection.scope.get("method") not in SAFE:
            _require_our_own_origin(connection, console)
            _require_to_be_spooled(connection, handler)
            await _require_form_token(connection, console, is_signed_in=bool(access.roles))
            # A body may take its time: what counts is who sits there when it has arrived.
            session = await _seat(connection, console)
            _require_role(session, access)
        if access.step_up and session is not None:
            _require_proof(session, operation_of(connection))

    return guard


def operation_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Return what a request is in the table of access: its method and the template of its path."""
    return f"{connection.scope.get('method')} {connection.scope.get('path_template')}"


async def _seat(connection: ASGIConnection[Any, Any, Any, Any], console: ConsoleContext) -> Session | None:
    """Return the session of a request, and keep whose it is in its state; None for a stranger."""
    token = connection.cookies.get(cookie_name(SESSION_COOKIE, console.public_url))
    if token is None:
        return None
    async with console.connection() as lent:
        session = await sessions.find(lent, token)
    if session is not None:
        must_prove = _age_of_proof(session) > sessions.PROOF_LASTS
        visitor = Visitor(session.session_id, session.account, form_token(token), must_prove)
        connection.scope["state"][VISITOR] = visitor
    return session


def _require_role(session: Session | None, access: Access) -> None:
    if not access.roles:
        return
    if session is None:
        raise SignInRequiredError
    if not session.account.roles & access.roles:
        raise ProblemError(FORBIDDEN)


def _require_our_own_origin(connection: ASGIConnection[Any, Any, Any, Any], console: ConsoleContext) -> None:
    """Refuse what another site had the browser send (ASVS 3.5.1), before a body is read."""
    if connection.headers.get("origin") != console.public_url:
        raise ProblemError(FORBIDDEN)


async def _require_form_token(
    connection: ASGIConnection[Any, Any, Any, Any], console: ConsoleContext, *, is_signed_in: bool
) -> None:
    """Refuse a form without the token of the cookie it came with.

    Whoever need not be signed in has a cookie for this too: or a stranger's form could sign them in as somebody else.
    """
    behind = SESSION_COOKIE if is_signed_in else FORM_COOKIE
    cookie = connection.cookies.get(cookie_name(behind, console.public_url))
    if cookie is None or not isinstance(connection, Request):
        raise ProblemError(FORBIDDEN)
    form = await connection.form()
    sent = form.get(TOKEN_FIELD)
    if not isinstance(sent, str) or not hmac.compare_digest(sent.encode(), form_token(cookie).encode()):
        await form.close()  # files of a form that goes no further
        raise ProblemError(FORBIDDEN)
    _refuse_nul(form.values())


def _require_to_be_spooled(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Refuse files that come as text: parts of a form go to disk, anything else is held in memory as a whole."""
    most = getattr(handler, "request_max_body_size", None)
    if isinstance(most, int) and most > MOST_IN_MEMORY_BYTES and media_type_of(connection) != MULTIPART:
        raise ProblemError(UNSUPPORTED_MEDIA_TYPE)


def _refuse_nul(values: Iterable[object]) -> None:
    """Refuse the one character that the database cannot hold: it would pass for a database that is down."""
    if any(isinstance(value, str) and "\0" in value for value in values):
        raise ProblemError(MALFORMED_BODY)


def _require_proof(session: Session, operation: str) -> None:
    """Refuse a proof that is too old; of a form that could only be opened by one, what was typed may take its time."""
    is_answer = operation.partition(" ")[0] not in SAFE and is_opened_by_proof(operation)
    if _age_of_proof(session) > (sessions.PROOF_GRACE if is_answer else sessions.PROOF_LASTS):
        raise ProofRequiredError


def _age_of_proof(session: Session) -> datetime.timedelta:
    return session.instant - session.proven_at
