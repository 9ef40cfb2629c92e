"""`POST /api/v1/lookups`: what is answered to whom, and that nothing is told beyond it."""

import datetime
from collections.abc import Mapping
from typing import Any

import pytest

from tests.integration.web.conftest import Client
from tests.registers import Certificate

PAIRS = [("name", "idNumber"), ("name", "phone"), ("idNumber", "phone")]
PATH = "/api/v1/lookups"
# Another living, well-formed person of each fact: nobody's certificate in the register.
STRANGER = {"name": "赵无人", "idNumber": "110000199001019704", "phone": "19499999999"}

Certificates = Mapping[str, Certificate]


async def look_up(client: Client, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer to a well-formed question."""
    response = await client.post(PATH, json=facts)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def the_certificate(client: Client, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the only certificate found."""
    answer = await look_up(client, facts)
    assert answer["outcome"] == "found"
    (certificate,) = answer["certificates"]
    return dict(certificate)


@pytest.mark.parametrize("fields", [*PAIRS, ("name", "idNumber", "phone")], ids="+".join)
async def test_any_two_facts_or_all_three_find_the_certificate(
    client: Client, certificates: Certificates, fields: tuple[str, ...]
) -> None:
    expected = certificates["valid"]

    found = await the_certificate(client, expected.facts(*fields))

    issued_on = datetime.date.fromisoformat(found.pop("issuedOn"))
    assert abs(datetime.datetime.now(datetime.UTC).date() - issued_on).days <= 1
    assert found.pop("name", expected.name) == expected.name
    assert found == {
        "kind": "online_host",
        "title": "网络视听主播岗位合格证书",
        "number": expected.number,
        "issuer": "样例传媒人才培训中心",
        "status": "valid",
        "statusSince": None,
        "statusReason": None,
        "supersededBy": None,
    }


@pytest.mark.parametrize("fields", [*PAIRS, ("name", "idNumber", "phone")], ids="+".join)
async def test_the_name_is_answered_only_to_who_typed_it(
    client: Client, certificates: Certificates, fields: tuple[str, ...]
) -> None:
    found = await the_certificate(client, certificates["valid"].facts(*fields))

    assert ("name" in found) == ("name" in fields)


@pytest.mark.parametrize("fields", PAIRS, ids="+".join)
async def test_no_fact_is_answered_that_was_not_typed(
    client: Client, certificates: Certificates, fields: tuple[str, str]
) -> None:
    expected = certificates["valid"]

    response = await client.post(PATH, json=expected.facts(*fields))

    kept_back = [value for field, value in expected.facts().items() if field not in fields]
    assert [value for value in [*kept_back, expected.token, expected.sex] if value in response.text] == []


@pytest.mark.parametrize(
    ("field", "spelling"),
    [
        ("name", " 迪丽拜尔·吐尔逊　"),
        ("name", "迪丽拜尔•吐尔逊"),
        ("name", "迪丽拜尔・吐尔逊"),
        ("name", "迪丽拜尔．吐尔逊"),
        ("name", "迪丽拜尔 · 吐尔逊"),
        ("name", "迪丽拜尔吐尔逊"),
        ("idNumber", "42000019800607978x"),
        ("idNumber", "４２００００１９８００６０７９７８Ｘ"),
        ("idNumber", "420000 19800607 978X"),
        ("phone", "１９４５６３０６４８９"),
        ("phone", "+86 194-5630-6489"),
        ("phone", "0086 19456306489"),
        ("phone", "194 5630 6489"),
    ],
)
async def test_another_spelling_of_a_fact_finds_the_same(
    client: Client, certificates: Certificates, field: str, spelling: str
) -> None:
    expected = certificates["valid"]
    for other in {"name", "idNumber", "phone"} - {field}:
        found = await the_certificate(client, {**expected.facts(other), field: spelling})

        assert found["number"] == expected.number


async def test_an_empty_field_is_one_that_was_not_given(client: Client, certificates: Certificates) -> None:
    facts = certificates["valid"].facts("name", "phone")
    for nothing in ("", "  ", None):
        assert (await the_certificate(client, {**facts, "idNumber": nothing}))["status"] == "valid"


@pytest.mark.parametrize(
    ("reason", "public"),
    [
        ("issued_in_error", "issued_in_error"),
        ("key_compromise", "key_compromise"),
        ("exam_misconduct", "withdrawn"),
        ("holder_request", "withdrawn"),
    ],
)
async def test_a_revoked_certificate_says_since_when_and_the_reason_the_public_may_know(
    client: Client, certificates: Certificates, reason: str, public: str
) -> None:
    response = await client.post(PATH, json=certificates[f"revoked-{reason}"].facts("name", "idNumber"))

    (found,) = response.json()["certificates"]
    assert (found["status"], found["statusReason"], found["supersededBy"]) == ("revoked", public, None)
    since = datetime.datetime.fromisoformat(found["statusSince"])
    assert since.utcoffset() == datetime.timedelta(0)
    assert since <= datetime.datetime.now(datetime.UTC)
    assert "misconduct" not in response.text
    assert "holder" not in response.text


async def test_the_old_name_finds_what_was_superseded_and_the_number_that_stands_in(
    client: Client, certificates: Certificates
) -> None:
    old, new = certificates["old"], certificates["new"]

    found = await the_certificate(client, old.facts("name", "idNumber"))

    assert (found["number"], found["status"], found["supersededBy"]) == (old.number, "superseded", new.number)
    assert found["statusSince"] is not None
    assert found["name"] == old.name  # as typed: the new name is not told to who does not know it
    assert (await the_certificate(client, new.facts("name", "idNumber")))["status"] == "valid"


async def test_a_chain_of_corrections_answers_with_the_number_at_its_end(
    client: Client, certificates: Certificates
) -> None:
    for place in ("first", "second"):
        found = await the_certificate(client, certificates[place].facts("name", "idNumber"))

        assert found["supersededBy"] == certificates["third"].number


async def test_facts_that_did_not_change_find_the_whole_chain(client: Client, certificates: Certificates) -> None:
    answer = await look_up(client, certificates["first"].facts("idNumber", "phone"))

    found = {one["number"]: one["status"] for one in answer["certificates"]}
    assert found == {
        certificates["first"].number: "superseded",
        certificates["second"].number: "superseded",
        certificates["third"].number: "valid",
    }


async def test_one_person_may_have_both_certificates(client: Client, certificates: Certificates) -> None:
    answer = await look_up(client, certificates["twofold-0"].facts())

    assert {one["kind"] for one in answer["certificates"]} == {"omnimedia_operator", "online_host"}


@pytest.mark.parametrize("wrong", ["name", "idNumber", "phone"])
async def test_all_three_facts_must_be_right(client: Client, certificates: Certificates, wrong: str) -> None:
    answer = await look_up(client, {**certificates["valid"].facts(), wrong: STRANGER[wrong]})

    assert answer["outcome"] == "not_found"


async def test_two_namesakes_with_one_phone_are_told_apart_by_their_id_numbers_only(
    client: Client, certificates: Certificates
) -> None:
    namesake = certificates["namesake-0"]

    assert (await look_up(client, namesake.facts("name", "phone")))["outcome"] == "not_found"
    assert (await the_certificate(client, namesake.facts("name", "idNumber")))["number"] == namesake.number
    assert (await the_certificate(client, namesake.facts()))["number"] == namesake.number


async def test_the_causes_of_not_found_are_the_same_bytes(client: Client, certificates: Certificates) -> None:
    valid = certificates["valid"]
    questions = {
        "nobody": STRANGER,
        "a right ID number, a wrong name": {**valid.facts("idNumber"), "name": STRANGER["name"]},
        "a right name, a wrong ID number": {**valid.facts("name"), "idNumber": STRANGER["idNumber"]},
        "a right name, a wrong phone": {**valid.facts("name"), "phone": STRANGER["phone"]},
        "a right phone, somebody else's ID number": {
            **valid.facts("phone"),
            **certificates["old"].facts("idNumber"),
        },
        "two namesakes with one phone": certificates["namesake-0"].facts("name", "phone"),
    }
    answers = {}
    for cause, facts in questions.items():
        response = await client.post(PATH, json=facts)
        checked_at = response.json()["checkedAt"]
        body = response.content.replace(checked_at.encode(), b"")
        answers[cause] = (response.status_code, dict(response.headers), body)

    assert len({repr(answer) for answer in answers.values()}) == 1, answers
    assert answers["nobody"][2] == b'{"outcome":"not_found","checkedAt":"","certificates":[]}'
