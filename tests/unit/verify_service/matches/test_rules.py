"""What can be compared, how paper is read, and which of several certificates it is compared with."""

import datetime

import pytest

from tests.desks import BUDGET_SECRET
from verify_service.credentials.rules.lookup_keys import Facts, lookup_hmacs
from verify_service.errors import FieldError
from verify_service.matches.model import Candidate, CheckedFields, MatchedFields, MatchRequest, Paper
from verify_service.matches.rules import (
    MalformedMatch,
    asked_hmacs,
    compare,
    is_right,
    parse_day,
    parse_number,
    read_question,
)

TODAY = datetime.date(2026, 11, 28)
KINDS = {"online_host", "omnimedia_operator"}
PERSON = Facts("林一芳", "110000199001019704", "19411111111")
ISSUED_AT = datetime.datetime(2026, 11, 27, 16, 30, tzinfo=datetime.UTC)  # the 28th in Beijing


def certificate(number: str, kind: str = "online_host", *, of: Facts = PERSON, has_phone: bool = True) -> Candidate:
    agreed = frozenset(lookup_hmacs(BUDGET_SECRET, of).values())
    return Candidate(kind, number, ISSUED_AT, has_phone, agreed)


@pytest.mark.parametrize(
    ("text", "number"),
    [("STZB2026000008M", "STZB2026000008M"), (" stzb-2026 000008m ", "STZB2026000008M"), ("ＳＴ０１", "ST01")],
)
def test_a_number_is_read_however_it_is_spelt(text: str, number: str) -> None:
    assert parse_number(text) == number


@pytest.mark.parametrize("text", ["", "-", "编号1", "A_1", "A" * 33, "ST\x00"])
def test_what_no_number_looks_like_is_refused(text: str) -> None:
    with pytest.raises(FieldError, match="PATTERN"):
        parse_number(text)


@pytest.mark.parametrize("text", ["2026-11-08", " 2026-11-8 ", "2026年11月8日", "2026/11/08", "２０２６ 年 11 月 8 日"])
def test_a_day_is_read_as_a_date_field_and_as_paper_have_it(text: str) -> None:
    assert parse_day(text) == datetime.date(2026, 11, 8)


@pytest.mark.parametrize(
    "text", ["2026-02-30", "2026-11", "20261108", "11-08-2026-1", "2026-一-11-08", "2026-1_1-8", "9" * 90]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(FieldError, match="PATTERN"):
        parse_day(text)


def test_a_question_by_facts_keeps_apart_what_opens_and_what_is_compared() -> None:
    request = MatchRequest(
        CheckedFields(phone="194 1111 1111", number="st1", issued_on="2026-11-28", kind="online_host"),
        name=PERSON.name,
        id_number=PERSON.id_number,
    )

    question = read_question(request, KINDS, TODAY)

    assert question.opening == Facts(name=PERSON.name, id_number=PERSON.id_number)
    assert question.facts == Facts(phone=PERSON.phone)
    assert question.paper == Paper("ST1", TODAY, "online_host")


@pytest.mark.parametrize(
    ("request_", "fields"),
    [
        (MatchRequest(CheckedFields(phone="19411111111"), name="林一芳"), {}),
        (MatchRequest(CheckedFields(phone="19411111111"), token=""), {}),
        (MatchRequest(CheckedFields(), token="T"), {"check": "EMPTY"}),
        (MatchRequest(CheckedFields(kind="online_host"), token="T"), {"kind": "SHOWN"}),
        (MatchRequest(CheckedFields(kind="x"), name="林一芳", phone="1"), {"phone": "LENGTH", "kind": "PATTERN"}),
    ],
)
def test_a_question_that_cannot_be_asked_names_its_fields(request_: MatchRequest, fields: dict[str, str]) -> None:
    with pytest.raises(MalformedMatch) as refused:
        read_question(request_, KINDS, TODAY)

    assert refused.value.fields == fields


def test_a_third_fact_agrees_only_with_both_pairs_it_makes() -> None:
    opening = Facts(name=PERSON.name, id_number=PERSON.id_number)
    asked = asked_hmacs(BUDGET_SECRET, opening, Facts(phone=PERSON.phone))
    half = Facts(name=PERSON.name, phone=PERSON.phone)

    assert len(asked["phone"]) == 2
    assert compare([certificate("A")], asked, Paper()) == MatchedFields(phone="match")
    assert compare([certificate("A", of=half)], asked, Paper()) == MatchedFields(phone="mismatch")
    assert compare([certificate("A", of=half), certificate("B")], asked, Paper()) == MatchedFields(phone="match")


def test_a_fact_that_makes_no_pair_with_anything_known_never_agrees() -> None:
    asked = asked_hmacs(BUDGET_SECRET, Facts(), Facts(id_number=PERSON.id_number))

    assert compare([certificate("A")], asked, Paper()) == MatchedFields(id_number="mismatch")


def test_a_phone_that_is_not_kept_is_no_failure() -> None:
    asked = asked_hmacs(BUDGET_SECRET, Facts(name=PERSON.name), Facts(phone=PERSON.phone))

    fields = compare([certificate("A", has_phone=False)], asked, Paper(kind="online_host"))

    assert fields == MatchedFields(phone="not_kept", kind="match")
    assert is_right(fields)


@pytest.mark.parametrize(
    ("paper", "fields"),
    [
        (Paper("A", TODAY, "online_host"), MatchedFields(number="match", issued_on="match", kind="match")),
        (Paper("B", kind="omnimedia_operator"), MatchedFields(number="match", kind="match")),
        (Paper("A", kind="omnimedia_operator"), MatchedFields(number="match", kind="mismatch")),
        (Paper("C", kind="omnimedia_operator"), MatchedFields(number="mismatch", kind="match")),
        (Paper(issued_on=datetime.date(2026, 11, 27)), MatchedFields(issued_on="mismatch")),
    ],
)
def test_paper_is_compared_with_the_one_certificate_it_agrees_with_most(paper: Paper, fields: MatchedFields) -> None:
    assert compare([certificate("A"), certificate("B", "omnimedia_operator")], {}, paper) == fields
