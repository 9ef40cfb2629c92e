"""From exceptions to RFC 9457 problem documents, or to the same in a page; the only module that knows both.

No answer repeats a value or an exception's own text: what was typed wrong may still be somebody's ID number.
"""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final

import asyncpg
import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException

from verify_service.challenges import Challenge, ChallengedError
from verify_service.errors import (
    BudgetSpentError,
    ConflictError,
    FieldError,
    NotFoundError,
    UnavailableError,
    UsageError,
)
from verify_service.media_types import preferred
from verify_service.pages.rendering import render_problem
from verify_service.pages.responses import page, parse_language
from verify_service.pages.views import LookupValues, ProblemView, SiteTexts, WorkView
from verify_service.request_log import operation_of
from verify_service.security_headers import WITH_SCRIPT
from verify_service.tables.rules.explanations import explain
from verify_service.translations import Language

JSON: Final = "application/problem+json"
HTML: Final = "text/html"
KEPT_HEADERS: Final = frozenset({"allow"})
"""What of the framework's own headers goes out: RFC 9110 §15.5.6 demands Allow on 405."""
UNREACHABLE: Final = (
    UnavailableError,
    UsageError,  # at run time: a key or secret that is not there
    OSError,  # refused connections; a TimeoutError is one too
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the connection ended between two steps of its protocol
)
"""What means that the answer is not known. It must never look like an answer, nor like a fault of the visitor's."""

log = structlog.get_logger()


class ProblemKind(msgspec.Struct, frozen=True):
    """One kind of problem: its document's fixed members, for engineers and so in English."""

    name: str | None
    """Last segment of the problem's type; None: `about:blank`, nothing to say beyond the status (RFC 9457 §4.2.1)."""
    status: int
    title: str
    detail: str | None = None
    retry_after_seconds: int | None = None
    words: str | None = None
    """The page's words, where they are not those of the name."""


TWO_FIELDS_REQUIRED: Final = ProblemKind(
    "two-fields-required", 400, "Two fields are required", "Send at least two of name, idNumber and phone."
)
MALFORMED_FIELD: Final = ProblemKind(
    "malformed-field", 400, "A field cannot be read", "The members of errors name each field and what is wrong with it."
)
MALFORMED_BODY: Final = ProblemKind(
    "malformed-body", 400, "The request cannot be read", "It is malformed, or has a member that is not known."
)
UNAUTHORIZED: Final = ProblemKind(
    "unauthorized", 401, "A bearer token is needed", "Send the key or token you were given as Authorization: Bearer …"
)
FORBIDDEN: Final = ProblemKind(None, 403, "Forbidden", words="forbidden")
NOT_FOUND: Final = ProblemKind("not-found", 404, "No such resource", "Nothing is served at this address.")
METHOD_NOT_ALLOWED: Final = ProblemKind(
    "method-not-allowed", 405, "Method not allowed", "The Allow header names the methods of this address."
)
IDEMPOTENCY_KEY_IN_USE: Final = ProblemKind(
    "idempotency-key-in-use",
    409,
    "The request is being answered",
    "Another request with this Idempotency-Key has not ended. Try again in a minute at most.",
    60,
)
ANSWER_EXPIRED: Final = ProblemKind(
    "answer-expired", 410, "The answer is too old", "A receipt is given within ten minutes of the answer: ask again."
)
PAYLOAD_TOO_LARGE: Final = ProblemKind(
    "payload-too-large", 413, "Payload too large", "The body is larger than this address accepts."
)
UNSUPPORTED_MEDIA_TYPE: Final = ProblemKind(
    "unsupported-media-type", 415, "Unsupported media type", "The body is of a type this address does not read."
)
IDEMPOTENCY_KEY_REUSED: Final = ProblemKind(
    "idempotency-key-reused",
    422,
    "The Idempotency-Key names another request",
    "It came with another body within the last 24 hours. Send each new batch under a key of its own.",
)
TOO_MANY_REQUESTS: Final = ProblemKind(
    "too-many-requests", 429, "Too many requests", "Try again later. This says nothing about any certificate."
)
DAILY_ROWS_SPENT: Final = ProblemKind(
    "daily-rows-spent",
    429,
    "Too few rows are left today",
    "None of this batch was counted or answered. The RateLimit header says how many rows are left, and until when.",
)
TOO_MANY_FAILURES: Final = ProblemKind(
    "too-many-requests",
    429,
    "Too many failed questions",
    "Too many questions about these facts have failed, whoever asked. Scan the certificate's QR code, or check its PDF "
    "at /verify: both are still answered. This says nothing about any certificate.",
    # Always the same: the true time would tell when others had asked about these facts.
    86_400,
    words="too-many-failures",
)
INTERNAL_ERROR: Final = ProblemKind(
    "internal-error", 500, "Internal error", "The service failed. This says nothing about any certificate."
)
UNAVAILABLE: Final = ProblemKind(
    "unavailable", 503, "Cannot verify right now", "Try again later. This says nothing about any certificate.", 30
)
TOO_MANY_WATCHES: Final = ProblemKind(
    "too-many-watches", 409, "Too many watches", "The webhook may not watch so many certificates: nothing was added."
)
CONFLICT: Final = ProblemKind(None, 409, "Conflict")

KINDS: Final = (
    *(TWO_FIELDS_REQUIRED, MALFORMED_FIELD, MALFORMED_BODY, UNAUTHORIZED, NOT_FOUND, METHOD_NOT_ALLOWED),
    *(IDEMPOTENCY_KEY_IN_USE, TOO_MANY_WATCHES, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, IDEMPOTENCY_KEY_REUSED),
    *(TOO_MANY_REQUESTS, DAILY_ROWS_SPENT, INTERNAL_ERROR, UNAVAILABLE),
)
"""Every kind that has a type of its own, and so a page."""

KIND_OF_ERROR: Final = (
    *((error, UNAVAILABLE) for error in UNREACHABLE),
    (BudgetSpentError, TOO_MANY_FAILURES),
    (FieldError, MALFORMED_FIELD),
    (NotFoundError, NOT_FOUND),
    (ConflictError, CONFLICT),
)
KIND_OF_STATUS: Final = {
    kind.status: kind
    for kind in (
        MALFORMED_BODY,
        FORBIDDEN,
        NOT_FOUND,
        METHOD_NOT_ALLOWED,
        PAYLOAD_TOO_LARGE,
        UNSUPPORTED_MEDIA_TYPE,
        TOO_MANY_REQUESTS,
        INTERNAL_ERROR,
        UNAVAILABLE,
    )
}
"""What the framework's own exceptions become: a 400 of its is always a request that could not be decoded."""


class ProblemError(Exception):
    """Raised by routes to answer with a problem.

    `fields` maps each refused field to its code; `retry_after_seconds` replaces what the kind says. A `challenge` says
    which proof of work would earn an answer, and `again` what the visitor typed, for a page to ask it again.
    """

    def __init__(
        self,
        kind: ProblemKind,
        *,
        fields: Mapping[str, str] = MappingProxyType({}),
        retry_after_seconds: int | None = None,
        headers: Mapping[str, str] = MappingProxyType({}),
        challenge: Challenge | None = None,
        again: LookupValues | None = None,
    ) -> None:
        super().__init__(kind.title)
        self.kind = kind
        self.fields = fields
        self.challenge = challenge
        self.again = again
        self.retry_after_seconds = retry_after_seconds or kind.retry_after_seconds
        retry = {"Retry-After": str(self.retry_after_seconds)} if self.retry_after_seconds else {}
        self.headers = {**headers, **retry}


class RefusedField(msgspec.Struct, frozen=True):
    """One member of `errors`."""

    field: str
    code: str
    message: str


class ProblemDocument(msgspec.Struct, frozen=True, omit_defaults=True, rename="camel"):
    """The document of RFC 9457 §3.1."""

    type: str
    title: str
    status: int
    detail: str | None = None
    errors: tuple[RefusedField, ...] = ()
    proof_of_work: Challenge | None = None
    """Solved, and sent in the header Proof-Of-Work with the same question, it earns one more answer."""


def problem_document(
    kind: ProblemKind,
    public_url: str,
    errors: tuple[RefusedField, ...] = (),
    challenge: Challenge | None = None,
) -> ProblemDocument:
    """Return the document of a kind on the site of this origin, where its type has a page."""
    return ProblemDocument(
        type=f"{public_url}/problems/{kind.name}" if kind.name else "about:blank",
        title=kind.title,
        status=kind.status,
        detail=kind.detail,
        errors=errors,
        proof_of_work=challenge,
    )


class ProblemResponder:
    """Litestar's exception handler for every exception: `exception_handlers={Exception: ProblemResponder(…)}`."""

    def __init__(self, public_url: str, site: SiteTexts) -> None:
        self._public_url = public_url
        self._site = site

    def __call__(self, request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
        """Return the problem as a page where the visitor prefers HTML, else as a document; log faults of ours."""
        problem = problem_of(error)
        if problem.kind.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            log.error("request_failed", **operation_of(request.scope), exc_info=error)
        language = parse_language(request.query_params.get("lang"))
        if preferred(request, JSON, "application/json", HTML) == HTML:
            return self._page(problem, language)
        return self._document(problem, language)

    def _page(self, problem: ProblemError, language: Language) -> Response[bytes]:
        kind, work = problem.kind, None
        if problem.challenge is not None and problem.again is not None:
            work = WorkView(problem.again, msgspec.json.encode(problem.challenge).decode())
        view = ProblemView(kind.status, kind.words or kind.name or "", problem.retry_after_seconds, work)
        headers = {**problem.headers, **(WITH_SCRIPT if work else {})}
        return page(render_problem(view, self._site, language), kind.status, headers)

    def _document(self, problem: ProblemError, language: Language) -> Response[bytes]:
        kind = problem.kind
        errors = tuple(
            RefusedField(field, code, explain(code, about=field, language=language))
            for field, code in problem.fields.items()
        )
        document = problem_document(kind, self._public_url, errors, problem.challenge)
        content = msgspec.json.encode(document)
        return Response(content, status_code=kind.status, media_type=JSON, headers=problem.headers)


def problem_of(error: Exception) -> ProblemError:
    """Return the problem an exception is answered with; whatever is not foreseen is an internal error.

    A bare msgspec error is not foreseen either: a body that cannot be decoded reaches us as the framework's 400, so
    what is left is stored data of ours that does not fit.
    """
    if isinstance(error, ProblemError):
        return error
    if isinstance(error, ChallengedError):
        return ProblemError(TOO_MANY_FAILURES, challenge=error.challenge)
    if isinstance(error, HTTPException):
        return _problem_of_status(error)
    return ProblemError(next((kind for known, kind in KIND_OF_ERROR if isinstance(error, known)), INTERNAL_ERROR))


def _problem_of_status(error: HTTPException) -> ProblemError:
    status = HTTPStatus(error.status_code)
    kind = KIND_OF_STATUS.get(status) or ProblemKind(None, status, status.phrase)
    headers = {name: value for name, value in (error.headers or {}).items() if name.lower() in KEPT_HEADERS}
    return ProblemError(kind, headers=headers)
