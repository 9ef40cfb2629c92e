"""Every answer carries the headers that keep a page from being framed, cached, sniffed, or told of to the next site."""

import re
from collections.abc import Mapping
from unittest.mock import patch

import httpx
import msgspec
import pytest

from tests.integration.web.conftest import BROWSER, Client, asking
from tests.registers import Certificate
from verify_service.lookups import service
from verify_service.settings import RateLimits, Settings

FIXED = {
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
}
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
DROPPING = f"{POLICY}; script-src 'self'"
COMPARING = f"{DROPPING}; connect-src 'self'"
POLICIES = {"the form for files": DROPPING, "the form for files again": DROPPING, "a token's page": COMPARING}
"""Only these pages have a script, each in a file of ours."""
JSON = {"Content-Type": "application/json"}
EMPTY_FILE = b'--b\r\nContent-Disposition: form-data; name="qr"\r\n\r\n\r\n--b--\r\n'
FORM = {**BROWSER, "Content-Type": "multipart/form-data; boundary=b"}
ANSWERS = {
    "the form": ("GET", "/", {}, b"", 200),
    "the form for files": ("GET", "/verify", {}, b"", 200),
    "the form for files again": ("POST", "/verify", FORM, EMPTY_FILE, 400),
    "an empty upload": ("POST", "/verify", FORM, b"", 400),
    "a verification": ("POST", "/api/v1/verifications", JSON, b'{"qr": "a"}', 200),
    "the page of keys": ("GET", "/keys", {}, b"", 200),
    "a token's page": ("GET", "/v/0000000000000000", BROWSER, b"", 200),
    "a token's answer": ("GET", "/v/0000000000000000", {"Accept": "application/json"}, b"", 200),
    "a lookup": ("POST", "/api/v1/lookups", JSON, '{"name": "赵无人", "phone": "19499999999"}'.encode(), 200),
    "a comparison": ("POST", "/api/v1/matches", JSON, b'{"token": "a", "check": {"phone": "19499999999"}}', 200),
    "health": ("GET", "/healthz", {}, b"", 200),
    "the description": ("GET", "/api/openapi.json", {}, b"", 200),
    "400": ("POST", "/api/v1/lookups", JSON, b"{", 400),
    "a status list that is not there": ("GET", "/status/revocation/7", {}, b"", 404),
    "404": ("GET", "/nothing", {}, b"", 404),
    "404 as a page": ("GET", "/nothing", BROWSER, b"", 404),
    "404 below /api": ("GET", "/api/nothing", BROWSER, b"", 404),
    "405": ("DELETE", "/", {}, b"", 405),
    "413": ("POST", "/api/v1/lookups", JSON, b"a" * 20_000, 413),
    "415": ("POST", "/api/v1/lookups", {}, b"a", 415),
}


def require_headers(response: httpx.Response, *, cached: bool = False, policy: str = POLICY) -> None:
    """Check the headers of an answer; `cached` is one that tells nothing about a person."""
    assert {name: response.headers.get(name) for name in FIXED} == FIXED
    assert response.headers["content-security-policy"] == policy
    assert "camera=()" in response.headers["permissions-policy"]
    assert "server" not in response.headers
    assert "set-cookie" not in response.headers
    if not cached:
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize("name", ANSWERS)
async def test_an_answer_of_any_status_has_them(client: Client, name: str) -> None:
    method, path, headers, body, status = ANSWERS[name]

    response = await client.request(method, path, headers=headers, content=body)

    assert response.status_code == status
    require_headers(response, policy=POLICIES.get(name, POLICY))


async def test_a_fault_of_ours_has_them(client: Client) -> None:
    with patch.object(service, "look_up", side_effect=RuntimeError):
        response = await client.post("/api/v1/lookups", json={"name": "赵无人", "phone": "19499999999"})

    assert response.status_code == 500
    require_headers(response)


async def test_a_refusal_by_the_edge_limits_has_them(site: Settings) -> None:
    limits = RateLimits(*["1/hour"] * 3)
    async with asking(msgspec.structs.replace(site, rate_limits=limits)) as client:
        answers = [await client.get("/v/0000000000000000", headers=headers) for headers in ({}, {}, BROWSER)]

    assert [answer.status_code for answer in answers] == [200, 429, 429]
    for answer, policy in zip(answers, (COMPARING, POLICY, POLICY), strict=True):
        require_headers(answer, policy=policy)


async def test_static_files_have_them_and_may_be_kept_for_ever(client: Client) -> None:
    page = await client.get("/", headers=BROWSER)
    style = re.findall(r'href="(/static/[^"]+)"', page.text)
    assert len(style) == 2
    fonts = re.findall(r"url\(([^)]+)\)", (await client.get(style[1])).text)
    assert fonts

    for path in (*style, *(f"/static/{font}" for font in fonts)):
        response = await client.get(path)
        assert response.status_code == 200
        require_headers(response, cached=True)
        assert response.headers["cache-control"] == "public, max-age=31536000, immutable"


async def test_pages_that_are_the_same_for_everybody_have_them_and_may_be_kept_for_a_while(client: Client) -> None:
    for path in ("/help", "/privacy", "/accessibility"):
        response = await client.get(path)
        require_headers(response, cached=True)
        assert response.headers["cache-control"] == "public, max-age=300"


async def test_public_keys_have_them(client: Client) -> None:
    for path in ("/.well-known/did.json", "/.well-known/jwks.json"):
        require_headers(await client.get(path), cached=True)


async def test_an_answer_about_a_person_is_never_kept(client: Client, certificates: Mapping[str, Certificate]) -> None:
    valid = certificates["valid"]
    landing = await client.get(f"/v/{valid.token}", headers=BROWSER)
    require_headers(landing, policy=COMPARING)
    for response in (
        await client.get(f"/v/{valid.token}/record.json"),
        await client.get(f"/v/{valid.token}/openbadge.json"),
        await client.post("/lookup", data=valid.facts(), headers=BROWSER),
        await client.post("/api/v1/lookups", json=valid.facts()),
    ):
        assert response.status_code == 200
        require_headers(response)
