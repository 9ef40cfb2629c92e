"""`GET /v/{token}` in HTML and JSON, and the signed record itself."""

import datetime
from typing import Any, Final

from litestar import MediaType, Request, Response, get
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.params import FromPath, FromQuery
from litestar.status_codes import HTTP_200_OK

from verify_service.api_description import problems
from verify_service.clock import date_in_shanghai, now
from verify_service.media_types import preferred
from verify_service.pages.rendering import render_landing
from verify_service.pages.responses import page, parse_language
from verify_service.pages.views import CertificateView, CheckView, CodeView, LandingView
from verify_service.problems import MALFORMED_BODY, NOT_FOUND, TOO_MANY_REQUESTS, UNAVAILABLE, ProblemError
from verify_service.rate_limits.routes import ARTEFACTS
from verify_service.receipts.service import offer_of_landing
from verify_service.security_headers import WITH_REQUESTS
from verify_service.verification.model import CertificateOnPaper, OpenedToken, Outcome, TokenAnswer
from verify_service.verification.service import token_page
from verify_service.web_context import WebContext

RECORD_MEDIA_TYPE: Final = "application/vc"


@get(
    "/v/{token:str}",
    operation_id="VerifyToken",
    opt=ARTEFACTS,
    response_headers={"Vary": "Accept"},
    responses=problems(MALFORMED_BODY, TOO_MANY_REQUESTS, UNAVAILABLE)
    | {HTTP_200_OK: ResponseSpec(TokenAnswer, description="`not_found` too is an answer", generate_examples=False)},
)
async def verify_token(
    request: Request[Any, Any, Any],
    token: FromPath[str],
    context: NamedDependency[WebContext],
    lang: FromQuery[str | None] = None,
) -> Response[Any]:
    """Answer what a QR code leads to: a page, or JSON for `Accept: application/json`."""
    opened = await context.answer(lambda connection, trust: token_page.answer_token(connection, trust, token, now()))
    if preferred(request, MediaType.HTML, MediaType.JSON) == MediaType.JSON:
        return Response(opened.answer, media_type=MediaType.JSON)
    view = offer_of_landing(context, _landing(opened, token))
    return page(render_landing(view, context.site, parse_language(lang)), headers=WITH_REQUESTS)


@get(
    "/v/{token:str}/record.json",
    operation_id="GetRecord",
    media_type=RECORD_MEDIA_TYPE,
    opt=ARTEFACTS,
    responses=problems(MALFORMED_BODY, NOT_FOUND, TOO_MANY_REQUESTS, UNAVAILABLE),
)
async def get_record(token: FromPath[str], context: NamedDependency[WebContext]) -> Response[bytes]:
    """Return the signed record byte for byte, as it was signed."""
    opened = await context.answer(lambda connection, trust: token_page.open_record(connection, trust, token))
    if opened is None:
        raise ProblemError(NOT_FOUND)
    return Response(opened.record)


def _landing(opened: OpenedToken, token: str) -> LandingView:
    answer, code = opened.answer, opened.code
    return LandingView(
        outcome=answer.outcome,
        checked_at=answer.checked_at,
        token=token,
        certificate=None if answer.certificate is None else _view(answer.certificate, answer.outcome),
        checks=tuple(CheckView(check.check, check.outcome) for check in answer.checks),
        code=None if code is None else CodeView(code.kind, code.status_index),
    )


def _view(certificate: CertificateOnPaper, outcome: Outcome) -> CertificateView:
    assert outcome != "not_found"  # noqa: S101  # a certificate was found
    return CertificateView(
        kind=certificate.kind,
        title=certificate.title,
        number=certificate.number,
        issued_on=certificate.issued_on,
        issuer=certificate.issuer,
        status=outcome,
        status_since=_date(certificate.status_since),
        status_reason=certificate.status_reason,
        superseded_by=certificate.superseded_by,
        name=certificate.name,
        sex=certificate.sex,
        id_number_masked=certificate.id_number_masked,
    )


def _date(instant: datetime.datetime | None) -> datetime.date | None:
    return None if instant is None else date_in_shanghai(instant)
