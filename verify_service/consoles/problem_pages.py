"""A problem as a page of the consoles, from their own process or from the one in front that cannot reach it."""

from typing import Any, Final

import msgspec
from litestar import Request, Response

from verify_service.consoles.navigation import entries_of
from verify_service.consoles.pages import HEADERS, SHELL, render
from verify_service.consoles.visitors import Visitor
from verify_service.pages.responses import page, parse_language
from verify_service.pages.views import SiteTexts
from verify_service.problems import UNAVAILABLE, ProblemError, ProblemKind, log, problem_of
from verify_service.request_log import operation_of
from verify_service.translations import Language, catalogue

UNCERTAIN: Final[ProblemKind] = msgspec.structs.replace(UNAVAILABLE, words="uncertain")
"""The consoles fell silent after they were asked: what was sent may have been done."""
SERVER_ERROR: Final = 500


def answer_problem(
    request: Request[Any, Any, Any], error: Exception, site: SiteTexts, visitor: Visitor | None = None
) -> Response[bytes]:
    """Return the page of the problem that an exception is, for whoever is signed in; log faults of ours."""
    problem = problem_of(error)
    if problem.kind.status >= SERVER_ERROR:
        log.error("request_failed", **operation_of(request.scope), exc_info=error)
    return _page(problem, site, visitor, parse_language(request.query_params.get("lang")))


def _page(problem: ProblemError, site: SiteTexts, visitor: Visitor | None, language: Language) -> Response[bytes]:
    kind = problem.kind
    name = kind.words or kind.name or ""
    is_known = f"problem.{name}" in catalogue(language, SHELL)
    values: dict[str, object] = {"name": name if is_known else f"status-{kind.status // 100}"}
    if visitor is not None:
        values |= {"visitor": visitor, "navigation": entries_of(visitor)}
    token = "" if visitor is None else visitor.form_token
    body = render("console/problem.html", site, language, SHELL, token, **values)
    return page(body, kind.status, {**HEADERS, **problem.headers})
