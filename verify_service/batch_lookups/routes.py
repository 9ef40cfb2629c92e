"""`POST /api/v1/lookups/batch`: up to 500 questions, answered line by line as they are found."""

from collections.abc import AsyncGenerator, Awaitable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import anyio
import msgspec
from litestar import Request, post
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.openapi.spec import OpenAPIMediaType, Operation, Parameter, Reference, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType
from litestar.response import Stream
from litestar.status_codes import HTTP_200_OK

from verify_service.api_clients import service as clients
from verify_service.api_clients.model import BatchName, Claim, Verdict
from verify_service.api_clients.routes import Caller, budget_headers, require_caller, unauthorized
from verify_service.api_clients.rules import batch_name, parse_idempotency_key
from verify_service.api_description import SCHEME, problems
from verify_service.batch_lookups.model import MAX_ROWS, AskedRow, BatchRow
from verify_service.batch_lookups.rules import questions, read_batch
from verify_service.batch_lookups.service import Answers, answer_rows
from verify_service.clock import now, today_in_shanghai
from verify_service.database import Connection
from verify_service.errors import UnavailableError
from verify_service.lookup_counts.model import Outcome
from verify_service.lookups.model import RefusedLookup
from verify_service.lookups.rules import Question
from verify_service.lookups.service import Desk, look_up_many
from verify_service.pages.responses import parse_language
from verify_service.problems import (
    DAILY_ROWS_SPENT,
    IDEMPOTENCY_KEY_IN_USE,
    IDEMPOTENCY_KEY_REUSED,
    MALFORMED_BODY,
    MALFORMED_FIELD,
    PAYLOAD_TOO_LARGE,
    TOO_MANY_REQUESTS,
    UNAUTHORIZED,
    UNAVAILABLE,
    UNSUPPORTED_MEDIA_TYPE,
    ProblemError,
)
from verify_service.rate_limits.routes import BATCHES
from verify_service.request_bodies import reads
from verify_service.trust import Trust
from verify_service.web_context import WebContext

NDJSON: Final = "application/x-ndjson"
MAX_BODY_BYTES: Final = MAX_ROWS * 512
"""Rows of three short fields, every Han character of them escaped."""
IDEMPOTENCY_KEY: Final = "Idempotency-Key"
RELEASE_SECONDS: Final = 2.0
ENCODER: Final = msgspec.json.Encoder()


@dataclass
class BatchOperation(Operation):
    """The description's view of a body whose rows are read one by one, and of a header."""

    def __post_init__(self) -> None:
        """Describe both."""
        row = Reference("#/components/schemas/LookupRequest")
        rows = Schema(type=OpenAPIType.ARRAY, items=row, min_items=1, max_items=MAX_ROWS)
        body = Schema(
            type=OpenAPIType.OBJECT, properties={"lookups": rows}, required=["lookups"], additional_properties=False
        )
        self.request_body = RequestBody(required=True, content={"application/json": OpenAPIMediaType(schema=body)})
        self.parameters = [
            Parameter(
                name=IDEMPOTENCY_KEY,
                param_in="header",
                required=False,
                description="One for each batch, such as a UUID: repeated within 24 hours with the same bytes it is "
                "answered anew, as things stand then, and not counted again",
                schema=Schema(type=OpenAPIType.STRING, min_length=1, max_length=255, pattern=r"^[!#-\[\]-~]+$"),
            )
        ]


@post(
    "/api/v1/lookups/batch",
    status_code=HTTP_200_OK,
    operation_id="LookUpMany",
    operation_class=BatchOperation,
    opt=BATCHES,
    security=[{SCHEME: []}],
    before_request=reads("application/json"),
    request_max_body_size=MAX_BODY_BYTES,
    responses={
        HTTP_200_OK: ResponseSpec(
            BatchRow,
            description="One line for each row, in order, each a JSON document of this schema",
            media_type=NDJSON,
            generate_examples=False,
        )
    }
    | problems(
        MALFORMED_FIELD,
        MALFORMED_BODY,
        UNAUTHORIZED,
        IDEMPOTENCY_KEY_IN_USE,
        PAYLOAD_TOO_LARGE,
        UNSUPPORTED_MEDIA_TYPE,
        IDEMPOTENCY_KEY_REUSED,
        TOO_MANY_REQUESTS,
        DAILY_ROWS_SPENT,
        UNAVAILABLE,
    ),
)
async def look_up_batch(request: Request[Any, Any, Any], context: NamedDependency[WebContext]) -> Stream:
    """Answer up to 500 questions, each as `LookUpCertificates` would, for a platform with a key.

    One row that cannot be read, or may not be asked, spoils no other. Rows that are well formed are counted against the
    key's day before the first is answered, all of them or none. Fewer lines than rows: the answer was cut off.
    """
    caller = await require_caller(request, context)
    name = batch_name(caller.key, _idempotency_key(request), body := await request.body())
    try:
        rows = read_batch(body, today_in_shanghai())
    except ValueError:
        raise ProblemError(MALFORMED_BODY) from None
    claim = await _claim(context, caller, name, rows)
    lines = _lines(rows, context, caller, name, request.query_params.get("lang"))
    return Stream(lines, media_type=NDJSON, headers={**budget_headers(claim), "X-Accel-Buffering": "no"})


def _idempotency_key(request: Request[Any, Any, Any]) -> str | None:
    given = request.headers.getall(IDEMPOTENCY_KEY, [])
    if not given:
        return None
    try:
        (only,) = given
        return parse_idempotency_key(only)
    except ValueError:
        raise ProblemError(MALFORMED_FIELD, fields={IDEMPOTENCY_KEY: "PATTERN"}) from None


async def _claim(context: WebContext, caller: Caller, name: BatchName, rows: Sequence[AskedRow]) -> Claim:
    """Return the claim of a batch that may be answered, or refuse."""
    async with context.connection() as connection:
        claim = await clients.claim_batch(connection, caller.api_client_id, name, len(questions(rows)))
    match claim.verdict:
        case Verdict.COUNTED | Verdict.REPEATED:
            return claim
        case Verdict.SPENT:
            headers = budget_headers(claim)
            raise ProblemError(DAILY_ROWS_SPENT, retry_after_seconds=claim.reset_seconds, headers=headers)
        case Verdict.REUSED:
            raise ProblemError(IDEMPOTENCY_KEY_REUSED)
        case Verdict.IN_PROGRESS:
            raise ProblemError(IDEMPOTENCY_KEY_IN_USE)
        case Verdict.UNKNOWN:
            raise unauthorized()


async def _lines(
    rows: Sequence[AskedRow], context: WebContext, caller: Caller, name: BatchName, lang: str | None
) -> AsyncGenerator[bytes, None]:
    """Yield the lines of each chunk as one piece; then let the batch be repeated."""

    async def ask(asked: Sequence[Question]) -> Answers:
        def answer(connection: Connection, trust: Trust) -> Awaitable[Answers]:
            desk = Desk(trust.index_secret, trust.budget_secret, context.allowances)
            return look_up_many(connection, desk, asked, now())

        answers = await context.answer(answer)
        for one in answers:
            context.tally.count(Outcome.LIMITED if isinstance(one, RefusedLookup) else Outcome(one.outcome))
        return answers

    try:
        async for lines in answer_rows(rows, ask, parse_language(lang)):
            yield ENCODER.encode_lines(lines)
    finally:
        await _release(context, caller, name)


async def _release(context: WebContext, caller: Caller, name: BatchName) -> None:
    # Shielded: a client that leaves cancels the answer, and comes back with the same key.
    with anyio.CancelScope(shield=True), anyio.move_on_after(RELEASE_SECONDS):
        try:
            async with context.connection() as connection:
                await clients.release_batch(connection, caller.api_client_id, name)
        except UnavailableError:
            return  # after a minute it may be repeated all the same
