"""Comparing fields: match or mismatch for each, never a stored value, and every failure counted where it belongs."""

import asyncio
import re
from collections import Counter
from collections.abc import Mapping

import pytest

from tests.integration.budgets.test_exactness import DEBITED, NOTE_WRITES, NOTED
from tests.integration.web.conftest import Client
from tests.integration.web.matching import NOBODY, TRIES, UNKNOWN_TOKEN, WRONG, Certificates, guarded, paper_of, person
from tests.registers import Certificate
from verify_service.allowances import read_allowances
from verify_service.budgets.rules import debits, token_debits
from verify_service.credentials.rules.lookup_keys import Facts
from verify_service.database import Connection
from verify_service.key_directory import KeyDirectory
from verify_service.sealing.model import SecretPurpose
from verify_service.settings import BudgetLimits, Settings

__all__ = ["guarded", "person"]  # fixtures

PATH = "/api/v1/matches"
AT_ONCE = 20


async def compared(client: Client, opening: Mapping[str, str], **check: str) -> dict[str, str]:
    """Return what is said of each field of a certificate that is found."""
    answer = await client.post(PATH, json={**opening, "check": check})
    assert answer.status_code == 200, answer.text
    assert answer.json()["outcome"] == "found"
    fields: dict[str, str] = answer.json()["fields"]
    return fields


@pytest.mark.parametrize("field", ["name", "idNumber", "phone"])
async def test_a_third_fact_agrees_or_not_and_is_not_told(client: Client, person: Certificate, field: str) -> None:
    opening = person.facts(*({"name", "idNumber", "phone"} - {field}))
    stored = person.facts()[field]

    right = await client.post(PATH, json={**opening, "check": {field: stored}})
    wrong = await client.post(PATH, json={**opening, "check": {field: WRONG[field]}})

    assert [answer.json()["fields"] for answer in (right, wrong)] == [{field: "match"}, {field: "mismatch"}]
    assert [value for value in (*person.facts().values(), WRONG[field]) if value in right.text + wrong.text] == []


@pytest.mark.parametrize(
    ("field", "wrong"), [("number", "QMT2026000001X"), ("issuedOn", "2020-01-01"), ("kind", "omnimedia_operator")]
)
async def test_what_the_paper_says_agrees_or_not(client: Client, person: Certificate, field: str, wrong: str) -> None:
    opening, paper = person.facts("name", "idNumber"), await paper_of(client, person)

    assert await compared(client, opening, **paper) == dict.fromkeys(paper, "match")
    assert await compared(client, opening, **{**paper, field: wrong}) == {
        **dict.fromkeys(paper, "match"),
        field: "mismatch",
    }
    answer = await client.post(PATH, json={**opening, "check": {field: wrong}})
    assert paper[field] not in answer.text.replace(answer.json()["checkedAt"], "")


async def test_spellings_of_paper_meet(client: Client, person: Certificate) -> None:
    paper = await paper_of(client, person)
    year, month, day = (int(part) for part in paper["issuedOn"].split("-"))
    number = paper["number"].lower()

    fields = await compared(
        client,
        person.facts("name", "idNumber"),
        number=f" {number[:4]} {number[4:]}",
        issuedOn=f"{year}年{month}月{day}日",
    )

    assert fields == {"number": "match", "issuedOn": "match"}


async def test_number_and_date_of_two_certificates_are_no_certificate(
    client: Client, certificates: Certificates
) -> None:
    first, second = certificates["twofold-0"], certificates["twofold-1"]
    opening = first.facts("name", "idNumber")
    kinds = [(await paper_of(client, each))["kind"] for each in (first, second)]

    assert await compared(client, opening, number=first.number, kind=kinds[0]) == {"number": "match", "kind": "match"}
    assert await compared(client, opening, number=second.number, kind=kinds[1]) == {"number": "match", "kind": "match"}
    assert await compared(client, opening, number=first.number, kind=kinds[1]) == {
        "number": "match",
        "kind": "mismatch",
    }


@pytest.mark.parametrize("field", ["idNumber", "phone"])
async def test_by_a_token_the_holders_numbers_agree_or_not(client: Client, person: Certificate, field: str) -> None:
    opening = {"token": person.token}

    assert await compared(client, opening, **person.facts(field)) == {field: "match"}
    assert await compared(client, opening, **person.facts("idNumber", "phone")) == {
        "idNumber": "match",
        "phone": "match",
    }
    other = ({"idNumber", "phone"} - {field}).pop()
    mixed = {**person.facts(other), field: WRONG[field]}
    assert await compared(client, opening, **mixed) == {field: "mismatch", other: "match"}


async def test_somebody_elses_fact_is_a_mismatch(client: Client, certificates: Certificates) -> None:
    valid, other = certificates["valid"], certificates["twofold-0"]

    assert await compared(client, valid.facts("name", "idNumber"), phone=other.phone) == {"phone": "mismatch"}
    assert await compared(client, {"token": valid.token}, idNumber=other.id_number) == {"idNumber": "mismatch"}


async def test_a_phone_that_is_no_longer_kept_is_no_mismatch(
    guarded: Client, person: Certificate, superuser: Connection
) -> None:
    await superuser.execute("delete from lookup_key where pair in (2, 3)")

    for opening in (person.facts("name", "idNumber"), {"token": person.token}):
        assert await compared(guarded, opening, phone=person.phone) == {"phone": "not_kept"}
    assert await superuser.fetchval("select count(*) from budget") == 0


async def test_the_causes_of_not_found_are_one_answer(client: Client, certificates: Certificates) -> None:
    valid, namesake = certificates["valid"], certificates["namesake-0"]
    asked = (
        {"name": WRONG["name"], "idNumber": WRONG["idNumber"], "check": {"phone": WRONG["phone"]}},
        {"name": WRONG["name"], "idNumber": valid.id_number, "check": {"phone": valid.phone}},
        {**namesake.facts("name", "phone"), "check": {"idNumber": namesake.id_number}},
        {**valid.facts("name"), "idNumber": WRONG["idNumber"], "check": {"number": valid.number}},
        {"token": UNKNOWN_TOKEN, "check": {"phone": valid.phone}},
        {"token": valid.token.lower() + "\x00", "check": {"idNumber": valid.id_number}},
    )

    answers = [await client.post(PATH, json=each) for each in asked]

    assert [answer.status_code for answer in answers] == [200] * len(asked)
    assert {re.sub(rb'"checkedAt":"[^"]*"', b"", answer.content) for answer in answers} == {
        b'{"outcome":"not_found",,"fields":{}}'
    }


@pytest.mark.parametrize(
    ("asked", "errors"),
    [
        ({"name": "赵无人", "idNumber": NOBODY.id_number, "check": {}}, {"check": "EMPTY"}),
        ({"token": UNKNOWN_TOKEN, "check": {"phone": " "}}, {"check": "EMPTY"}),
        ({"token": UNKNOWN_TOKEN, "check": {"phone": "1"}}, {"phone": "LENGTH"}),
        ({"token": UNKNOWN_TOKEN, "check": {"number": "A1"}}, {"number": "SHOWN"}),
        ({"token": UNKNOWN_TOKEN, "check": {"name": "赵无人"}}, {"name": "SHOWN"}),
        ({"token": UNKNOWN_TOKEN, "name": "赵无人", "check": {"phone": WRONG["phone"]}}, {"name": "TOKEN_OR_FACTS"}),
        (
            {"name": "赵无人", "phone": WRONG["phone"], "check": {"phone": WRONG["phone"]}},
            {"phone": "TYPED_TWICE"},
        ),
        (
            {
                "name": "赵无人",
                "phone": WRONG["phone"],
                "check": {"number": "编号", "issuedOn": "2026-02-30", "kind": "driver"},
            },
            {"number": "PATTERN", "issuedOn": "PATTERN", "kind": "PATTERN"},
        ),
    ],
)
async def test_what_cannot_be_read_is_named_and_not_counted(
    guarded: Client, superuser: Connection, asked: dict[str, object], errors: dict[str, str]
) -> None:
    answer = await guarded.post(PATH, json=asked)

    assert answer.status_code == 400
    assert answer.json()["type"].endswith("/problems/malformed-field")
    assert {error["field"]: error["code"] for error in answer.json()["errors"]} == errors
    assert await superuser.fetchval("select count(*) from budget") == 0


async def test_one_fact_opens_nothing(client: Client) -> None:
    answer = await client.post(PATH, json={"name": "赵无人", "check": {"phone": WRONG["phone"]}})

    assert answer.status_code == 400
    assert answer.json()["type"].endswith("/problems/two-fields-required")


async def debited(superuser: Connection, settings: Settings, facts: Facts, token: str | None = None) -> dict[str, int]:
    """Return the failures counted in the buckets of one question, by what they count; others fail the test."""
    secret = KeyDirectory(settings).secrets(SecretPurpose.BUDGET)[0]
    allowances = read_allowances(BudgetLimits())
    asked = debits(secret, facts, allowances) if token is None else token_debits(secret, token, facts, allowances)
    names = {debit.bucket: debit.counted.value for debit in asked}
    return {names[row["bucket"]]: row["failures"] for row in await superuser.fetch(DEBITED)}


async def test_a_wrong_third_fact_is_counted_for_every_pair_it_tests(
    guarded: Client, settings: Settings, person: Certificate, superuser: Connection
) -> None:
    await compared(guarded, person.facts("name", "idNumber"), phone=WRONG["phone"])

    counted = await debited(superuser, settings, Facts(person.name, person.id_number, WRONG["phone"]))

    assert counted == dict.fromkeys(
        (
            *("name and ID number prefix", "name and phone prefix", "ID number", "phone"),
            *("ID number prefix", "phone prefix", "name"),
        ),
        1,
    )


async def test_a_paper_that_differs_is_counted_for_the_pair_that_opened(
    guarded: Client, settings: Settings, person: Certificate, superuser: Connection
) -> None:
    await compared(guarded, person.facts("name", "phone"), number="QMT2026000001X", issuedOn="2020-01-01")

    counted = await debited(superuser, settings, Facts(name=person.name, phone=person.phone))

    assert counted == dict.fromkeys(("name and phone prefix", "phone", "phone prefix", "name"), 1)


async def test_a_wrong_number_with_a_token_is_counted_for_the_token_and_for_what_was_typed(
    guarded: Client, settings: Settings, person: Certificate, superuser: Connection
) -> None:
    await compared(guarded, {"token": person.token}, phone=WRONG["phone"])

    counted = await debited(superuser, settings, Facts(phone=WRONG["phone"]), person.token)

    assert counted == dict.fromkeys(("QR code and any phone", "phone", "phone prefix"), 1)


async def test_what_agrees_writes_nothing(guarded: Client, person: Certificate, superuser: Connection) -> None:
    paper = await paper_of(guarded, person)
    await superuser.execute(NOTE_WRITES)
    for table in ("budget", "failed_lookup_hour", "lookup_alarm", "lookup_breaker"):
        await superuser.execute(NOTED.format(table))

    for _ in range(TRIES + 1):
        await compared(guarded, person.facts("name", "idNumber"), phone=person.phone, **paper)
        await compared(guarded, {"token": person.token}, **person.facts("idNumber", "phone"))

    assert await superuser.fetchval("select count(*) from written") == 0


@pytest.mark.parametrize("by", ["facts", "token", "unknown token"])
async def test_once_spent_right_and_wrong_get_the_same_refusal(guarded: Client, person: Certificate, by: str) -> None:
    opening = {
        "facts": person.facts("name", "idNumber"),
        "token": {"token": person.token},
        "unknown token": {"token": UNKNOWN_TOKEN},
    }[by]
    guesses = [{**opening, "check": {"phone": f"194{place}0000000"}} for place in range(TRIES)]
    assert {(await guarded.post(PATH, json=guess)).status_code for guess in guesses} == {200}

    refusals = [
        await guarded.post(PATH, json={**opening, "check": {"phone": phone}})
        for phone in (person.phone, WRONG["phone"])
    ]

    assert [refusal.status_code for refusal in refusals] == [429, 429]
    assert refusals[0].content == refusals[1].content
    assert refusals[0].headers["retry-after"] == refusals[1].headers["retry-after"] == "86400"


async def test_a_spent_kind_of_number_leaves_the_other_and_another_token(
    guarded: Client, certificates: Certificates, person: Certificate
) -> None:
    for place in range(TRIES):
        await compared(guarded, {"token": person.token}, phone=f"194{place}0000000")

    assert await compared(guarded, {"token": person.token}, idNumber=person.id_number) == {"idNumber": "match"}
    other = certificates["twofold-0"]
    assert await compared(guarded, {"token": other.token}, phone=other.phone) == {"phone": "match"}


@pytest.mark.parametrize("among_them", ["wrong ones", "the right one"])
async def test_of_twenty_guesses_at_once_at_one_token_five_are_answered(
    guarded: Client, person: Certificate, among_them: str
) -> None:
    """Each guess has a prefix of its own: only the token holds them together."""
    phones = [f"19{place:02d}{place:07d}" for place in range(30, 30 + AT_ONCE)]
    if among_them == "the right one":
        phones = [person.phone, *phones, person.phone]

    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(guarded.post(PATH, json={"token": person.token, "check": {"phone": phone}}))
            for phone in phones
        ]
    answers = [task.result() for task in tasks]

    told = Counter(
        answer.json()["fields"]["phone"] if answer.status_code == 200 else answer.status_code for answer in answers
    )
    assert told["mismatch"] == TRIES
    assert told.total() - told["match"] - told[429] == TRIES
    assert among_them == "the right one" or told["match"] == 0


async def test_of_twenty_guesses_at_once_at_one_person_five_are_answered(guarded: Client, person: Certificate) -> None:
    opening = person.facts("name", "idNumber")
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(guarded.post(PATH, json={**opening, "check": {"phone": f"19{place:02d}0000000"}}))
            for place in range(30, 30 + AT_ONCE)
        ]

    assert Counter(task.result().status_code for task in tasks) == {200: TRIES, 429: AT_ONCE - TRIES}
