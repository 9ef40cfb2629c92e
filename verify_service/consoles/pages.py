"""Pages of the consoles: one shell, the words of a topic, and the answers that lead on."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from litestar import Response
from litestar.datastructures import Cookie
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER
from markupsafe import Markup

from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.guard import TOKEN_FIELD
from verify_service.consoles.navigation import entries_of
from verify_service.consoles.visitors import Visitor
from verify_service.pages.dates import format_date, format_instant
from verify_service.pages.rendering import ENVIRONMENT, Wording
from verify_service.pages.responses import page
from verify_service.pages.views import SiteTexts
from verify_service.security_headers import POLICY
from verify_service.translations import Language

SHELL: Final = "console"
_PLAIN: Final = re.compile(r"[A-Za-z0-9/._~-]{1,200}")
HEADERS: Final = {
    # With `no-referrer` a browser sends `Origin: null` with our own forms (Fetch, "append a request Origin header").
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": f"{POLICY}; script-src 'self'; connect-src 'self'",
}
PASSKEY_HEADERS: Final = {
    "Permissions-Policy": "publickey-credentials-create=(self), publickey-credentials-get=(self)",
}
"""For pages on which a passkey is made or used."""


def console_page(
    template: str,
    console: ConsoleContext,
    visitor: Visitor,
    language: Language,
    *,
    topic: str,
    status: int = HTTP_200_OK,
    headers: Mapping[str, str] | None = None,
    **values: object,
) -> Response[bytes]:
    """Return a page for somebody who is signed in; `topic` names the words that `t` speaks in it."""
    shell = {"visitor": visitor, "navigation": entries_of(visitor)}
    body = render(template, console.site, language, topic, visitor.form_token, **shell, **values)
    return page(body, status, {**HEADERS, **(headers or {})})


def render(template: str, site: SiteTexts, language: Language, topic: str, form_token: str, **values: object) -> bytes:
    """Return a page's bytes; without a `visitor` among the values its shell has no way on but to sign in."""
    field = Markup('<input type="hidden" name="{}" value="{}">').format(TOKEN_FIELD, form_token)
    shown: dict[str, object] = {"visitor": None, "navigation": (), "notice": None, **values}
    return (
        ENVIRONMENT.get_template(template)
        .render(
            t=Wording(language, topic),
            c=Wording(language, SHELL),
            site=site,
            csrf=lambda: field,
            form_token=form_token,
            format_date=lambda day: format_date(day, language),
            format_instant=lambda instant: format_instant(instant, language),
            **shown,
        )
        .encode()
    )


def see_other(
    path: str,
    language: Language,
    *,
    notice: str | None = None,
    next_path: str | None = None,
    cookies: tuple[Cookie, ...] = (),
    query: Mapping[str, str] | None = None,
    fragment: str = "",
) -> Response[bytes]:
    """Return what a form that succeeded is answered with: the way to a page, which says `notice.<notice>` of its words.

    `next_path` is where that page leads in turn, `query` and `fragment` which part of it is meant.
    """
    given = {"lang": language if language is Language.ENGLISH else None, "notice": notice, "next": next_path}
    asked = urlencode({name: value for name, value in ({**given, **(query or {})}).items() if value is not None})
    headers = {"Location": f"{path}{'?' if asked else ''}{asked}{'#' if fragment else ''}{fragment}"}
    return Response(b"", status_code=HTTP_303_SEE_OTHER, headers=headers, cookies=list(cookies))


def inner_path(path: str | None, home: str) -> str:
    """Return a path of this console that a form or an address names, or its home for anything else.

    A stranger's link must not lead on from here to the stranger's site.
    """
    is_ours = path is not None and (path == home or path.startswith(f"{home}/")) and _PLAIN.fullmatch(path)
    return path if is_ours and path is not None else home
