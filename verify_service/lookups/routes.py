"""`GET /`, `POST /lookup` in HTML, and `POST /api/v1/lookups` in JSON."""

import datetime
from typing import Annotated, Final

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, HeaderParameter, JSONBody, URLEncodedBody
from litestar.status_codes import HTTP_200_OK, HTTP_400_BAD_REQUEST

from verify_service.api_description import problems
from verify_service.challenges import ChallengedError
from verify_service.clock import date_in_shanghai, now, today_in_shanghai
from verify_service.errors import BudgetSpentError
from verify_service.lookup_counts.model import Outcome
from verify_service.lookups import service
from verify_service.lookups.model import CertificateAnswer, LookupAnswer, LookupRequest
from verify_service.lookups.rules import MalformedLookup, Question, read_question
from verify_service.pages.rendering import render_lookup, render_result
from verify_service.pages.responses import page, parse_language
from verify_service.pages.views import CertificateView, LookupFormView, LookupValues, ResultView
from verify_service.pages.views import FieldProblem as FieldProblemView
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
from verify_service.rate_limits.routes import UNLIMITED
from verify_service.receipts.service import offer_of_result
from verify_service.request_bodies import reads
from verify_service.tables.rules.explanations import explain
from verify_service.translations import Language
from verify_service.trust import Trust
from verify_service.web_context import WebContext

MAX_BODY_BYTES: Final = 16 * 1024
"""Three short fields, even percent-encoded with whatever was pasted around them."""
LOOKUP_PATHS: Final = "^/api/v1/lookups"
"""Never compressed on the way: one answer is too short for it, and of many each line is to leave when it is found."""
PROOF_OF_WORK: Final = "Proof-Of-Work"
"""The header that brings a solution: what is asked stays the same body."""


class LookupForm(msgspec.Struct, frozen=True, rename="camel"):
    """The form's fields; an empty one was not filled in."""

    name: str = ""
    id_number: str = ""
    phone: str = ""
    solution: str = ""
    """Of a proof of work, by the script of the page that offered it."""


@get("/", include_in_schema=False, opt=UNLIMITED)
async def show_form(context: NamedDependency[WebContext], lang: FromQuery[str | None] = None) -> Response[bytes]:
    """Show the empty form."""
    return page(render_lookup(LookupFormView(), context.site, parse_language(lang)))


@post(
    "/lookup",
    status_code=HTTP_200_OK,
    include_in_schema=False,
    before_request=reads("application/x-www-form-urlencoded"),
    request_max_body_size=MAX_BODY_BYTES,
)
async def answer_form(
    data: URLEncodedBody[LookupForm], context: NamedDependency[WebContext], lang: FromQuery[str | None] = None
) -> Response[bytes]:
    """Answer the form with a page; a field that cannot be read brings the form back with the reason beside it."""
    language = parse_language(lang)
    request = LookupRequest(data.name, data.id_number, data.phone)
    try:
        question = read_question(request, today_in_shanghai())
    except MalformedLookup as malformed:
        view = _returned_form(request, malformed, language)
        return page(render_lookup(view, context.site, language), HTTP_400_BAD_REQUEST)
    try:
        answer = await _answer(context, question, data.solution)
    except ChallengedError as error:
        again = LookupValues(data.name, data.id_number, data.phone)
        raise ProblemError(TOO_MANY_FAILURES, challenge=error.challenge, again=again) from None
    result = offer_of_result(context, _result(answer, request), question.facts)
    return page(render_result(result, context.site, language))


@post(
    "/api/v1/lookups",
    status_code=HTTP_200_OK,
    operation_id="LookUpCertificates",
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
async def look_up(
    data: JSONBody[LookupRequest],
    context: NamedDependency[WebContext],
    proof_of_work: Annotated[str | None, HeaderParameter(name=PROOF_OF_WORK)] = None,
) -> LookupAnswer:
    """List the certificates of the person two or three facts belong to; POST keeps the facts out of URLs and logs."""
    try:
        question = read_question(data, today_in_shanghai())
    except MalformedLookup as malformed:
        raise _problem(malformed) from None
    return await _answer(context, question, proof_of_work)


async def _answer(context: WebContext, question: Question, solution: str | None) -> LookupAnswer:
    try:
        answer = await context.answer(
            lambda connection, trust: service.look_up_for_work(
                connection, _desk(context, trust), question, now(), solution
            )
        )
    except BudgetSpentError:
        context.tally.count(Outcome.LIMITED)
        raise
    context.tally.count(Outcome(answer.outcome))
    return answer


def _desk(context: WebContext, trust: Trust) -> service.Desk:
    return service.Desk(trust.index_secret, trust.budget_secret, context.allowances, context.effort)


def _problem(malformed: MalformedLookup) -> ProblemError:
    if not malformed.problems:
        return ProblemError(TWO_FIELDS_REQUIRED)
    return ProblemError(MALFORMED_FIELD, fields={problem.field: problem.code for problem in malformed.problems})


def _returned_form(request: LookupRequest, malformed: MalformedLookup, language: Language) -> LookupFormView:
    """Return the form with the well-formed fields still filled in; a malformed value is never repeated."""
    wrong = {problem.field for problem in malformed.problems}
    return LookupFormView(
        values=LookupValues(
            name="" if "name" in wrong else request.name or "",
            id_number="" if "idNumber" in wrong else request.id_number or "",
            phone="" if "phone" in wrong else request.phone or "",
        ),
        errors=tuple(
            FieldProblemView(problem.field, explain(problem.code, about=problem.field, language=language))
            for problem in malformed.problems
        ),
        summary="malformed-field" if malformed.problems else "two-fields-required",
    )


def _result(answer: LookupAnswer, request: LookupRequest) -> ResultView:
    """Return the page's view; what was typed goes with certificates that it found, never with "not found"."""
    certificates = tuple(_view(certificate) for certificate in answer.certificates)
    facts = LookupValues(request.name or "", request.id_number or "", request.phone or "")
    return ResultView(answer.outcome, answer.checked_at, certificates, facts=facts if certificates else LookupValues())


def _view(answer: CertificateAnswer) -> CertificateView:
    return CertificateView(
        kind=answer.kind,
        title=answer.title,
        number=answer.number,
        issued_on=answer.issued_on,
        issuer=answer.issuer,
        status=answer.status,
        status_since=_date(answer.status_since),
        status_reason=answer.status_reason,
        superseded_by=answer.superseded_by,
        name=None if answer.name is msgspec.UNSET else answer.name,
    )


def _date(instant: datetime.datetime | None) -> datetime.date | None:
    return None if instant is None else date_in_shanghai(instant)
