"""Headers on every answer, and the right of a response to its own."""

import pytest
from litestar import Litestar, Response, get
from litestar.params import FromPath
from litestar.testing import TestClient

from verify_service.security_headers import security_headers


@get("/page", sync_to_thread=False)
def page() -> str:
    return "page"


@get("/failure", sync_to_thread=False)
def failure() -> str:
    raise ValueError


@get("/open/{name:str}", sync_to_thread=False)
def public_key(name: FromPath[str]) -> Response[str]:
    return Response(
        name,
        headers={
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Cache-Control": "public, max-age=300",
            "Content-Security-Policy": "script-src 'self'",
        },
    )


def client(public_url: str = "https://cert.example.cn") -> TestClient[Litestar]:
    return TestClient(
        Litestar(
            [page, failure, public_key],
            before_send=[security_headers(public_url)],
            openapi_config=None,
            logging_config=None,
        ),
        raise_server_exceptions=False,
    )


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/page", 200), ("GET", "/no/such/path", 404), ("DELETE", "/page", 405), ("GET", "/failure", 500)],
)
def test_every_answer_has_them_errors_and_unknown_paths_included(method: str, path: str, status: int) -> None:
    with client() as testing:
        answer = testing.request(method, path)

    assert answer.status_code == status
    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert "camera=()" in answer.headers["permissions-policy"]


def test_a_response_keeps_what_it_set_itself_and_nothing_stands_twice() -> None:
    with client() as testing:
        answer = testing.get("/open/did.json")

    assert answer.headers.get_list("cross-origin-resource-policy") == ["cross-origin"]
    assert answer.headers.get_list("cache-control") == ["public, max-age=300"]
    assert answer.headers.get_list("content-security-policy") == ["script-src 'self'"]
    assert answer.headers["referrer-policy"] == "no-referrer"


def test_plain_http_on_loopback_is_not_pinned_to_https() -> None:
    with client("http://127.0.0.1:8000") as testing:
        assert "strict-transport-security" not in testing.get("/page").headers
