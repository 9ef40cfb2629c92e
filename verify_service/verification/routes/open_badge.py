"""`GET /v/{token}/openbadge.json`: a certificate for software that knows Open Badges."""

from typing import Final

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from verify_service.api_description import problems
from verify_service.problems import MALFORMED_BODY, NOT_FOUND, TOO_MANY_REQUESTS, UNAVAILABLE, ProblemError
from verify_service.rate_limits.routes import ARTEFACTS
from verify_service.verification.service.open_badge import open_badge
from verify_service.web_context import WebContext

MEDIA_TYPE: Final = "application/vc+ld+json"
"""What Open Badges 3.0, "Web Resource", says a credential with an embedded proof should be served as. W3C registered
`application/vc` after it was written; records have that."""


@get(
    "/v/{token:str}/openbadge.json",
    operation_id="GetOpenBadge",
    media_type=MEDIA_TYPE,
    opt=ARTEFACTS,
    responses=problems(MALFORMED_BODY, NOT_FOUND, TOO_MANY_REQUESTS, UNAVAILABLE),
)
async def get_open_badge(token: FromPath[str], context: NamedDependency[WebContext]) -> Response[bytes]:
    """Return the same certificate as the record, signed for Open Badges software (`eddsa-rdfc-2022`)."""
    badge = await context.answer(lambda connection, trust: open_badge(connection, trust, token))
    if badge is None:
        raise ProblemError(NOT_FOUND)
    return Response(badge)
