"""HEAD is answered as GET is, without the body; a visitor who leaves while sending is no fault of ours."""

import json
from collections.abc import Mapping, Set
from typing import Any

import pytest

from tests.integration.web.conftest import BROWSER, Client
from tests.registers import Certificate
from verify_service.app import create_app
from verify_service.logs import configure_logging
from verify_service.settings import Settings

pytestmark = pytest.mark.usefixtures("logging_restored")

ANSWERED = [
    "/",
    "/healthz",
    "/readyz",
    "/.well-known/did.json",
    "/.well-known/jwks.json",
    "/keys",
    "/verify",
    "/kit/verify.mjs",
    "/kit/offline.html",
    "/api/openapi.json",
    "/nothing",
]
VARYING = {"x-request-id", "date"}
SEALED = "content-length"
"""Of a page with an answer in it, sealed anew each time: it deflates to a few bytes more or fewer."""


async def same_header_without_body(
    client: Client, path: str, headers: Mapping[str, str], varying: Set[str] = VARYING
) -> None:
    got, head = await client.get(path, headers=headers), await client.head(path, headers=headers)

    assert (head.status_code, head.content) == (got.status_code, b"")
    assert {k: v for k, v in head.headers.items() if k not in varying} == {
        k: v for k, v in got.headers.items() if k not in varying
    }


@pytest.mark.parametrize("path", ANSWERED)
async def test_head_has_the_header_of_get_and_no_body(client: Client, path: str) -> None:
    await same_header_without_body(client, path, BROWSER)


async def test_head_of_a_certificates_page_and_of_its_static_files(
    client: Client, certificates: Mapping[str, Certificate]
) -> None:
    page = f"/v/{certificates['valid'].token}"
    asset = "/static/" + (await client.get(page, headers=BROWSER)).text.split("/static/")[1].split('"')[0]

    for path, varying in ((page, VARYING | {SEALED}), (asset, VARYING)):
        assert (await client.get(path, headers=BROWSER)).status_code == 200
        await same_header_without_body(client, path, BROWSER, varying)


async def test_head_of_what_only_takes_post_is_refused(client: Client) -> None:
    assert (await client.head("/lookup")).status_code == 405


async def send_and_leave(app: Any, scope: Mapping[str, Any], *events: Mapping[str, Any]) -> list[Any]:  # noqa: ANN401
    """Run one request whose client sends these events and is gone; return what was answered."""
    remaining, answered = [*events], []

    async def receive() -> Any:  # noqa: ANN401  # an ASGI event
        return remaining.pop(0) if remaining else {"type": "http.disconnect"}

    async def send(message: Any) -> None:  # noqa: ANN401  # an ASGI event
        answered.append(message)

    await app({**SCOPE, **scope}, receive, send)
    return answered


SCOPE = {
    "type": "http",
    "asgi": {"version": "3.0"},
    "http_version": "1.1",
    "method": "GET",
    "scheme": "http",
    "query_string": b"",
    "root_path": "",
    "client": ("192.0.2.7", 1),
    "server": ("127.0.0.1", 8000),
}


@pytest.mark.parametrize(
    ("path", "media_type"),
    [("/api/v1/lookups", b"application/json"), ("/lookup", b"application/x-www-form-urlencoded")],
)
async def test_a_client_who_leaves_while_sending_is_no_error_of_ours(
    site: Settings, capsys: pytest.CaptureFixture[str], path: str, media_type: bytes
) -> None:
    assert site.database_url is not None
    app = await create_app(site, site.database_url)
    scope = {"method": "POST", "path": path, "raw_path": path.encode(), "headers": [(b"content-type", media_type)]}

    configure_logging()
    answered = await send_and_leave(app, scope, {"type": "http.request", "body": b"{", "more_body": True})

    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert answered[0]["status"] == 400
    assert [(line["event"], line["level"], line["status"]) for line in lines] == [("request", "info", 400)]


async def test_the_log_names_head_and_its_route(site: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert site.database_url is not None
    app = await create_app(site, site.database_url)

    configure_logging()
    await send_and_leave(app, {"method": "HEAD", "path": "/healthz", "raw_path": b"/healthz", "headers": []})

    (line,) = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert (line["method"], line["route"], line["status"]) == ("HEAD", "/healthz", 200)
