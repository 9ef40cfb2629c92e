from collections import OrderedDict
from typing import Any, TypeAlias

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from signing import MalformedCredentialError, UnsafeJsonError, canonicalize, parse_canonical

Json: TypeAlias = bool | int | str | list["Json"] | dict[str, "Json"] | None

TEXT = st.text(st.characters(codec="utf-8"))
NAMES = st.text(st.characters(max_codepoint=127))
SAFE_INTEGERS = st.integers(-(2**53) + 1, 2**53 - 1)
SAFE_VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | SAFE_INTEGERS | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(SAFE_VALUES)
def test_an_independent_rfc_8785_encoder_writes_the_same_bytes(value: Json) -> None:
    assert canonicalize(value) == rfc8785.dumps(value)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(NAMES, SAFE_VALUES, max_size=4))
def test_what_was_canonicalised_parses_back(value: dict[str, Json]) -> None:
    assert parse_canonical(canonicalize(value)) == value


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60))
def test_parsing_is_total_and_accepts_canonical_bytes_only(data: bytes) -> None:
    try:
        value = parse_canonical(data)
    except MalformedCredentialError:
        return

    assert canonicalize(value) == data


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        {"deep": [{"float": 0.5}]},
        2**53,
        -(2**53),
        {"名": "a name outside ASCII sorts differently in JCS and in msgspec"},
        {"\ufb33": 1},
        {1: "an integer as member name"},
        "\ud800",
        {"name": "lone \udfff surrogate"},
        b"bytes",
        (1, 2),
        {1, 2},
        object(),
    ],
)
def test_values_on_which_encoders_disagree_are_not_signed(value: object) -> None:
    with pytest.raises(UnsafeJsonError):
        canonicalize(value)


def test_a_structure_deeper_than_the_stack_is_refused_without_a_crash() -> None:
    nested: list[Any] = []
    for _ in range(100_000):
        nested = [nested]

    with pytest.raises(UnsafeJsonError):
        canonicalize(nested)


def test_the_error_of_a_lone_surrogate_does_not_carry_the_text_it_stood_in() -> None:
    with pytest.raises(UnsafeJsonError) as caught:
        canonicalize({"name": "王小明\ud800"})

    assert caught.value.__suppress_context__
    assert "王" not in str(caught.value)


def test_members_are_sorted_whatever_order_they_were_added_in() -> None:
    assert canonicalize(OrderedDict([("b", 1), ("a", 2)])) == b'{"a":2,"b":1}'


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[1]",
        b'"text"',
        b'{"b":1,"a":2}',
        b'{"a":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a": 1}',
        b'{"a":1}\n',
        b'\xef\xbb\xbf{"a":1}',
        b'{"a":1.0}',
        b'{"a":1e2}',
        b'{"a":-0}',
        b'{"a":9007199254740992}',
        b'{"a":NaN}',
        b'{"a":"\\u0041"}',
        b'{"a":"\\/"}',
        b'{"a":"\\ud800"}',
        b'{"a":"\xff"}',
        b'{"a":"\xed\xa0\x80"}',
        '{"名":1}'.encode(),
        b"{" * 100_000,
        b'{"a":' + b"[" * 100_000,
    ],
)
def test_bytes_that_are_not_the_one_form_of_an_object_are_refused(data: bytes) -> None:
    with pytest.raises(MalformedCredentialError):
        parse_canonical(data)
