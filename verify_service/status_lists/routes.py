"""`GET /status/{purpose}/{number}`: the signed status lists, open to any origin."""

import hashlib
import re
from typing import Any, Final

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.status_codes import HTTP_304_NOT_MODIFIED

from signing import STATUS_PURPOSES, encode_base64url
from verify_service.api_description import problems
from verify_service.errors import UnavailableError
from verify_service.keys.routes import OPEN
from verify_service.problems import MALFORMED_BODY, NOT_FOUND, UNAVAILABLE, ProblemError
from verify_service.rate_limits.routes import UNLIMITED
from verify_service.status_lists import service
from verify_service.web_context import WebContext

MEDIA_TYPE: Final = "application/vc"
CACHED: Final = {**OPEN, "Cache-Control": "public, max-age=60"}
"""A minute: so long a revocation may stay unknown to whoever has just fetched the list."""
STATUS_PATHS: Final = "^/status/"
"""Never compressed on the way: a strong ETag names these very bytes, and most of them are packed already."""
NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,8}")


@get(
    "/status/{purpose:str}/{number:str}",
    operation_id="GetStatusList",
    media_type=MEDIA_TYPE,
    opt=UNLIMITED,
    responses=problems(MALFORMED_BODY, NOT_FOUND, UNAVAILABLE),
)
async def get_status_list(
    request: Request[Any, Any, Any],
    purpose: FromPath[str],
    number: FromPath[str],
    context: NamedDependency[WebContext],
) -> Response[bytes]:
    """Return the signed Bitstring Status List of a purpose, `revocation` or `refresh`, and a number from 0."""
    content = await _find(context, purpose, number)
    if content is None:
        raise ProblemError(NOT_FOUND)
    tag = f'"{encode_base64url(hashlib.sha256(content).digest())}"'
    headers = {**CACHED, "ETag": tag}
    if _names(request.headers.get("if-none-match", ""), tag):
        return Response(b"", status_code=HTTP_304_NOT_MODIFIED, headers=headers)
    return Response(content, headers=headers)


async def _find(context: WebContext, purpose: str, number: str) -> bytes | None:
    """Without the database, return what this process answered last: it says itself until when it counts."""
    if purpose not in STATUS_PURPOSES or not NUMBER.fullmatch(number):
        return None
    key = (purpose, int(number))
    try:
        async with context.connection() as connection:
            content = await service.find_published(connection, *key)
    except UnavailableError:
        if key not in context.status_lists:
            raise
        return context.status_lists[key]
    if content is not None:
        context.status_lists[key] = content
    return content


def _names(if_none_match: str, tag: str) -> bool:
    """RFC 9110 §13.1.2: any of the tags a client has, compared weakly, or `*`."""
    tags = {given.strip().removeprefix("W/") for given in if_none_match.split(",")}
    return not tags.isdisjoint({tag, "*"})
