"""What may be watched: whatever holds the 80 random bits of a QR code, and nothing that can be guessed."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing import format_token
from verify_service.errors import FieldError
from verify_service.webhooks.rules.watches import parse_watched

ORIGINS = ("https://cert.example.cn", "https://old.example.cn")
TOKEN = "0123456789ABCDEF"


@given(st.binary(min_size=10, max_size=10))
def test_token_address_text_of_a_qr_code_and_record_id_name_the_same(token: bytes) -> None:
    text = format_token(token)
    for form in (
        text,
        f" {text}\n",
        f"https://cert.example.cn/v/{text}",
        f"https://cert.example.cn/v/{text}#0oRDoQEnoQRYIA",
        f"https://old.example.cn/v/{text}/record.json",
        f"HTTPS://CERT.EXAMPLE.CN/v/{text}",
    ):
        assert parse_watched(form, ORIGINS) == token


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("QMT2026000001O", "WATCH_BY_NUMBER"),
        ("qmt2026000001o", "WATCH_BY_NUMBER"),
        ("", "WATCH_TOKEN"),
        (TOKEN.lower(), "WATCH_TOKEN"),
        (TOKEN[:-1], "WATCH_TOKEN"),
        (TOKEN + "0", "WATCH_TOKEN"),
        ("0123456789ABCDEU", "WATCH_TOKEN"),
        ("https://cert.example.cn/", "WATCH_TOKEN"),
        ("https://cert.example.cn/v/QMT2026000001O", "WATCH_BY_NUMBER"),
        (f"https://cert.example.cn/v/{TOKEN}/other.json", "WATCH_TOKEN"),
        (f"https://evil.example/v/{TOKEN}", "WATCH_OTHER_SITE"),
        (f"https://cert.example.cn.evil.example/v/{TOKEN}", "WATCH_OTHER_SITE"),
        (f"http://cert.example.cn/v/{TOKEN}", "WATCH_OTHER_SITE"),
    ],
)
def test_anything_else_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(FieldError) as refused:
        parse_watched(text, ORIGINS)

    assert refused.value.code == code


@given(st.text(max_size=60))
def test_any_text_is_a_token_or_refused(text: str) -> None:
    for form in (text, "https://cert.example.cn/v/" + text):
        with contextlib.suppress(FieldError):
            assert len(parse_watched(form, ORIGINS)) == 10
