"""What cannot be answered is a problem document (RFC 9457), or a page that says the same; nothing typed comes back."""

from collections.abc import Mapping
from typing import Any
from unittest.mock import patch

import httpx
import pytest

from tests.conftest import PUBLIC_URL
from tests.databases import administrate
from tests.factories import trainee
from tests.integration.web.conftest import BROWSER, Client, asking
from tests.registers import Certificate
from verify_service.embedded.server import EmbeddedServer
from verify_service.lookups import service
from verify_service.settings import Settings

PATH = "/api/v1/lookups"
SOMEBODY = trainee(7)
NAME, ID_NUMBER, PHONE = SOMEBODY.name, SOMEBODY.id_number, SOMEBODY.phone
MAX_BODY_BYTES = 16 * 1024
MALFORMED = [
    ("idNumber", "110000199001019601", "CHECKSUM"),
    ("idNumber", "1100001990010196", "LENGTH"),
    ("idNumber", "110000199013019605", "BIRTH_DATE"),
    ("idNumber", "110000１９９００１０１九六〇八", "CHARSET"),
    ("phone", "1941111111", "LENGTH"),
    ("phone", "010-87654321", "NOT_MOBILE"),
    ("phone", "1941111111a", "CHARSET"),
    ("name", "林晓雯123", "DIGIT"),
    ("name", "·林晓雯", "DOT_EDGE"),
    ("name", "林Иван", "CHARSET"),
    ("name", "林" * 201, "TOO_LONG"),
]


def problem_of(response: httpx.Response, status: int, name: str) -> dict[str, Any]:
    """Return the problem document, which must be of this status and name."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = response.json()
    assert (document["status"], document["type"]) == (status, f"{PUBLIC_URL}/problems/{name}")
    return document


@pytest.mark.parametrize(("field", "value", "code"), MALFORMED)
async def test_a_field_that_cannot_be_read_is_named_and_its_value_never_repeated(
    client: Client, field: str, value: str, code: str
) -> None:
    response = await client.post(PATH, json={"name": NAME, "idNumber": ID_NUMBER, "phone": PHONE, field: value})

    (refused,) = problem_of(response, 400, "malformed-field")["errors"]
    assert refused["field"] == field
    assert refused["message"]
    assert refused["code"] == code
    assert [typed for typed in (NAME, ID_NUMBER, PHONE, value) if typed in response.text] == []


async def test_every_field_that_cannot_be_read_is_named(client: Client) -> None:
    response = await client.post(PATH, json={"name": "林@", "idNumber": "1", "phone": "2"})

    errors = problem_of(response, 400, "malformed-field")["errors"]
    assert [error["field"] for error in errors] == ["name", "idNumber", "phone"]


@pytest.mark.parametrize("facts", [{}, {"name": NAME}, {"idNumber": ID_NUMBER}, {"phone": PHONE, "name": " "}])
async def test_one_fact_is_not_enough(client: Client, facts: Mapping[str, Any]) -> None:
    response = await client.post(PATH, json=facts)

    assert "errors" not in problem_of(response, 400, "two-fields-required")
    assert PHONE not in response.text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b'{"name": "a", "phone": 19400000000}',
        b'{"name": ["a"], "phone": "19400000000"}',
        b'{"name": "\\ud800", "phone": "19400000000"}',
        '{"name": "林晓雯", "phone": "19400000000", "email": "a@example.cn"}'.encode(),
        '{"name": "林晓雯", "id_number": "110000199001019608"}'.encode(),
        b"[" * 10_000,
    ],
)
async def test_a_body_that_cannot_be_read_is_refused_whole_an_unknown_member_included(
    client: Client, body: bytes
) -> None:
    response = await client.post(PATH, content=body, headers={"Content-Type": "application/json"})

    problem_of(response, 400, "malformed-body")
    assert [text for text in ("林晓雯", "19400000000", "email", "id_number") if text in response.text] == []


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded", "application/jsonp"])
async def test_a_body_of_another_type_is_not_read(client: Client, content_type: str | None) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}

    response = await client.post(PATH, content=b'{"name": "a", "phone": "b"}', headers=headers)

    problem_of(response, 415, "unsupported-media-type")


async def test_a_parameter_of_the_content_type_does_not_matter(client: Client) -> None:
    headers = {"Content-Type": 'Application/JSON; charset="utf-8"'}

    assert (await client.post(PATH, content=b"{}", headers=headers)).json()["title"] == "Two fields are required"


async def test_a_body_of_more_than_16_kib_is_refused(client: Client) -> None:
    response = await client.post(PATH, json={"name": "a" * MAX_BODY_BYTES})

    problem_of(response, 413, "payload-too-large")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("GET", PATH, "POST"), ("PUT", PATH, "POST"), ("GET", "/lookup", "POST"), ("POST", "/healthz", "GET")],
)
async def test_a_wrong_method_is_told_the_right_one(client: Client, method: str, path: str, allowed: str) -> None:
    response = await client.request(method, path)

    problem_of(response, 405, "method-not-allowed")
    assert allowed in response.headers["allow"].replace(" ", "").split(",")


@pytest.mark.parametrize("path", ["/nothing", "/api", "/api/v1", "/v", "/v/a/b", "/static/site.css", "/.well-known/"])
async def test_an_unknown_address_is_not_found(client: Client, path: str) -> None:
    problem_of(await client.get(path), 404, "not-found")


async def test_a_browser_reads_the_problem_as_a_page_of_the_same_status(client: Client) -> None:
    for language, words in (("zh-CN", "没有这个页面"), ("en", "There is no such page")):
        response = await client.get("/nothing", params={"lang": language}, headers=BROWSER)

        assert response.status_code == 404
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        assert f'<html lang="{language}">' in response.text
        assert words in response.text


async def test_a_fault_of_ours_tells_nothing_of_itself(client: Client) -> None:
    with patch.object(service, "look_up", side_effect=RuntimeError(f"about {NAME}")):
        response = await client.post(PATH, json={"name": NAME, "phone": PHONE})

    problem_of(response, 500, "internal-error")
    assert NAME not in response.text
    assert "RuntimeError" not in response.text


async def take_away(server: EmbeddedServer, database: str) -> None:
    """End every connection to a database and let nobody in again."""
    await administrate(
        server,
        f"alter database {database} with allow_connections false",
        f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{database}'",  # noqa: S608  # ours
    )


async def test_without_its_database_the_service_says_that_it_cannot_tell_and_comes_back_with_it(
    server: EmbeddedServer, settings: Settings, database_name: str, certificates: Mapping[str, Certificate]
) -> None:
    valid = certificates["valid"]
    async with asking(settings) as client:
        assert (await client.post(PATH, json=valid.facts())).status_code == 200
        await take_away(server, database_name)

        for response in (
            await client.post(PATH, json=valid.facts()),
            await client.get(f"/v/{valid.token}", headers={"Accept": "application/json"}),
            await client.get(f"/v/{valid.token}/record.json"),
            await client.get("/readyz"),
        ):
            problem_of(response, 503, "unavailable")
            assert int(response.headers["retry-after"]) > 0
        assert (await client.get("/healthz")).json() == {"status": "ok"}
        assert (await client.get("/.well-known/did.json")).status_code == 200

        for page in (
            await client.post("/lookup", data=valid.facts(), headers=BROWSER),
            await client.get(f"/v/{valid.token}", headers=BROWSER),
        ):
            assert page.status_code == 503
            assert int(page.headers["retry-after"]) > 0
            assert "暂时无法核验" in page.text
            assert [word for word in ("证书有效", "证书已撤销", "未查询到", valid.name) if word in page.text] == []

        await administrate(server, f"alter database {database_name} with allow_connections true")
        assert (await client.post(PATH, json=valid.facts())).json()["outcome"] == "found"
