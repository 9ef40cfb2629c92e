"""Whose request it is: the bearer key, and the answer to whoever has none."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request

from verify_service.api_clients import service
from verify_service.api_clients.model import Claim
from verify_service.api_clients.rules import bearer_key
from verify_service.problems import UNAUTHORIZED, ProblemError
from verify_service.web_context import WebContext


class Caller(msgspec.Struct, frozen=True):
    """The platform that asks, with the key it sent; nothing of it may be logged."""

    api_client_id: UUID
    key: str


async def require_caller(request: Request[Any, Any, Any], context: WebContext) -> Caller:
    """Return who asks; without a key, with one that is nobody's and with one revoked, refuse in the same bytes."""
    key = bearer_key(request.headers.get("authorization", ""))
    if key is not None:
        async with context.connection() as connection:
            found = await service.find_client(connection, key)
        if found is not None:
            return Caller(found, key)
    raise unauthorized()


def unauthorized() -> ProblemError:
    """Return the one answer to whoever may not ask (RFC 6750 §3, without telling which of the causes it is)."""
    return ProblemError(UNAUTHORIZED, headers={"WWW-Authenticate": "Bearer"})


def budget_headers(claim: Claim) -> dict[str, str]:
    """Return what is left of the client's day (draft-ietf-httpapi-ratelimit-headers)."""
    return {
        "RateLimit-Policy": f'"rows";q={claim.quota};w=86400',
        "RateLimit": f'"rows";r={claim.remaining};t={claim.reset_seconds}',
    }
