"""`GET /` and `POST /lookup`: the same question and answer without JavaScript, in the visitor's language."""

import html
import re
from collections.abc import Mapping

import httpx
import pytest

from tests.factories import trainee
from tests.integration.web.conftest import BROWSER, Client
from tests.registers import Certificate

Certificates = Mapping[str, Certificate]
NOBODY = trainee(900)


async def submit(client: Client, facts: Mapping[str, str], lang: str = "zh-CN") -> httpx.Response:
    """Send the form as a browser does, with its empty fields."""
    fields = {"name": "", "idNumber": "", "phone": "", **facts}
    return await client.post("/lookup", params={"lang": lang}, data=fields, headers=BROWSER)


def visible(page: httpx.Response) -> str:
    """Return the text between the tags."""
    return html.unescape(re.sub(r"<[^>]*>", " ", page.text))


def filled_in(page: httpx.Response) -> dict[str, str]:
    """Return what stands in the form's fields."""
    return dict(re.findall(r'<input id="(\w+)"[^>]* value="([^"]*)"', page.text))


async def test_the_form_sends_the_facts_in_a_body_to_the_language_it_is_in(client: Client) -> None:
    for lang, action in (("", "/lookup"), ("en", "/lookup?lang=en"), ("zh-CN", "/lookup")):
        page = await client.get("/", params={"lang": lang}, headers=BROWSER)

        assert page.status_code == 200
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert f'<form method="post" action="{action}"' in page.text
        assert filled_in(page) == {"name": "", "idNumber": "", "phone": ""}
        assert "<script" not in page.text


@pytest.mark.parametrize(
    ("key", "words", "english"),
    [
        ("valid", "证书有效", "Certificate valid"),
        ("revoked-exam_misconduct", "证书已撤销", "Certificate revoked"),
        ("old", "已更正换发", "Corrected and reissued"),
    ],
)
async def test_the_answer_is_one_of_the_five_in_words(
    client: Client, certificates: Certificates, key: str, words: str, english: str
) -> None:
    asked = certificates[key]
    for lang, expected in (("zh-CN", words), ("en", english)):
        page = await submit(client, asked.facts("name", "phone"), lang)

        assert page.status_code == 200
        assert f'<html lang="{lang}">' in page.text
        assert expected in visible(page)
        assert asked.number in visible(page)
        assert asked.id_number not in page.text


async def test_a_superseded_certificate_names_the_one_that_stands_in(
    client: Client, certificates: Certificates
) -> None:
    page = await submit(client, certificates["first"].facts("name", "idNumber"))

    assert certificates["third"].number in visible(page)
    assert certificates["second"].number not in visible(page)
    assert certificates["third"].name not in visible(page)


async def test_misconduct_is_between_the_centre_and_the_holder(client: Client, certificates: Certificates) -> None:
    page = await submit(client, certificates["revoked-exam_misconduct"].facts("name", "idNumber"))

    assert "发证机构撤回" in visible(page)
    assert [word for word in ("作弊", "违纪", "misconduct") if word in page.text] == []


async def test_not_found_does_not_say_forged_and_repeats_nothing(client: Client) -> None:
    typed = {"name": NOBODY.name, "phone": NOBODY.phone}
    for lang, words, remedy in (
        ("zh-CN", "未查询到", "手机号码过了保存期限，已按规定删除。请只用姓名和身份证号码查询。"),
        ("en", "Not found", "has been deleted under the rules. Please use name and ID number alone."),
    ):
        page = await submit(client, typed, lang)

        assert page.status_code == 200
        assert words in visible(page)
        assert remedy in visible(page)
        assert [value for value in typed.values() if value in page.text] == []


async def test_the_causes_of_not_found_are_one_page(client: Client, certificates: Certificates) -> None:
    valid, namesake = certificates["valid"], certificates["namesake-0"]
    pages = [
        await submit(client, facts)
        for facts in (
            {"name": NOBODY.name, "phone": NOBODY.phone},
            {"name": NOBODY.name, "idNumber": valid.id_number},
            namesake.facts("name", "phone"),
        )
    ]

    # A receipt's sealed answer holds what was asked, and is another each time.
    own = re.compile(r'<time[^>]*>[^<]*</time>|(?<=name="answer" value=")[^"]*')
    assert len({own.sub("", page.text) for page in pages}) == 1


@pytest.mark.parametrize("field", ["name", "idNumber", "phone"])
async def test_a_malformed_field_comes_back_empty_with_its_reason_and_the_others_as_they_were(
    client: Client, field: str
) -> None:
    facts = {"name": NOBODY.name, "idNumber": NOBODY.id_number, "phone": NOBODY.phone}
    wrong = {"name": "林9雯", "idNumber": NOBODY.id_number[:-1] + "?", "phone": "1940000000"}[field]
    for lang in ("zh-CN", "en"):
        page = await submit(client, {**facts, field: wrong}, lang)

        assert page.status_code == 400
        assert f'<html lang="{lang}">' in page.text
        assert wrong not in html.unescape(page.text)
        assert filled_in(page) == {**facts, field: ""}
        assert re.findall(r'id="error-(\w+)"', page.text) == [field]


async def test_one_field_brings_the_form_back_with_it(client: Client) -> None:
    for lang, words in (("zh-CN", "至少填写两项"), ("en", "at least two")):
        page = await submit(client, {"name": NOBODY.name}, lang)

        assert page.status_code == 400
        assert words in visible(page)
        assert filled_in(page) == {"name": NOBODY.name, "idNumber": "", "phone": ""}


async def test_markup_that_was_typed_stays_text(client: Client) -> None:
    page = await submit(client, {"name": '"><script>alert(1)</script>', "phone": NOBODY.phone})

    assert page.status_code == 400
    assert "alert(1)" not in page.text


@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data; boundary=b", "text/plain"])
async def test_another_kind_of_body_is_refused_with_a_page(client: Client, content_type: str) -> None:
    page = await client.post("/lookup", content=b"name=a", headers={**BROWSER, "Content-Type": content_type})

    assert page.status_code == 415
    assert "格式不支持" in visible(page)


async def test_a_field_sent_twice_or_one_that_is_not_asked_for_finds_nothing_it_should_not(
    client: Client, certificates: Certificates
) -> None:
    valid = certificates["valid"]
    headers = {**BROWSER, "Content-Type": "application/x-www-form-urlencoded"}
    body = str(httpx.QueryParams([("name", valid.name), ("name", NOBODY.name), ("phone", valid.phone)]))

    page = await client.post("/lookup", content=body.encode(), headers=headers)

    assert page.status_code in {200, 400}
    assert "证书有效" not in visible(page)


async def test_opening_the_answers_address_leads_back_to_the_form(client: Client) -> None:
    page = await client.get("/lookup", headers=BROWSER)

    assert page.status_code == 405
    assert "请从查询页开始" in visible(page)
