"""One line in the log for each request: by its route's template, and with nothing of what the visitor typed."""

import secrets
import time
from functools import cached_property
from typing import Final

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from structlog.typing import FilteringBoundLogger

from verify_service.logs import REQUEST_ID

UNMATCHED: Final = "unmatched"
"""Stands for the route where none was found: then the path is all the visitor's."""
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestLog:
    """Writes one line per request; wraps the whole application, for a middleware never sees a request without a route.

    Events logged while the request runs carry its `request_id` too. The id is made here: one taken from a header would
    be a line of the visitor's own in our log.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    @cached_property
    def _log(self) -> FilteringBoundLogger:
        """Bound once, by the first request: a logger of the module looks up its configuration for each line."""
        bound: FilteringBoundLogger = structlog.get_logger().bind()
        return bound

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application and log its answer; status 500 where it sent none, as the server then does."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        status = 500

        async def observe(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        started_at = time.perf_counter()
        outside = REQUEST_ID.set(secrets.token_hex(8))
        try:
            await self._app(scope, receive, observe)
        finally:
            milliseconds = (time.perf_counter() - started_at) * 1000
            self._log.info("request", **operation_of(scope), status=status, duration_ms=round(milliseconds, 1))
            REQUEST_ID.reset(outside)


def operation_of(scope: Scope) -> dict[str, str]:
    """Return method and route template of a request, e.g. GET and `/v/{token}`; both from fixed sets of words."""
    method = str(scope.get("method"))
    return {
        "method": method if method in METHODS else "OTHER",
        "route": str(scope.get("path_template") or UNMATCHED),
    }
