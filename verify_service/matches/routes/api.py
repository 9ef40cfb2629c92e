"""`POST /api/v1/matches`."""

from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK

from verify_service.api_description import problems
from verify_service.matches.model import MatchAnswer, MatchRequest
from verify_service.matches.routes.answering import MAX_BODY_BYTES, answer, read
from verify_service.matches.rules import MalformedMatch
from verify_service.problems import (
    MALFORMED_BODY,
    MALFORMED_FIELD,
    PAYLOAD_TOO_LARGE,
    TOO_MANY_FAILURES,
    TOO_MANY_REQUESTS,
    TWO_FIELDS_REQUIRED,
    UNAVAILABLE,
    UNSUPPORTED_MEDIA_TYPE,
    ProblemError,
)
from verify_service.request_bodies import reads
from verify_service.web_context import WebContext


@post(
    "/api/v1/matches",
    status_code=HTTP_200_OK,
    operation_id="MatchFields",
    before_request=reads("application/json"),
    request_max_body_size=MAX_BODY_BYTES,
    responses=problems(
        TWO_FIELDS_REQUIRED,
        MALFORMED_FIELD,
        MALFORMED_BODY,
        PAYLOAD_TOO_LARGE,
        UNSUPPORTED_MEDIA_TYPE,
        TOO_MANY_REQUESTS,
        TOO_MANY_FAILURES,
        UNAVAILABLE,
    ),
)
async def match_fields(data: JSONBody[MatchRequest], context: NamedDependency[WebContext]) -> MatchAnswer:
    """Say of each field of `check` whether it agrees with the certificate; what is stored is never told.

    The certificate is that of `token`, whose page shows all but ID number and phone, or of the one person two facts
    find. One field that differs makes the question a failed one, counted in the budgets of all that was typed.
    """
    try:
        question = read(data, context)
    except MalformedMatch as malformed:
        raise problem(malformed) from None
    return await answer(question, context)


def problem(malformed: MalformedMatch) -> ProblemError:
    """Return how a question that cannot be asked is refused."""
    if not malformed.fields:
        return ProblemError(TWO_FIELDS_REQUIRED)
    return ProblemError(MALFORMED_FIELD, fields=malformed.fields)
