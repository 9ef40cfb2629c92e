"""What the public process says by itself under the consoles' addresses: in their words, not the public site's."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from litestar import Litestar
from litestar.datastructures import State
from litestar.testing import TestClient
from structlog.testing import capture_logs

from verify_service.consoles.forwarding import FORWARDED, ConsoleForwarder
from verify_service.head_requests import HeadAsGet
from verify_service.pages.views import SiteTexts
from verify_service.problems import ProblemResponder
from verify_service.request_log import RequestLog

PUBLIC_URL = "https://cert.example.cn"
SITE = SiteTexts("样例", "样例培训中心", "Sample", "Sample Centre", "cert.example.cn")
OF_THE_PUBLIC_SITE = ("查询", "核验", "证书", "verify", "certificate", "lookup")


@contextmanager
def asking(socket_path: Path) -> Iterator[TestClient[Any]]:
    """Lend a client of the public process, whose consoles would listen at a socket."""
    app = Litestar(
        list(FORWARDED),
        state=State({"console_forwarder": ConsoleForwarder(socket_path, ()), "site": SITE}),
        exception_handlers={Exception: ProblemResponder(PUBLIC_URL, SITE)},
        openapi_config=None,
        logging_config=None,
    )
    with TestClient(cast("Any", RequestLog(HeadAsGet(app)))) as client:
        yield client


@contextmanager
def falling_silent(path: Path) -> Iterator[None]:
    """Take one request at a socket and hang up, as a process does that dies over it."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()

        def hang_up() -> None:
            taken, _ = listening.accept()
            with taken:
                taken.recv(1)

        thread = threading.Thread(target=hang_up)
        thread.start()
        yield
        thread.join()


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/staff", "/staff/{path}"),
        ("/staff/people/11010119900307123X?q=11010119900307123X", "/staff/{path}"),
        ("/partner/invitations/11010119900307123X", "/partner/{path}"),
        ("/partner/%00/11010119900307123X", "/partner/{path}"),
        ("/elsewhere/11010119900307123X", "unmatched"),
    ],
)
def test_the_log_has_a_template_and_nothing_that_was_typed(tmp_path: Path, method: str, path: str, route: str) -> None:
    with capture_logs() as logged, asking(tmp_path / "nobody.sock") as client:
        client.request(method, path)

    lines = [line for line in logged if line["event"] in {"request", "request_failed"}]
    assert {(line["method"], line["route"]) for line in lines if line["event"] == "request"} == {(method, route)}
    assert {line["route"] for line in lines} == {route}
    assert "11010119900307123X" not in repr(logged)


@pytest.mark.parametrize("path", ["/staff", "/staff/cohorts/C1", "/partner", "/partner/sign-in"])
@pytest.mark.parametrize(("language", "words"), [("", "暂时无法使用"), ("?lang=en", "Not available right now")])
def test_where_no_console_listens_the_page_is_theirs(tmp_path: Path, path: str, language: str, words: str) -> None:
    with asking(tmp_path / "nobody.sock") as client:
        answer = client.get(f"{path}{language}", headers={"Accept": "text/html"})

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    main = answer.text.partition("<main")[2]
    assert words in main
    assert [word for word in OF_THE_PUBLIC_SITE if word in main] == []


@pytest.mark.parametrize(
    ("language", "words"), [("", "可能已经生效，也可能没有"), ("?lang=en", "may have been done, or not")]
)
def test_a_console_that_falls_silent_is_not_said_to_have_done_nothing(
    tmp_path: Path, language: str, words: str
) -> None:
    path = tmp_path / "console.sock"
    with falling_silent(path), asking(path) as client:
        answer = client.post(f"/staff/partners{language}", data={"name": "甲中心"})

    assert answer.status_code == 503
    assert words in answer.text
