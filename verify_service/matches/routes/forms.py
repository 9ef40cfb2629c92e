"""`POST /lookup/match` and `POST /v/{token}/match`: the same without JavaScript, beneath an answer."""

from typing import Final

import msgspec
from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.status_codes import HTTP_200_OK, HTTP_400_BAD_REQUEST

from verify_service.matches.model import CheckedFields, FieldName, MatchAnswer, MatchRequest
from verify_service.matches.routes.answering import MAX_BODY_BYTES, answer, read
from verify_service.matches.rules import MalformedMatch
from verify_service.pages.rendering import render_match
from verify_service.pages.responses import page, parse_language
from verify_service.pages.views import FieldProblem, LookupValues, MatchedField, MatchFormView, MatchView
from verify_service.problems import MALFORMED_FIELD, TWO_FIELDS_REQUIRED, ProblemError
from verify_service.request_bodies import reads
from verify_service.tables.rules.explanations import explain
from verify_service.translations import Language
from verify_service.web_context import WebContext

FORM: Final = "application/x-www-form-urlencoded"
ORDER: Final[tuple[FieldName, ...]] = ("name", "idNumber", "phone", "number", "issuedOn", "kind")
"""In which fields are shown, as in the form."""


class MatchForm(msgspec.Struct, frozen=True, rename="camel"):
    """The fields of either form: hidden ones that open, and `check…` ones; an empty one was not filled in."""

    name: str = ""
    id_number: str = ""
    phone: str = ""
    check_name: str = ""
    check_id_number: str = ""
    check_phone: str = ""
    check_number: str = ""
    check_issued_on: str = ""
    check_kind: str = ""

    @property
    def checked(self) -> CheckedFields:
        """Return what is to be compared."""
        return CheckedFields(
            name=self.check_name,
            id_number=self.check_id_number,
            phone=self.check_phone,
            number=self.check_number,
            issued_on=self.check_issued_on,
            kind=self.check_kind,
        )


@post(
    "/lookup/match",
    status_code=HTTP_200_OK,
    include_in_schema=False,
    before_request=reads(FORM),
    request_max_body_size=MAX_BODY_BYTES,
)
async def match_result(
    data: URLEncodedBody[MatchForm], context: NamedDependency[WebContext], lang: FromQuery[str | None] = None
) -> Response[bytes]:
    """Compare with the certificates of a lookup, whose facts the form sends again: nothing was kept of it."""
    request = MatchRequest(data.checked, None, data.name, data.id_number, data.phone)
    facts = LookupValues(data.name, data.id_number, data.phone)
    return await _answer(request, MatchFormView(facts=facts), context, parse_language(lang))


@post(
    "/v/{token:str}/match",
    status_code=HTTP_200_OK,
    include_in_schema=False,
    before_request=reads(FORM),
    request_max_body_size=MAX_BODY_BYTES,
)
async def match_token(
    token: FromPath[str],
    data: URLEncodedBody[MatchForm],
    context: NamedDependency[WebContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Compare with the certificate behind a QR code. Counted as a lookup: here too numbers can be guessed at."""
    request = MatchRequest(data.checked, token)
    return await _answer(request, MatchFormView(token=token), context, parse_language(lang))


async def _answer(
    request: MatchRequest, form: MatchFormView, context: WebContext, language: Language
) -> Response[bytes]:
    form = msgspec.structs.replace(form, is_open=True)
    try:
        question = read(request, context)
    except MalformedMatch as malformed:
        view = MatchView(_returned(form, malformed, request, language))
        return page(render_match(view, context.site, language), HTTP_400_BAD_REQUEST)
    return page(render_match(_view(form, await answer(question, context)), context.site, language))


def _returned(
    form: MatchFormView, malformed: MalformedMatch, request: MatchRequest, language: Language
) -> MatchFormView:
    """Return the form with its errors; refuse hidden facts that our page cannot have sent."""
    if not malformed.fields:
        raise ProblemError(TWO_FIELDS_REQUIRED)
    checked = {field for field, value in msgspec.to_builtins(request.check).items() if value} | {"check"}
    if not malformed.fields.keys() <= checked:
        raise ProblemError(MALFORMED_FIELD, fields=malformed.fields)
    errors = tuple(
        FieldProblem(field, explain(code, about=field, language=language)) for field, code in malformed.fields.items()
    )
    return msgspec.structs.replace(form, errors=errors)


def _view(form: MatchFormView, answered: MatchAnswer) -> MatchView:
    agreements = msgspec.to_builtins(answered.fields)
    fields = tuple(MatchedField(field, agreements[field]) for field in ORDER if field in agreements)
    return MatchView(form, answered.outcome, answered.checked_at, fields)
