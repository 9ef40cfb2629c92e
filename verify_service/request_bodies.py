"""What of a request's body gets as far as a handler: the type a route reads, decoded, or a problem."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import FormMultiDict
from litestar.exceptions import InternalServerException

from verify_service.problems import MALFORMED_BODY, UNSUPPORTED_MEDIA_TYPE, ProblemError


def reads(*media_types: str) -> Callable[[Request[Any, Any, Any]], Awaitable[None]]:
    """Return the `before_request` of a route that reads these media types; a body without a type is refused too.

    RFC 9110 §8.3 would let us guess it. Not a guard: for each one the framework copies the route's handler.
    """

    # Asynchronous although it waits for nothing: the framework runs a plain function in a thread, for every request.
    async def refuse_others(request: Request[Any, Any, Any]) -> None:
        if media_type_of(request) not in media_types:
            raise ProblemError(UNSUPPORTED_MEDIA_TYPE)

    return refuse_others


def media_type_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Return the media type of a request's body without its parameters, in lower case; empty where none is given."""
    return connection.headers.get("content-type", "").partition(";")[0].strip().lower()


class StrictRequest(Request[Any, Any, Any]):
    """A request whose body is read and decoded, or refused; some errors of the framework would else pass as ours."""

    async def body(self) -> bytes:
        """Return the whole body, or raise `malformed-body` where the client left before its end."""
        try:
            return await super().body()
        except InternalServerException:  # all the framework says; nobody is left to read the answer
            raise ProblemError(MALFORMED_BODY) from None

    async def form(self) -> FormMultiDict:
        """Return the decoded form, or raise `malformed-body` for an unknown charset and wherever `body` would."""
        try:
            return await super().form()
        except (InternalServerException, ValueError, LookupError):
            raise ProblemError(MALFORMED_BODY) from None

    async def json(self) -> Any:  # noqa: ANN401  # whatever JSON holds
        """Return the decoded body, or raise `malformed-body` for broken UTF-8 and for nesting without end."""
        try:
            return await super().json()
        except (UnicodeDecodeError, RecursionError):
            raise ProblemError(MALFORMED_BODY) from None
