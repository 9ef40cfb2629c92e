"""`/api/v1/webhooks/{webhook}/watches`: what a client's own webhook watches.

By POST and never by an address with the token in it: a token opens a certificate's page, and addresses are logged.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from litestar import Request, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK

from verify_service.api_description import WEBHOOK_TOKEN, problems
from verify_service.database import Connection
from verify_service.problems import (
    MALFORMED_BODY,
    MALFORMED_FIELD,
    PAYLOAD_TOO_LARGE,
    TOO_MANY_REQUESTS,
    TOO_MANY_WATCHES,
    UNAUTHORIZED,
    UNAVAILABLE,
    UNSUPPORTED_MEDIA_TYPE,
    ProblemError,
)
from verify_service.rate_limits.routes import WATCHES
from verify_service.request_bodies import reads
from verify_service.web_context import WebContext
from verify_service.webhooks.model import MAX_TOKENS, Watches, WatchRequest
from verify_service.webhooks.service import watching
from verify_service.webhooks.service.watching import Access

PATH: Final = "/api/v1/webhooks/{webhook:str}/watches"
MAX_BODY_BYTES: Final = MAX_TOKENS * 512
"""The text of a QR code has about 220 characters."""
PROBLEMS: Final = (UNAUTHORIZED, MALFORMED_BODY, TOO_MANY_REQUESTS, UNAVAILABLE)
SECURITY: Final = [{WEBHOOK_TOKEN: list[str]()}]
BODY_PROBLEMS: Final = (*PROBLEMS, MALFORMED_FIELD, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE)

Caller = Request[Any, Any, Any]


@get(PATH, operation_id="CountWatches", opt=WATCHES, security=SECURITY, responses=problems(*PROBLEMS))
async def count_watches(request: Caller, webhook: FromPath[str], context: NamedDependency[WebContext]) -> Watches:
    """Return how many certificates the webhook watches; needs the bearer token made with it."""
    return await _ask(context, _access(request, webhook), watching.count)


@post(
    PATH,
    status_code=HTTP_200_OK,
    operation_id="WatchCertificates",
    opt=WATCHES,
    security=SECURITY,
    before_request=reads("application/json"),
    request_max_body_size=MAX_BODY_BYTES,
    responses=problems(*BODY_PROBLEMS, TOO_MANY_WATCHES),
)
async def watch_certificates(
    data: JSONBody[WatchRequest], request: Caller, webhook: FromPath[str], context: NamedDependency[WebContext]
) -> Watches:
    """Watch certificates too: by token, QR text, QR address or record id; the answer tells not which are known."""
    access, tokens = _access(request, webhook), _tokens(context, data)
    async with context.connection() as connection:
        watches = await watching.watch(connection, access, tokens)
        if watches is None and await watching.count(connection, access) is not None:
            raise ProblemError(TOO_MANY_WATCHES)
    return _allowed(watches)


@post(
    PATH + "/removals",
    status_code=HTTP_200_OK,
    operation_id="UnwatchCertificates",
    opt=WATCHES,
    security=SECURITY,
    before_request=reads("application/json"),
    request_max_body_size=MAX_BODY_BYTES,
    responses=problems(*BODY_PROBLEMS),
)
async def unwatch_certificates(
    data: JSONBody[WatchRequest], request: Caller, webhook: FromPath[str], context: NamedDependency[WebContext]
) -> Watches:
    """Watch these certificates no longer; those that were not watched change nothing."""
    tokens = _tokens(context, data)
    return await _ask(
        context, _access(request, webhook), lambda connection, access: watching.unwatch(connection, access, tokens)
    )


@delete(
    PATH,
    status_code=HTTP_200_OK,
    operation_id="UnwatchEverything",
    opt=WATCHES,
    security=SECURITY,
    responses=problems(*PROBLEMS),
)
async def unwatch_everything(request: Caller, webhook: FromPath[str], context: NamedDependency[WebContext]) -> Watches:
    """Watch nothing any more."""
    return await _ask(
        context, _access(request, webhook), lambda connection, access: watching.unwatch(connection, access, None)
    )


async def _ask(
    context: WebContext, access: Access, ask: Callable[[Connection, Access], Awaitable[Watches | None]]
) -> Watches:
    async with context.connection() as connection:
        return _allowed(await ask(connection, access))


def _access(request: Caller, webhook: str) -> Access:
    access = watching.read_access(webhook, request.headers.get("authorization", ""))
    if access is None:
        raise _unauthorized()
    return access


def _allowed(watches: Watches | None) -> Watches:
    """No such webhook, and another's token: the same answer."""
    if watches is None:
        raise _unauthorized()
    return watches


def _tokens(context: WebContext, data: WatchRequest) -> list[bytes]:
    origins = (context.public_url, *context.settings.former_public_urls)
    try:
        return watching.read_tokens(data.tokens, origins)
    except watching.RefusedTokensError as refused:
        fields = {f"tokens[{place}]": code for place, code in refused.codes.items()}
        raise ProblemError(MALFORMED_FIELD, fields=fields) from None


def _unauthorized() -> ProblemError:
    return ProblemError(UNAUTHORIZED, headers={"WWW-Authenticate": "Bearer"})
