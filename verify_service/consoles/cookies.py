"""The consoles' two cookies: a session's, and the one that stands behind forms nobody is signed in at."""

from collections.abc import Mapping
from typing import Final

from litestar.datastructures import Cookie

from verify_service.accounts.rules.tokens import new_token

SESSION_COOKIE: Final = "session"
FORM_COOKIE: Final = "form"
TOKEN_CHARACTERS: Final = 43
"""Of 256 bits in Base64."""


def cookie_name(name: str, public_url: str) -> str:
    """Return a cookie's name: with `__Host-` where the site is https, so that no neighbouring host can set it."""
    return f"__Host-{name}" if public_url.startswith("https:") else name


def form_cookie_of(cookies: Mapping[str, str], public_url: str) -> str:
    """Return the token behind forms nobody is signed in at: the browser's own, for another tab has one of them open."""
    known = cookies.get(cookie_name(FORM_COOKIE, public_url), "")
    return known if len(known) == TOKEN_CHARACTERS else new_token()


def cookie(name: str, value: str, public_url: str) -> Cookie:
    """Return a cookie that ends with the browser, that no script reads, and that no other site's link brings along."""
    is_https = public_url.startswith("https:")
    return Cookie(
        cookie_name(name, public_url), value=value, path="/", httponly=True, secure=is_https, samesite="strict"
    )


def no_cookie(name: str, public_url: str) -> Cookie:
    """Return what takes a cookie away."""
    gone = cookie(name, "", public_url)
    gone.max_age = 0
    return gone
