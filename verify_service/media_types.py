"""Which body a route reads: anything else is refused by its type, before a byte of it is parsed."""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.types import Guard

from verify_service.problems import UNSUPPORTED_MEDIA_TYPE, ProblemError


def reads(media_type: str) -> Guard:
    """Return the guard of a route that reads one media type; a body without a type is refused too (RFC 9110 §8.3)."""

    # Asynchronous although it waits for nothing: the framework runs a plain function in a thread, for every request.
    async def guard(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        given = connection.headers.get("content-type", "").partition(";")[0].strip().lower()
        if given != media_type:
            raise ProblemError(UNSUPPORTED_MEDIA_TYPE)

    return guard
