"""What exceptions become in the consoles: the way to sign in, the way to prove it again, or a problem's page."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from litestar import Request, Response
from litestar.status_codes import HTTP_401_UNAUTHORIZED

from verify_service.accounts.rules.tokens import form_token
from verify_service.consoles.access import page_above
from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.cookies import FORM_COOKIE, cookie, form_cookie_of
from verify_service.consoles.guard import SAFE, VISITOR, ProofRequiredError, SignInRequiredError
from verify_service.consoles.pages import HEADERS, PASSKEY_HEADERS, inner_path, render, see_other
from verify_service.consoles.problem_pages import answer_problem
from verify_service.pages.responses import page, parse_language
from verify_service.translations import Language


class ConsoleResponder:
    """The exception handler of the console application."""

    def __init__(self, console: ConsoleContext) -> None:
        self._console = console

    def __call__(self, request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
        """Return the page an exception is answered with; log faults of ours."""
        language = parse_language(request.query_params.get("lang"))
        home = home_of(request)
        if isinstance(error, SignInRequiredError):
            asked = request.url.path if request.method in SAFE else home
            return sign_in_page(self._console, request, language, asked=asked, status=HTTP_401_UNAUTHORIZED)
        if isinstance(error, ProofRequiredError):
            return see_other(f"{home}/proof", language, next_path=_way_back(request, home))
        return answer_problem(request, error, self._console.site, request.scope["state"].get(VISITOR))


def sign_in_page(
    console: ConsoleContext,
    request: Request[Any, Any, Any],
    language: Language,
    *,
    asked: str,
    status: int,
    name: str = "",
    refusal: str | None = None,
) -> Response[bytes]:
    """Return the form to sign in, with a cookie of its own; `asked` is where it leads afterwards."""
    home, anonymous = home_of(request), form_cookie_of(request.cookies, console.public_url)
    values: dict[str, object] = {"home": home, "asked": asked, "name": name, "refusal": refusal}
    body = render("console/sign-in.html", console.site, language, "console_account", form_token(anonymous), **values)
    headers: Mapping[str, str] = {**HEADERS, **PASSKEY_HEADERS}
    if status == HTTP_401_UNAUTHORIZED:
        headers = {**headers, "WWW-Authenticate": "Session"}  # RFC 9110 §15.5.2 demands one
    answer = page(body, status, headers)
    answer.cookies.append(cookie(FORM_COOKIE, anonymous, console.public_url))
    return answer


def home_of(request: Request[Any, Any, Any]) -> str:
    """Return where the console begins in which a page is asked for: pages of accounts are in both."""
    path = request.url.path
    return "/partner" if path == "/partner" or path.startswith("/partner/") else "/staff"


def _way_back(request: Request[Any, Any, Any], home: str) -> str:
    """Return where the proof leads: to the page that was asked for, or to the one whose form was sent."""
    if request.method in SAFE:
        return inner_path(request.url.path, home)
    return page_above(inner_path(urlsplit(request.headers.get("referer", "")).path, home))
