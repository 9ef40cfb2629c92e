"""A batch is read row by row, and each row has a line of its own."""

import datetime
import json

import msgspec
import pytest

from verify_service.batch_lookups.rules import (
    answered_line,
    chunks,
    malformed_line,
    questions,
    read_batch,
    unavailable_line,
)
from verify_service.lookups.model import LookupAnswer, RefusedLookup
from verify_service.lookups.rules import MalformedLookup, Question
from verify_service.translations import Language

TODAY = datetime.date(2026, 11, 28)
GOOD = {"name": "林晓禾", "phone": "19400000001"}


def batch(*rows: object) -> bytes:
    return json.dumps({"lookups": rows}).encode()


@pytest.mark.parametrize(
    "bad",
    [
        *({}, {"name": "林晓禾"}, {**GOOD, "phone": "1"}),
        *({**GOOD, "email": "x"}, {**GOOD, "name": 5}, 5, None, [], "林晓禾", [[[[]]]]),
    ],
    ids=repr,
)
def test_a_bad_row_spoils_no_other(bad: object) -> None:
    rows = read_batch(batch(GOOD, bad, GOOD), TODAY)

    assert [row.row for row in rows] == [1, 2, 3]
    assert [isinstance(row.question, Question) for row in rows] == [True, False, True]
    assert len(questions(rows)) == 2


def test_a_row_of_broken_utf_8_spoils_no_other() -> None:
    body = batch(GOOD, {"name": "XX", "phone": "19400000001"}, GOOD).replace(b"XX", b"\xff\xfe")

    assert [isinstance(row.question, Question) for row in read_batch(body, TODAY)] == [True, False, True]


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"[]", b"null", b"{}", b'{"lookups": 5}', b'{"lookups": {}}', b"\xff", batch()),
        json.dumps({"lookups": [GOOD], "purpose": "x"}).encode(),
        b'{"lookups": ' + b"[" * 100_000,
        b'{"lookups": [' + b'{"name":"x"},' * 500 + b'{"name":"x"}]}',
    ],
    ids=range(12),
)
def test_what_is_no_batch_of_1_to_500_rows_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match="batch"):
        read_batch(body, TODAY)


def test_500_rows_are_ten_chunks() -> None:
    rows = read_batch(batch(*[GOOD] * 500), TODAY)

    assert [len(chunk) for chunk in chunks(rows)] == [50] * 10


def line(row: object) -> dict[str, object]:
    decoded: dict[str, object] = msgspec.json.decode(msgspec.json.encode(row))
    return decoded


def test_a_malformed_line_names_its_fields_and_repeats_nothing() -> None:
    (row,) = read_batch(batch({"name": "林晓禾9", "phone": "1940000"}), TODAY)
    assert isinstance(row.question, MalformedLookup)

    said = line(malformed_line(7, row.question, Language.ENGLISH))

    assert (said["row"], said["outcome"], said["code"]) == (7, "malformed", "malformed-field")
    assert [(error["field"], error["code"]) for error in said["errors"]] == [("name", "DIGIT"), ("phone", "LENGTH")]  # type: ignore[attr-defined]
    assert "1940000" not in repr(said)


def test_each_other_line_says_why_it_is_no_answer() -> None:
    assert line(malformed_line(1, None, Language.CHINESE)) == {
        "row": 1,
        "outcome": "malformed",
        "code": "malformed-body",
    }
    assert line(malformed_line(1, MalformedLookup(()), Language.CHINESE))["code"] == "two-fields-required"
    assert line(unavailable_line(2)) == {"row": 2, "outcome": "unavailable", "code": "unavailable"}
    refused = line(answered_line(3, RefusedLookup()))
    assert refused == {"row": 3, "outcome": "refused", "code": "too-many-requests"}


def test_an_answer_has_neither_code_nor_errors() -> None:
    answer = LookupAnswer("not_found", datetime.datetime(2026, 11, 28, tzinfo=datetime.UTC), ())

    assert line(answered_line(4, answer)) == {
        "row": 4,
        "outcome": "not_found",
        "checkedAt": "2026-11-28T00:00:00Z",
        "certificates": [],
    }
