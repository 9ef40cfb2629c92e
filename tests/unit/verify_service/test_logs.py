"""One JSON line per request, and no line with anything that a visitor sent."""

import asyncio
import json
import logging
import urllib.parse
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
import uvicorn
from litestar import Litestar, Request, get, post
from litestar.params import FromPath
from litestar.testing import TestClient

from verify_service.logs import configure_logging
from verify_service.pages.views import SiteTexts
from verify_service.problems import ProblemResponder
from verify_service.request_log import RequestLog

pytestmark = pytest.mark.usefixtures("logging_restored")
TOKEN, NAME, ID_NUMBER = "7ZZW3G0Q9K5C2B1A", "王小明", "11010119900307123X"
SITE = SiteTexts("样例", "样例培训中心", "Sample", "Sample Centre", "cert.example.cn")


@get("/v/{token:str}")
async def landing(token: FromPath[str]) -> str:
    return token


@post("/lookup", status_code=200)
async def lookup(request: Request[Any, Any, Any]) -> str:
    await request.body()
    structlog.get_logger().info("looked_up")
    return "answer"


@get("/broken/{token:str}")
async def broken(token: FromPath[str]) -> str:
    raise ValueError(f"{token} of {NAME}") from KeyError(ID_NUMBER)


@pytest.fixture
def client() -> Iterator[TestClient[Any]]:
    app = Litestar(
        [landing, lookup, broken],
        exception_handlers={Exception: ProblemResponder("https://cert.example.cn", SITE)},
        openapi_config=None,
        logging_config=None,
    )
    with TestClient(RequestLog(app)) as testing:
        yield testing


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_request_is_one_line_with_its_template_and_not_its_path(
    client: TestClient[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging()
    client.get(f"/v/{TOKEN}?name={NAME}")

    (line,) = lines(capsys)
    assert {"event": "request", "level": "info", "method": "GET", "route": "/v/{token}", "status": 200}.items() <= (
        line.items()
    )
    assert line["duration_ms"] >= 0
    assert line["timestamp"].endswith("Z")
    assert set(line) == {"event", "level", "timestamp", "request_id", "method", "route", "status", "duration_ms"}


@pytest.mark.parametrize(
    ("method", "path", "route", "status"),
    [
        ("GET", "/no/such/path", "unmatched", 404),
        ("DELETE", "/lookup", "unmatched", 405),
        ("INVENTED", "/lookup", "unmatched", 405),
        ("GET", "/broken/1", "/broken/{token}", 500),
    ],
)
def test_requests_without_a_route_and_failures_have_their_line_too(
    client: TestClient[Any], capsys: pytest.CaptureFixture[str], method: str, path: str, route: str, status: int
) -> None:
    configure_logging()
    client.request(method, path)

    line = lines(capsys)[-1]
    assert (line["event"], line["route"], line["status"]) == ("request", route, status)
    assert line["method"] == ("OTHER" if method == "INVENTED" else method)


def test_nothing_that_was_sent_is_in_the_log(client: TestClient[Any], capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    secrets = (TOKEN, NAME, ID_NUMBER, urllib.parse.quote(NAME), "192.0.2.7")
    headers = {
        "X-Forwarded-For": "192.0.2.7",
        "X-Request-Id": TOKEN,
        "User-Agent": ID_NUMBER,
        "Referer": f"https://host/v/{TOKEN}",
        "Cookie": f"id={ID_NUMBER}",
        "Accept": f"text/{ID_NUMBER}",
    }
    for path in (f"/v/{TOKEN}", f"/broken/{TOKEN}", f"/{ID_NUMBER}/{NAME}"):
        client.get(path, params={"name": NAME, "idNumber": ID_NUMBER, "lang": TOKEN}, headers=headers)
    client.post("/lookup", json={"name": NAME, "idNumber": ID_NUMBER}, headers=headers)
    client.request(ID_NUMBER, f"/{TOKEN}", headers=headers)

    written = capsys.readouterr()
    assert written.err.count('"event": "request"') == 5
    assert [secret for secret in secrets if secret in written.err + written.out] == []
    assert NAME.encode("unicode_escape").decode() not in written.err


def test_what_is_logged_during_a_request_bears_its_id_and_the_next_request_another(
    client: TestClient[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging()
    client.post("/lookup")
    client.post("/lookup")

    first, first_end, second, second_end = lines(capsys)
    assert first["event"] == "looked_up"
    assert first["request_id"] == first_end["request_id"]
    assert second["request_id"] == second_end["request_id"]
    assert first["request_id"] != second["request_id"]


def test_a_failure_is_logged_by_type_place_and_operation_alone(
    client: TestClient[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging()
    client.get(f"/broken/{TOKEN}")

    failure = lines(capsys)[0]
    assert failure["event"] == "request_failed"
    assert failure["error"] == "builtins.ValueError"
    assert failure["route"] == "/broken/{token}"
    assert failure["at"].rpartition(":")[2].isdigit()


async def test_an_error_that_escapes_the_application_is_still_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()

    async def escaping(*_: object) -> None:
        raise ValueError(NAME)

    with pytest.raises(ValueError, match=NAME):
        await RequestLog(escaping)({"type": "http", "method": "GET"}, None, None)  # type: ignore[arg-type]

    (line,) = lines(capsys)
    assert line["status"] == 500


def test_uvicorn_s_errors_come_through_without_the_text_of_the_exception(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    uvicorn.Config("nowhere:app", log_config=None, access_log=False)
    logging.getLogger("uvicorn.error").error("Exception in ASGI application\n", exc_info=ValueError(NAME))

    (line,) = lines(capsys)
    assert (line["event"], line["level"], line["error"]) == (
        "Exception in ASGI application",
        "error",
        "builtins.ValueError",
    )
    assert NAME not in str(line)


def test_uvicorn_s_access_log_is_off_even_where_the_server_leaves_it_on(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    uvicorn.Config("nowhere:app", log_config=None, access_log=True)

    logging.getLogger("uvicorn.access").info('192.0.2.7 - "GET /v/%s" 200', TOKEN)

    assert lines(capsys) == []


def test_of_other_libraries_only_the_fact_and_the_place_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()

    loop = asyncio.new_event_loop()
    loop.call_exception_handler({"message": f"Task of {NAME}", "exception": ValueError(ID_NUMBER)})
    loop.close()
    logging.getLogger("some.library").warning("value %s", ID_NUMBER)

    failed, warned = lines(capsys)
    assert (failed["event"], failed["logger"], failed["level"]) == ("library_message", "asyncio", "error")
    assert (warned["event"], warned["logger"], warned["level"]) == ("library_message", "some.library", "warning")
    assert NAME not in str(failed)
    assert ID_NUMBER not in str(failed) + str(warned)


def test_a_line_break_stays_inside_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()

    structlog.get_logger().info("event", value='one\n{"event": "forged"}\u2028')

    assert len(lines(capsys)) == 1
