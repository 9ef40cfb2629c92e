"""What a client is sent, by `Accept`, whatever it writes there."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from litestar.testing import RequestFactory

from verify_service.media_types import preferred

HTML, JSON = "text/html", "application/json"


def of(accept: str | None) -> str:
    return preferred(RequestFactory().get("/", headers=None if accept is None else {"Accept": accept}), HTML, JSON)


@pytest.mark.parametrize(
    ("accept", "sent"),
    [
        (None, HTML),
        ("", HTML),
        ("*/*", HTML),
        ("image/png", HTML),
        (JSON, JSON),
        ("application/*", JSON),
        ("text/html;q=0.5, application/json", JSON),
        ("text/html;q=inf", HTML),
        ("application/json;q=inf", HTML),
        ("application/json, text/html;q=-inf", HTML),
        ("text/html;q=1e999", HTML),
        ("application/json;q=nan", JSON),
        ("application/json;q=1e300", JSON),
        ("application/json;q=" + "9" * 5000, HTML),
        ("application/json;q=x", JSON),
        ("application/json;q=", JSON),
        (';q="', HTML),
        (",;/,*", HTML),
    ],
)
def test_odd_headers_are_answered_too(accept: str | None, sent: str) -> None:
    assert of(accept) == sent


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF), max_size=40))
def test_no_header_is_beyond_an_answer(accept: str) -> None:
    assert of(accept) in {HTML, JSON}
