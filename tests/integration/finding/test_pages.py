"""Search, person and erasure over HTTP: what pages show, what they hide, and what stands in the trail."""

import json
import re
from collections.abc import Mapping

import pytest

from tests.consoles import Console, Person
from tests.registers import Certificate
from verify_service.accounts.model import Role
from verify_service.database import Connection

Certificates = Mapping[str, Certificate]
LANGUAGES = ["", "?lang=en"]


async def found(person: Person, text: str, language: str = "") -> str:
    answer = await person.post(f"/staff/search{language}", {"text": text})
    assert answer.status_code == 200, answer.text
    return answer.text


async def page_of(person: Person, certificate: Certificate) -> str:
    """Return the address of the page of a certificate's holder, as the search leads to it."""
    link = re.search(r'href="(/staff/people/[0-9a-f-]{36})', await found(person, certificate.number))
    assert link is not None
    return link[1]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_box_leads_to_a_person_and_keeps_what_was_typed(
    console: Console, certificates: Certificates, language: str
) -> None:
    registrar = await console.sign_in(Role.REGISTRAR)
    typed = " ".join(certificates["valid"].facts("name", "idNumber").values())

    page = await found(registrar, typed, language)

    assert "/staff/people/" in page
    assert f'value="{typed}"' in page
    assert certificates["valid"].phone not in page


async def test_nothing_that_was_typed_stands_in_an_address_or_in_the_trail(
    console: Console, certificates: Certificates, operator: Connection
) -> None:
    registrar = await console.sign_in(Role.REGISTRAR)
    certificate = certificates["valid"]

    page = await found(registrar, certificate.id_number)

    addresses = re.findall(r'(?:href|action)="([^"]*)"', page)
    trail = [str(tuple(row)) for row in await operator.fetch("select * from audit_event")]
    for fact in (certificate.id_number, certificate.phone, certificate.name):
        assert not any(fact in place for place in (*addresses, *trail))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_page_masks_the_numbers_until_they_are_asked_for(
    console: Console, certificates: Certificates, operator: Connection, language: str
) -> None:
    registrar = await console.sign_in(Role.REGISTRAR)
    certificate = certificates["third"]
    address = await page_of(registrar, certificate)

    masked = await registrar.get(address + language)
    shown = await registrar.post(f"{address}/numbers{language}")

    assert (masked.status_code, shown.status_code) == (200, 200)
    for fact in (certificate.id_number, certificate.phone):
        assert fact not in masked.text
        assert fact in shown.text
    for which in ("first", "second", "third"):
        assert certificates[which].number in masked.text
    rows = await operator.fetch("select action, detail::text from audit_event order by audit_event_id desc limit 2")
    assert [row["action"] for row in rows] == ["person_numbers_shown", "person_viewed"]
    sessions = {json.loads(row["detail"])["session"] for row in rows}
    began = "select detail ->> 'network' from audit_event where action = 'signed_in' and object_id = $1"
    assert await operator.fetchval(began, sessions.pop()) == "192.0.2.0/24"
    assert not sessions


async def test_an_administrator_who_typed_the_name_erases(console: Console, certificates: Certificates) -> None:
    administrator = await console.sign_in(Role.ADMINISTRATOR)
    certificate = certificates["valid"]
    address = await page_of(administrator, certificate)
    form = await administrator.get(f"{address}/erasure")
    assert certificate.name in form.text

    refused = await administrator.post(f"{address}/erasure", {"name": certificate.name + "x"})
    assert (refused.status_code, "aria-invalid" in refused.text) == (409, True)

    done = await administrator.post(f"{address}/erasure", {"name": certificate.name})
    assert (done.status_code, done.headers["location"]) == (303, f"{address}?notice=erased")
    after = await administrator.get(done.headers["location"])
    assert after.status_code == 200
    assert 'role="status"' in after.text
    assert certificate.name not in after.text
    assert certificate.number in after.text
    assert (await administrator.get(f"{address}/erasure")).status_code == 200
    assert "没有找到" in await found(administrator, certificate.id_number)


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.ISSUER, Role.APPROVER, Role.AUDITOR])
async def test_others_are_not_even_offered_it(console: Console, certificates: Certificates, role: Role) -> None:
    person = await console.sign_in(role)
    address = await page_of(person, certificates["valid"])

    assert "/erasure" not in (await person.get(address)).text
    assert (await person.post(f"{address}/erasure", {"name": certificates["valid"].name})).status_code == 403
