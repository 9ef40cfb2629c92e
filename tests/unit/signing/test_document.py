import copy
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signing import (
    CredentialStatement,
    MalformedCredentialError,
    SigningError,
    build_document,
    canonicalize,
    format_certificate_number,
    format_token,
    parse_document,
)

TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
HASHES = st.binary(min_size=32, max_size=32).map(lambda digest: "sha256$" + digest.hex())
STATEMENTS = st.builds(
    CredentialStatement,
    public_url=st.sampled_from(["https://rz.example.cn", "http://127.0.0.1:8000", "https://a.cn:8443"]),
    token=st.binary(min_size=10, max_size=10).map(format_token),
    issuer_did=st.sampled_from(["did:web:rz.example.cn", "did:web:127.0.0.1%3A8000"]),
    issuer_name=TEXT,
    certificate_number=st.integers(1, 999_999).map(lambda serial: format_certificate_number("QMT", 2026, serial)),
    kind=st.sampled_from(["omnimedia_operator", "online_host"]),
    title=TEXT,
    description=TEXT,
    criteria=TEXT,
    valid_from=st.datetimes(timezones=st.just(UTC)).map(lambda instant: instant.replace(microsecond=0)),
    name=TEXT,
    sex=TEXT,
    identity_type=st.sampled_from(["nationalIdentityNumber", "ext:passport"]),
    id_number_hash=HASHES,
    photo_hash=st.none() | HASHES,
    template_digest=st.binary(min_size=32, max_size=32),
    status_list=st.integers(0, 999),
    status_index=st.integers(0, 131_071),
)
OTHER_VALUES: tuple[Any, ...] = (None, 0, 1, False, True, "", "x", "名", [], {}, ["x"], {"x": "y"}, [[]], 0.5)


@settings(max_examples=200, deadline=None)
@given(STATEMENTS)
def test_a_statement_survives_the_round_trip(statement: CredentialStatement) -> None:
    assert parse_document(build_document(statement)) == statement


def test_the_document_of_the_statement(statement: CredentialStatement) -> None:
    document = build_document(statement)

    assert document["id"] == "https://rz.example.cn/v/04HMASW9NF6YY000/record.json"
    assert document["issuer"]["id"] == "did:web:rz.example.cn"
    assert document["validFrom"] == "2026-11-23T02:00:00Z"
    assert document["credentialSubject"]["licenseNumber"] == "QMT20260001234"
    assert document["credentialSubject"]["achievement"]["humanCode"] == "omnimedia_operator"
    assert [entry["id"] for entry in document["credentialStatus"]] == [
        "https://rz.example.cn/status/revocation/0#94567",
        "https://rz.example.cn/status/refresh/0#94567",
    ]


def test_neither_id_number_nor_salt_nor_photo_stands_in_the_document(statement: CredentialStatement) -> None:
    text = canonicalize(build_document(statement)).decode()

    assert "11010519491231002X" not in text
    assert "salt" not in text
    assert [entry["hashed"] for entry in build_document(statement)["credentialSubject"]["identifier"]] == [
        False,
        False,
        True,
        True,
    ]


def test_a_certificate_without_a_photo_has_no_photo_entry(statement: CredentialStatement) -> None:
    bare = msgspec.structs.replace(statement, photo_hash=None)

    assert len(build_document(bare)["credentialSubject"]["identifier"]) == 3
    assert parse_document(build_document(bare)) == bare


def test_a_document_in_which_any_value_was_replaced_is_another_statement_or_none(
    statement: CredentialStatement,
) -> None:
    original = build_document(statement)

    for path in _paths(original):
        for value in OTHER_VALUES:
            _require_other_or_refused(_replaced(original, path, value), statement, original)


def test_a_document_with_a_member_missing_or_added_anywhere_is_refused(statement: CredentialStatement) -> None:
    original = build_document(statement)

    for path in _paths(original):
        smaller = copy.deepcopy(original)
        del _parent(smaller, path)[path[-1]]
        _require_other_or_refused(smaller, statement, original)
        if isinstance(_parent(original, path), dict):
            with pytest.raises(MalformedCredentialError):
                parse_document(_replaced(original, (*path[:-1], "extra"), "x"))


@pytest.mark.parametrize("document", [{}, {"id": 1}, {"credentialSubject": []}])
def test_an_object_that_is_no_document_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(MalformedCredentialError):
        parse_document(document)


def test_an_instant_in_another_spelling_is_refused(statement: CredentialStatement) -> None:
    document = build_document(statement) | {"validFrom": str(datetime(2026, 11, 23, 2, tzinfo=UTC))}

    with pytest.raises(MalformedCredentialError):
        parse_document(document)


def _require_other_or_refused(document: dict[str, Any], statement: CredentialStatement, original: object) -> None:
    if _canonicalize_or_none(document) == canonicalize(original):
        return
    try:
        parsed = parse_document(document)
    except SigningError:
        return
    assert parsed != statement


def _canonicalize_or_none(value: object) -> bytes | None:
    try:
        return canonicalize(value)
    except SigningError:
        return None


def _paths(value: object, prefix: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if prefix:
        yield prefix
    if isinstance(value, dict | list):
        for name in value if isinstance(value, dict) else range(len(value)):
            yield from _paths(value[name], (*prefix, name))


def _parent(document: dict[str, Any], path: tuple[Any, ...]) -> dict[Any, Any] | list[Any]:
    node: Any = document
    for name in path[:-1]:
        node = node[name]
    container: dict[Any, Any] | list[Any] = node
    return container


def _replaced(original: dict[str, Any], path: tuple[Any, ...], value: object) -> dict[str, Any]:
    changed = copy.deepcopy(original)
    _parent(changed, path)[path[-1]] = value
    return changed
