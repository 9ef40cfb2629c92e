"""`/staff…` and `/partner…` in the public process: handed on to the process of the consoles, and its answers back."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, Final

import anyio
import httpx
from litestar import Request, Response, asgi
from litestar.enums import ScopeType
from litestar.handlers import ASGIRouteHandler
from litestar.types import HTTPScope, Receive, Scope, Send

from verify_service.consoles.problem_pages import UNCERTAIN, answer_problem
from verify_service.consoles.shares import Limits, Shares
from verify_service.errors import NotFoundError, ServiceError, UnavailableError
from verify_service.problems import MALFORMED_BODY, ProblemError
from verify_service.rate_limits.routes import UNLIMITED
from verify_service.rate_limits.rules.clients import address_of, client_of
from verify_service.settings import Network

PREFIXES: Final = ("/staff", "/partner")
DEFAULTS: Final = Limits()
NOT_HANDED_ON: Final = frozenset({
    # RFC 9110 §7.6.1: for whom a message comes from alone.
    *(b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"te", b"trailer"),
    *(b"transfer-encoding", b"upgrade"),
    # The process behind believes these because they come from us: nobody else's word goes through.
    *(b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host", b"forwarded"),
})  # fmt: skip


class VisitorGoneError(ServiceError):
    """Whoever asked has left before the end of the body."""


class ConsoleForwarder:
    """Hands requests on over a Unix socket, as they come in: a file of hundreds of megabytes is never held here.

    So a body that comes slowly holds a connection to the consoles, also a stranger's: no client has more than a share.
    """

    def __init__(self, socket_path: Path, trusted_proxies: Sequence[Network], limits: Limits = DEFAULTS) -> None:
        self._limits = limits
        self._shares = Shares(limits)
        connections = httpx.Limits(max_connections=limits.connections)
        self._transport = httpx.AsyncHTTPTransport(uds=str(socket_path), limits=connections)
        self._trusted = trusted_proxies

    async def close(self) -> None:
        """Close what is open to the consoles."""
        await self._transport.aclose()

    async def forward(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        """Answer one request; raise `UnavailableError` where nobody listens, and the problem `UNCERTAIN` afterwards.

        Raises the problem `too-many-requests` where this client has its share under way, and `malformed-body` for one
        that does not come to its end, or comes too slowly.
        """
        peer, hops = _way(scope)
        async with self._shares.share(client_of(peer, hops, self._trusted).network):
            await self._hand_on(scope, receive, send)

    async def _hand_on(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        try:
            answer = await self._transport.handle_async_request(self._request(scope, receive))
        except (httpx.InvalidURL, UnicodeError):
            raise NotFoundError("NO_ADDRESS", "what was asked for is no address") from None
        except VisitorGoneError:
            raise ProblemError(MALFORMED_BODY) from None
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            raise UnavailableError("CONSOLE_UNREACHABLE", "the consoles do not answer") from None
        except httpx.TransportError:
            raise ProblemError(UNCERTAIN) from None
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(_until_gone, receive, tasks.cancel_scope)
                await _hand_back(answer, send)
                tasks.cancel_scope.cancel()
        finally:
            await answer.aclose()

    def _request(self, scope: HTTPScope, receive: Receive) -> httpx.Request:
        path, query = scope["raw_path"], scope["query_string"]
        headers = [(name, value) for name, value in scope["headers"] if name not in NOT_HANDED_ON]
        has_body = any(name in {b"content-length", b"transfer-encoding"} for name, _ in scope["headers"])
        wait = self._limits.wait_seconds
        target = path + b"?" + query if query else path
        return httpx.Request(
            scope["method"],
            httpx.URL("http://console", raw_path=target),
            headers=[*headers, (b"x-forwarded-for", self._who_asks(scope).encode())],
            content=_body(receive, self._limits) if has_body else None,
            extensions={"timeout": {"connect": wait, "pool": wait, "read": None, "write": None}},
        )

    def _who_asks(self, scope: HTTPScope) -> str:
        peer, hops = _way(scope)
        return str(address_of(peer, hops, self._trusted) or "unknown")


def _way(scope: HTTPScope) -> tuple[str | None, list[str]]:
    """Return whom a request comes from, and what its X-Forwarded-For says of the hops before."""
    peer = scope["client"]
    hops = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return peer[0] if peer else None, hops


def _refuse(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Return the consoles' own page: the public site's speaks of certificates to people who came to look one up."""
    return answer_problem(request, error, request.app.state.site)


def _forwarding(prefix: str) -> ASGIRouteHandler:
    # Not a copy of the scope: the log reads the template from it, which no mount has by itself.
    @asgi(prefix, is_mount=True, copy_scope=False, opt=UNLIMITED, exception_handlers={Exception: _refuse})
    async def forward(scope: Scope, receive: Receive, send: Send) -> None:
        scope["path_template"] = f"{prefix}/{{path}}"
        forwarder: ConsoleForwarder = scope["litestar_app"].state.console_forwarder
        if scope["type"] == ScopeType.HTTP:  # the server is told to speak nothing else
            await forwarder.forward(scope, receive, send)

    return forward


FORWARDED: Final = tuple(_forwarding(prefix) for prefix in PREFIXES)
"""The routes of the public process under which the consoles lie."""


async def _body(receive: Receive, limits: Limits) -> AsyncIterator[bytes]:
    received_bytes, waited_seconds = 0, 0.0
    while True:
        # Only what is waited for here counts: a console that is slow to take a body is not the visitor's doing.
        asked_at = anyio.current_time()
        try:
            with anyio.fail_after(limits.patience_seconds(received_bytes, waited_seconds)):
                message = await receive()
        except TimeoutError:
            raise VisitorGoneError("VISITOR_SLOW", "the body came too slowly, or no more of it") from None
        waited_seconds += anyio.current_time() - asked_at
        if message["type"] == "http.disconnect":
            raise VisitorGoneError("VISITOR_GONE", "the visitor left before the end of the body")
        if message["type"] == "http.request":
            received_bytes += len(message["body"])
            yield message["body"]
            if not message["more_body"]:
                return


async def _until_gone(receive: Receive, scope: anyio.CancelScope) -> None:
    """End what is streamed when whoever listens has left: a page that shows progress would else go on for ever."""
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()


async def _hand_back(answer: httpx.Response, send: Send) -> None:
    headers = [(name.lower(), value) for name, value in answer.headers.raw if name.lower() not in NOT_HANDED_ON]
    await send({"type": "http.response.start", "status": answer.status_code, "headers": headers})
    async for chunk in answer.stream:  # type: ignore[union-attr]  # of an asynchronous transport
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
