"""`/verify` in HTML and `POST /api/v1/verifications`: checking a file or the text of a QR code."""

from dataclasses import dataclass
from typing import Any, BinaryIO, Final, cast

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType
from litestar.params import FromQuery
from litestar.status_codes import HTTP_200_OK, HTTP_400_BAD_REQUEST, HTTP_503_SERVICE_UNAVAILABLE

from signing.qr import MAX_QR_TEXT_CHARACTERS
from verify_service.api_description import problems
from verify_service.clock import now
from verify_service.pages.rendering import render_receipt_verdict, render_verdict, render_verify
from verify_service.pages.responses import page, parse_language
from verify_service.pages.verification_views import MAX_FILE_BYTES, UploadFormView
from verify_service.problems import (
    MALFORMED_BODY,
    PAYLOAD_TOO_LARGE,
    TOO_MANY_REQUESTS,
    UNAVAILABLE,
    UNSUPPORTED_MEDIA_TYPE,
    ProblemError,
)
from verify_service.rate_limits.routes import UNLIMITED, UPLOADS
from verify_service.request_bodies import media_type_of, reads
from verify_service.security_headers import WITH_SCRIPT
from verify_service.turns import Turns
from verify_service.verification.model import Verdict
from verify_service.verification.routes.receipt_verdicts import receipt_verdict_view
from verify_service.verification.routes.verdicts import verdict_view
from verify_service.verification.service.register import RegisterAuthority
from verify_service.verification.service.verifying import verify_qr_text, verify_upload
from verify_service.web_context import WebContext

MULTIPART: Final = "multipart/form-data"
JSON: Final = "application/json"
MAX_BODY_BYTES: Final = MAX_FILE_BYTES + 4 * 1024
"""A file, and what a form puts around it."""


class QrQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The JSON body: the text of a QR code."""

    qr: str


@dataclass
class VerificationOperation(Operation):
    """The description's view of a body that comes in one of two types."""

    def __post_init__(self) -> None:
        """Describe both."""
        file = Schema(
            content_media_type="application/octet-stream", description="PDF, PNG, JPEG or record, up to 10 MB"
        )
        text = Schema(type=OpenAPIType.STRING, max_length=MAX_QR_TEXT_CHARACTERS, description="Text of a QR code")
        self.request_body = RequestBody(
            required=True,
            content={MULTIPART: _body_of("file", file), JSON: _body_of("qr", text)},
        )


def _body_of(member: str, schema: Schema) -> OpenAPIMediaType:
    whole = Schema(type=OpenAPIType.OBJECT, properties={member: schema}, required=[member], additional_properties=False)
    return OpenAPIMediaType(schema=whole)


@get("/verify", include_in_schema=False, opt=UNLIMITED)
async def show_upload_form(context: NamedDependency[WebContext], lang: FromQuery[str | None] = None) -> Response[bytes]:
    """Show the forms."""
    return page(render_verify(UploadFormView(), context.site, parse_language(lang)), headers=WITH_SCRIPT)


@post(
    "/verify",
    status_code=HTTP_200_OK,
    include_in_schema=False,
    opt=UPLOADS,
    before_request=reads(MULTIPART),
    request_max_body_size=MAX_BODY_BYTES,
)
async def answer_upload_form(
    request: Request[Any, Any, Any],
    context: NamedDependency[WebContext],
    turns: NamedDependency[Turns],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Answer either form with a page; one that was sent empty comes back with the reason."""
    language = parse_language(lang)
    name, value = await _only_field(request, ("file", "qr"))
    if not value:
        view = UploadFormView("file" if name == "file" else "qr")
        return page(render_verify(view, context.site, language), HTTP_400_BAD_REQUEST, WITH_SCRIPT)
    verdict = await _verify(value, context, turns)
    if verdict.receipt is not msgspec.UNSET:
        view_of_receipt = receipt_verdict_view(verdict, now(), language)
        return page(render_receipt_verdict(view_of_receipt, context.site, language))
    body = render_verdict(verdict_view(verdict, now(), language), context.site, language)
    if verdict.outcome == "unverifiable":
        return page(body, HTTP_503_SERVICE_UNAVAILABLE, {"Retry-After": str(UNAVAILABLE.retry_after_seconds)})
    return page(body)


@post(
    "/api/v1/verifications",
    status_code=HTTP_200_OK,
    operation_id="VerifyArtefact",
    operation_class=VerificationOperation,
    opt=UPLOADS,
    before_request=reads(MULTIPART, JSON),
    request_max_body_size=MAX_BODY_BYTES,
    responses=problems(MALFORMED_BODY, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, UNAVAILABLE),
)
async def verify_artefact(
    request: Request[Any, Any, Any], context: NamedDependency[WebContext], turns: NamedDependency[Turns]
) -> Verdict:
    """Check a file (field `file`) or the text of a QR code (member `qr`). Nothing of it is kept.

    `outcome` is the answer; `checks` says what was checked and why it ended so, as codes. A receipt of a check is
    `valid`, `invalid` or `unverifiable` as a receipt: `receipt` has what it states and what its certificates are now.
    """
    if media_type_of(request) == JSON:
        artefact: UploadFile | str = await _read_question(request)
    else:
        _, artefact = await _only_field(request, ("file",))
        if not isinstance(artefact, UploadFile):
            raise ProblemError(MALFORMED_BODY)
    verdict = await _verify(artefact, context, turns)
    # Of a receipt it is an answer: nothing of it comes right by asking again.
    if verdict.outcome == "unverifiable" and verdict.receipt is msgspec.UNSET:
        raise ProblemError(UNAVAILABLE)
    return verdict


async def _read_question(request: Request[Any, Any, Any]) -> str:
    try:
        return msgspec.json.decode(await request.body(), type=QrQuestion).qr
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ProblemError(MALFORMED_BODY) from None


async def _only_field(request: Request[Any, Any, Any], known: tuple[str, ...]) -> tuple[str, UploadFile | str]:
    """Return name and value of the one field of a form; refuse an unknown one, and a second one."""
    fields = list((await request.form()).multi_items())
    if len(fields) == 1 and fields[0][0] in known:
        return fields[0]
    for _, value in fields:
        if isinstance(value, UploadFile):
            await value.close()
    raise ProblemError(MALFORMED_BODY)


async def _verify(artefact: UploadFile | str, context: WebContext, turns: Turns) -> Verdict:
    origins = (context.public_url, *context.settings.former_public_urls)
    # What is checked may bear a key that is a second old.
    authority = RegisterAuthority(context.answer, trust=await context.refresh_trust(), origins=origins)
    if isinstance(artefact, str):
        return await verify_qr_text(artefact, authority)
    try:
        async with turns.turn():
            # Asked for its descriptor, a small upload moves from memory to a file without a name.
            return await verify_upload(cast("BinaryIO", artefact.file), authority)
    finally:
        await artefact.close()
