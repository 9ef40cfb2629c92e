"""`GET /v/{token}`: where a QR code leads. It shows what the paper shows, and whether that still stands."""

import datetime
import html
import re
from collections.abc import Mapping
from typing import Any

import pytest

from signing import format_token, parse_token
from tests.integration.web.conftest import BROWSER, Client, asking
from tests.registers import Certificate
from verify_service.database import Connection
from verify_service.settings import Settings

Certificates = Mapping[str, Certificate]
JSON = {"Accept": "application/json"}
UNKNOWN = format_token(bytes(10))
TAMPER = """
update credential_signature set sealed_record = {}
 where credential_id = (select credential_id from credential where token = $1)
"""
A_BIT_FLIPPED = "set_bit(sealed_record, 320, 1 - get_bit(sealed_record, 320))"
SOMEBODY_ELSES = """
(select other.sealed_record from credential_signature as other
  where other.credential_id <> credential_signature.credential_id limit 1)
"""


async def answer_of(client: Client, token: str) -> dict[str, Any]:
    response = await client.get(f"/v/{token}", headers=JSON)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    answer: dict[str, Any] = response.json()
    return answer


async def page_of(client: Client, token: str, lang: str = "zh-CN") -> str:
    response = await client.get(f"/v/{token}", params={"lang": lang}, headers=BROWSER)
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return html.unescape(re.sub(r"<[^>]*>", " ", response.text))


async def test_it_shows_what_the_paper_shows_of_a_person_and_no_more(
    client: Client, certificates: Certificates
) -> None:
    valid = certificates["valid"]

    answer = await answer_of(client, valid.token)

    assert datetime.date.fromisoformat(answer["certificate"].pop("issuedOn")) > datetime.date(2026, 1, 1)
    assert datetime.datetime.fromisoformat(answer.pop("checkedAt")).utcoffset() == datetime.timedelta(0)
    assert answer == {
        "outcome": "valid",
        "certificate": {
            "kind": "online_host",
            "title": "网络视听主播岗位合格证书",
            "number": valid.number,
            "name": valid.name,
            "sex": valid.sex,
            "idNumberMasked": f"{valid.id_number[0]}****************{valid.id_number[-1]}",
            "issuer": "样例传媒人才培训中心",
            "statusSince": None,
            "statusReason": None,
            "supersededBy": None,
        },
        "checks": [
            {"check": "signature", "outcome": "pass", "detail": "SIGNED_BY_ISSUER"},
            {"check": "registry", "outcome": "pass", "detail": "ON_REGISTER"},
            {"check": "status", "outcome": "pass", "detail": "VALID"},
        ],
    }


@pytest.mark.parametrize("headers", [JSON, BROWSER], ids=["JSON", "page"])
async def test_the_id_number_is_masked_the_phone_and_the_photo_are_not_there(
    client: Client, certificates: Certificates, headers: Mapping[str, str]
) -> None:
    valid = certificates["valid"]

    response = await client.get(f"/v/{valid.token}", headers=headers)

    digits = valid.id_number[1:-1]
    pieces = [digits[start : start + 6] for start in range(len(digits) - 5)]
    assert [piece for piece in [*pieces, valid.phone] if piece in response.text] == []
    assert "<img" not in response.text


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (None, "text/html"),
        ("*/*", "text/html"),
        (BROWSER["Accept"], "text/html"),
        ("application/json", "application/json"),
        ("application/json, text/html;q=0.5", "application/json"),
        ("text/html, application/json;q=0.5", "text/html"),
        ("image/png", "text/html"),
        ("application/json;q=inf", "text/html"),
    ],
)
async def test_who_asks_for_json_gets_it_and_everybody_else_the_page(
    client: Client, certificates: Certificates, accept: str | None, content_type: str
) -> None:
    headers = {} if accept is None else {"Accept": accept}

    response = await client.get(f"/v/{certificates['valid'].token}", headers=headers)

    assert response.headers["content-type"].split(";")[0] == content_type
    assert response.headers["vary"].lower().replace(" ", "").split(",").count("accept") == 1


@pytest.mark.parametrize(
    ("key", "outcome", "reason", "words"),
    [
        ("revoked-issued_in_error", "revoked", "issued_in_error", "证书已撤销"),
        ("revoked-key_compromise", "revoked", "key_compromise", "证书已撤销"),
        ("revoked-exam_misconduct", "revoked", "withdrawn", "证书已撤销"),
        ("revoked-holder_request", "revoked", "withdrawn", "证书已撤销"),
        ("old", "superseded", None, "已更正换发"),
        ("new", "valid", None, "证书有效"),
    ],
)
async def test_what_became_of_it_is_said_in_json_and_in_words(
    client: Client, certificates: Certificates, key: str, outcome: str, reason: str | None, words: str
) -> None:
    answer = await answer_of(client, certificates[key].token)

    certificate = answer["certificate"]
    assert (answer["outcome"], certificate["statusReason"]) == (outcome, reason)
    assert (certificate["statusSince"] is None) == (outcome == "valid")
    assert answer["checks"][-1]["outcome"] == ("pass" if outcome == "valid" else "fail")
    page = await page_of(client, certificates[key].token)
    assert [word for word in ("证书有效", "证书已撤销", "已更正换发", "未查询到") if word in page] == [words]


async def test_a_superseded_paper_leads_to_the_number_at_the_end_and_not_to_the_new_name(
    client: Client, certificates: Certificates
) -> None:
    first, third = certificates["first"], certificates["third"]

    answer = await answer_of(client, first.token)

    assert (answer["certificate"]["supersededBy"], answer["certificate"]["name"]) == (third.number, first.name)
    page = await page_of(client, first.token)
    assert third.number in page
    assert third.name not in page


@pytest.mark.parametrize(
    "token",
    [UNKNOWN, UNKNOWN[:-1], UNKNOWN + "0", "x" * 16, "%00", "%2e%2e", "<script>", "a" * 3000, "证书", "ILOU" * 4],
)
async def test_a_token_that_opens_nothing_is_an_answer_too(client: Client, token: str) -> None:
    answer = await answer_of(client, token)

    assert (answer["outcome"], answer["certificate"]) == ("not_found", None)
    assert answer["checks"] == [{"check": "registry", "outcome": "fail", "detail": "NOT_ON_REGISTER"}]
    for lang, words in (("zh-CN", "未查询到"), ("en", "Not found")):
        assert words in await page_of(client, token, lang)


async def test_a_token_typed_in_small_letters_is_the_same_or_nothing_but_never_a_fault(
    client: Client, certificates: Certificates
) -> None:
    assert (await answer_of(client, certificates["valid"].token.lower()))["outcome"] in {"valid", "not_found"}


@pytest.mark.parametrize("record", [A_BIT_FLIPPED, SOMEBODY_ELSES, "sealed_record || sealed_record", "''::bytea"])
async def test_a_record_that_was_tampered_with_in_the_database_is_our_fault_and_never_called_invalid(
    settings: Settings, superuser: Connection, certificates: Certificates, record: str
) -> None:
    valid = certificates["valid"]
    async with superuser.transaction():
        await superuser.execute("set local session_replication_role = replica")  # past the triggers
        assert await superuser.execute(TAMPER.format(record), parse_token(valid.token)) == "UPDATE 1"

    async with asking(settings) as client:
        for path in (f"/v/{valid.token}", f"/v/{valid.token}/record.json"):
            response = await client.get(path, headers=JSON)
            assert response.status_code == 503
            assert response.json()["type"].endswith("/problems/unavailable")
        page = await client.get(f"/v/{valid.token}", headers=BROWSER)
        assert page.status_code == 503
        assert "暂时无法核验" in page.text
        assert [word for word in ("证书有效", "内容不符", "未查询到", valid.name) if word in page.text] == []
        assert (await answer_of(client, certificates["new"].token))["outcome"] == "valid"


async def test_a_genuine_record_in_anothers_row_is_not_vouched_for(
    settings: Settings, superuser: Connection, certificates: Certificates
) -> None:
    tokens = [parse_token(certificates[case].token) for case in ("valid", "new")]
    unused = bytes(10)
    async with superuser.transaction():
        await superuser.execute("set local session_replication_role = replica")  # past the triggers
        for old, new in ((tokens[0], unused), (tokens[1], tokens[0]), (unused, tokens[1])):
            assert await superuser.execute("update credential set token = $2 where token = $1", old, new) == "UPDATE 1"

    async with asking(settings) as client:
        response = await client.get(f"/v/{certificates['valid'].token}", headers=JSON)

    assert response.status_code == 503
    assert certificates["new"].name not in response.text
