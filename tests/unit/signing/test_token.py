import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signing import MalformedCredentialError, fold_token, format_token, parse_token


@settings(max_examples=200, deadline=None)
@given(st.binary(min_size=10, max_size=10))
def test_ten_bytes_survive_the_round_trip(token: bytes) -> None:
    assert parse_token(format_token(token)) == token


@pytest.mark.parametrize(
    ("token", "text"),
    [(bytes(10), "0" * 16), (b"\xff" * 10, "Z" * 16), (bytes.fromhex("0123456789abcdef0000"), "04HMASW9NF6YY000")],
)
def test_known_tokens(token: bytes, text: str) -> None:
    assert format_token(token) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0" * 15,
        "0" * 17,
        "0" * 15 + "I",
        "0" * 15 + "L",
        "0" * 15 + "O",
        "0" * 15 + "U",
        "a" * 16,
        "0" * 15 + "\n",
        "0" * 15 + "０",
        "0000-0000-0000-0",
        " " + "0" * 15,
    ],
)
def test_a_second_spelling_of_a_token_is_refused(text: str) -> None:
    with pytest.raises(MalformedCredentialError):
        parse_token(text)


@pytest.mark.parametrize("length", [0, 9, 11])
def test_a_token_of_another_length_is_not_written(length: int) -> None:
    with pytest.raises(MalformedCredentialError):
        format_token(bytes(length))


def test_folding_mends_what_people_misread() -> None:
    assert fold_token("o4hmasw9nf6yyilO") == "04HMASW9NF6YY110"
