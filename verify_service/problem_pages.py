"""`GET /problems/{name}`: what a problem's `type` leads to (RFC 9457 §3.1.1), a page for whoever builds on the API."""

from collections.abc import Mapping
from typing import Final

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from verify_service.pages.rendering import render_problem_type
from verify_service.pages.responses import page, parse_language
from verify_service.pages.views import ProblemTypeView
from verify_service.problems import KINDS, NOT_FOUND, ProblemError, ProblemKind, problem_document
from verify_service.rate_limits.routes import UNLIMITED
from verify_service.web_context import WebContext

KIND_BY_NAME: Final[Mapping[str, ProblemKind]] = {kind.name: kind for kind in KINDS if kind.name is not None}


@get("/problems/{name:str}", include_in_schema=False, opt=UNLIMITED)
async def show_problem_type(
    name: FromPath[str], context: NamedDependency[WebContext], lang: FromQuery[str | None] = None
) -> Response[bytes]:
    """Show what a type of problem means and what to do about it."""
    kind = KIND_BY_NAME.get(name)
    if kind is None:
        raise ProblemError(NOT_FOUND)
    document = msgspec.json.encode(problem_document(kind, context.public_url)).decode()
    view = ProblemTypeView(name, kind.status, document)
    return page(render_problem_type(view, context.site, parse_language(lang)))
