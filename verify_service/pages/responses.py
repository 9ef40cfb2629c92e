"""HTML over HTTP: the language asked for, and the response a rendered page goes out as."""

from collections.abc import Mapping
from typing import Final

from litestar import Response
from litestar.status_codes import HTTP_200_OK

from verify_service.translations import Language

CACHEABLE: Final = {"Cache-Control": "public, max-age=300"}
"""For pages that are the same for everybody and tell nothing about anybody."""


def parse_language(lang: str | None) -> Language:
    """Return the language of the `lang` parameter; anything but English is Chinese, which comes first."""
    return Language.ENGLISH if lang is not None and lang.lower().startswith("en") else Language.CHINESE


def page(body: bytes, status: int = HTTP_200_OK, headers: Mapping[str, str] | None = None) -> Response[bytes]:
    """Return a rendered page as a response."""
    return Response(body, status_code=status, media_type="text/html", headers=headers)
