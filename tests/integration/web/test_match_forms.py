"""The forms that compare fields: beneath a result, and beneath the page of a QR code."""

import html
import re

import pytest

from tests.integration.web.conftest import BROWSER, Client
from tests.integration.web.matching import TRIES, UNKNOWN_TOKEN, WRONG, guarded, person
from tests.registers import Certificate

__all__ = ["guarded", "person"]  # fixtures


def hidden_in(page: str) -> dict[str, str]:
    """Return what the form that compares sends unseen."""
    form = page.partition("<details")[2].partition("</details>")[0]
    found = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in found}


@pytest.mark.parametrize(("lang", "words"), [("zh-CN", ("一致", "不一致")), ("en", ("Match", "Mismatch"))])
async def test_the_result_page_has_a_form_that_answers_without_a_stored_value(
    client: Client, person: Certificate, lang: str, words: tuple[str, str]
) -> None:
    found = await client.post("/lookup", params={"lang": lang}, data=person.facts("name", "idNumber"), headers=BROWSER)
    hidden = hidden_in(found.text)
    assert hidden == person.facts("name", "idNumber")
    assert person.phone not in found.text

    for phone, word in ((person.phone, words[0]), (WRONG["phone"], words[1])):
        fields = {**hidden, "checkPhone": phone, "checkNumber": "", "checkIssuedOn": "", "checkKind": ""}
        page = await client.post("/lookup/match", params={"lang": lang}, data=fields, headers=BROWSER)

        assert page.status_code == 200
        assert re.findall(r'class="outcome">([^<]*)<', page.text) == [word]
        assert [
            value for value in (person.phone, WRONG["phone"], person.number, person.token) if value in page.text
        ] == []


@pytest.mark.parametrize(("lang", "words"), [("zh-CN", ("一致", "不一致")), ("en", ("Match", "Mismatch"))])
async def test_the_page_of_a_token_has_a_form_that_answers_without_a_stored_value(
    client: Client, person: Certificate, lang: str, words: tuple[str, str]
) -> None:
    path = f"/v/{person.token}"
    shown = await client.get(path, params={"lang": lang}, headers=BROWSER)
    suffix = "?lang=en" if lang == "en" else ""
    assert f'action="{path}/match{suffix}"' in shown.text
    assert hidden_in(shown.text) == {}

    fields = {"checkIdNumber": person.id_number, "checkPhone": WRONG["phone"]}
    page = await client.post(f"{path}/match", params={"lang": lang}, data=fields, headers=BROWSER)

    assert re.findall(r'class="outcome">([^<]*)<', page.text) == list(words)
    secrets = (person.id_number, person.phone, WRONG["phone"], person.name, person.number)
    assert [value for value in secrets if value in page.text] == []


async def test_not_found_offers_nothing_to_compare(client: Client) -> None:
    for path, fields in (
        ("/lookup", {"name": WRONG["name"], "phone": WRONG["phone"]}),
        ("/lookup/match", {"name": WRONG["name"], "phone": WRONG["phone"], "checkNumber": "QMT2026000001X"}),
        (f"/v/{UNKNOWN_TOKEN}/match", {"checkPhone": WRONG["phone"]}),
    ):
        page = await client.post(path, data=fields, headers=BROWSER)

        assert page.status_code == 200
        assert "未查询到" in page.text
        assert "<details" not in page.text
        assert [value for value in WRONG.values() if value in page.text] == []


async def test_errors_are_named_beside_their_fields_and_nothing_checked_is_repeated(
    client: Client, person: Certificate
) -> None:
    opening = person.facts("name", "idNumber")
    wrong = {"checkPhone": "1940000", "checkNumber": "编号?", "checkIssuedOn": "2026-02-31"}

    page = await client.post("/lookup/match", data={**opening, **wrong}, headers=BROWSER)

    assert page.status_code == 400
    assert re.findall(r'aria-describedby="[^"]*error-(\w+)"', page.text) == ["phone", "number", "issuedOn"]
    assert re.findall(r'<li><a href="#(\w+)"', page.text) == ["phone", "number", "issuedOn"]
    assert [value for value in wrong.values() if value in page.text] == []
    assert hidden_in(page.text) == opening


async def test_an_empty_form_says_that_one_item_is_needed(client: Client, person: Certificate) -> None:
    for path, opening in (("/lookup/match", person.facts("name", "idNumber")), (f"/v/{person.token}/match", {})):
        page = await client.post(path, data={**opening, "checkPhone": " "}, headers=BROWSER)

        assert page.status_code == 400
        assert "请至少填写一项" in page.text


@pytest.mark.parametrize("fields", [{}, {"name": "赵无人"}, {"name": "赵1", "phone": WRONG["phone"]}])
async def test_hidden_facts_our_page_cannot_have_sent_are_refused(client: Client, fields: dict[str, str]) -> None:
    page = await client.post("/lookup/match", data={**fields, "checkNumber": "QMT2026000001X"}, headers=BROWSER)

    assert page.status_code == 400
    assert "<form" not in page.text


async def test_the_page_is_refused_as_the_api_is(guarded: Client, person: Certificate) -> None:
    path = f"/v/{person.token}/match"
    for place in range(TRIES):
        fields = {"checkPhone": f"194{place}0000000"}
        assert (await guarded.post(path, data=fields, headers=BROWSER)).status_code == 200

    pages = [
        await guarded.post(path, data={"checkPhone": phone}, headers=BROWSER)
        for phone in (person.phone, WRONG["phone"])
    ]

    assert [page.status_code for page in pages] == [429, 429]
    assert pages[0].content == pages[1].content
    assert "查询不符次数过多" in pages[0].text
