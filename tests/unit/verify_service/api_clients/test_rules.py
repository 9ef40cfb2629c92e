"""API keys: their form, what is stored of them, and what a request is remembered by."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify_service.api_clients.rules import (
    batch_name,
    bearer_key,
    is_key,
    key_hash,
    new_key,
    parse_idempotency_key,
    require_name_and_purpose,
)
from verify_service.errors import UsageError

KEY = "vsk_jyaj6mebaorsmwubmnrjbm35mcghrlbexr76zby"


def test_a_key_is_known_at_sight_and_never_made_twice() -> None:
    keys = {new_key() for _ in range(1000)}

    assert len(keys) == 1000
    assert all(re.fullmatch(r"vsk_[a-z2-7]{39}", key) for key in keys)
    assert all(map(is_key, keys))


@pytest.mark.parametrize("place", range(len(KEY)))
def test_one_wrong_character_is_no_key(place: int) -> None:
    wrong = "a" if KEY[place] != "a" else "b"

    assert is_key(KEY)
    assert not is_key(KEY[:place] + wrong + KEY[place + 1 :])


@pytest.mark.parametrize(
    "text", ["", "vsk_", KEY[:-1], KEY + "a", KEY.upper(), f" {KEY}", KEY + "\n", "vsk_" + "é" * 39]
)
def test_nothing_else_is_a_key(text: str) -> None:
    assert not is_key(text)


@given(st.text())
def test_no_header_makes_reading_it_fail(text: str) -> None:
    assert bearer_key(text) in (None, text.partition(" ")[2])


def test_the_scheme_is_bearer_in_any_case() -> None:
    assert [bearer_key(f"{scheme} {KEY}") for scheme in ("Bearer", "bearer", "BEARER")] == [KEY] * 3
    assert [bearer_key(text) for text in (KEY, f"Basic {KEY}", f"Bearer  {KEY}", f"Bearer {KEY} ", "Bearer")] == [
        None
    ] * 5


def test_what_is_stored_is_a_hash_of_256_bits() -> None:
    assert len(key_hash(KEY)) == 32
    assert key_hash(KEY) != key_hash(new_key())


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("5f0c2a52-1d1c-4d7e-9a54", "5f0c2a52-1d1c-4d7e-9a54"),
        ('"5f0c2a52-1d1c-4d7e-9a54"', "5f0c2a52-1d1c-4d7e-9a54"),
        ('"two words"', "two words"),
        ("x" * 255, "x" * 255),
    ],
)
def test_an_idempotency_key_is_the_same_with_and_without_quotes(header: str, key: str) -> None:
    assert parse_idempotency_key(header) == key


@pytest.mark.parametrize("header", ["", '""', "two words", '"half', "x" * 256, "钥", "a\\b", 'a"b', "a\tb"])
def test_what_is_no_idempotency_key_is_refused(header: str) -> None:
    with pytest.raises(ValueError, match="Idempotency-Key"):
        parse_idempotency_key(header)


def test_a_request_is_remembered_by_what_nobody_without_the_key_can_compute() -> None:
    name = batch_name(KEY, "one", b"body")

    assert name == batch_name(KEY, "one", b"body")
    assert name.request_mac != batch_name(KEY, "two", b"body").request_mac
    assert name.body_mac != batch_name(KEY, "one", b"other").body_mac
    other = batch_name(new_key(), "one", b"body")
    assert {other.request_mac, other.body_mac}.isdisjoint({name.request_mac, name.body_mac})
    assert batch_name(KEY, None, b"body").request_mac is None
    assert batch_name(KEY, "body", b"body").request_mac != name.body_mac


@pytest.mark.parametrize(
    ("name", "purpose"), [("", "x"), (" ", "x"), ("x", ""), ("a\nb", "x"), ("x" * 101, "x"), ("x", "x" * 501)]
)
def test_a_name_and_a_purpose_say_something_in_one_line(name: str, purpose: str) -> None:
    with pytest.raises(UsageError, match="--"):
        require_name_and_purpose(name, purpose)
