"""Every failure becomes a problem document, or the same in a page, and repeats nothing of what was sent."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import asyncpg
import msgspec
import pytest
from litestar import Litestar, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.exceptions import HTTPException, PermissionDeniedException
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.testing import TestClient

from verify_service import problems
from verify_service.errors import (
    ConflictError,
    FieldError,
    NotFoundError,
    ServiceError,
    UnavailableError,
    UsageError,
)
from verify_service.pages.views import SiteTexts
from verify_service.problems import ProblemError, ProblemResponder, problem_of

PUBLIC_URL = "https://cert.example.cn"
SITE = SiteTexts("样例", "样例培训中心", "Sample", "Sample Centre", "cert.example.cn")
SECRET = "11010119900307123X"
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
RAISED: list[Exception] = []


class Question(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    id_number: str
    count: int = 0


@post("/questions", status_code=200, request_max_body_size=1000)
async def ask(data: JSONBody[Question]) -> Response[bytes]:
    return Response(b"answered")


@get("/v/{token:str}")
async def fail(token: FromPath[str], number: FromQuery[int] = 0) -> None:
    raise RAISED[0]


async def lend() -> AsyncIterator[str]:
    yield "connection"


@get("/lent")
async def fail_with_a_dependency(lent: NamedDependency[str]) -> None:
    raise RAISED[0]


@contextmanager
def client(error: Exception | None = None) -> Iterator[TestClient[Litestar]]:
    RAISED[:] = [error or AssertionError("no error was set")]
    app = Litestar(
        [ask, fail, fail_with_a_dependency],
        dependencies={"lent": Provide(lend)},
        exception_handlers={Exception: ProblemResponder(PUBLIC_URL, SITE)},
        openapi_config=None,
        logging_config=None,
    )
    with TestClient(app) as testing:
        yield testing


def name_of(kind_type: str) -> str:
    return kind_type.removeprefix(f"{PUBLIC_URL}/problems/")


@pytest.mark.parametrize(
    ("error", "status", "name"),
    [
        (ProblemError(problems.TWO_FIELDS_REQUIRED), 400, "two-fields-required"),
        (FieldError("CHECKSUM"), 400, "malformed-field"),
        (NotFoundError("NO_RECORD", SECRET), 404, "not-found"),
        (ConflictError("ALREADY", SECRET), 409, "about:blank"),
        (UnavailableError("DATABASE_UNREACHABLE", SECRET), 503, "unavailable"),
        (UsageError("MISSING_KEY", SECRET), 503, "unavailable"),
        (ConnectionRefusedError(SECRET), 503, "unavailable"),
        (TimeoutError(SECRET), 503, "unavailable"),
        (asyncpg.ConnectionDoesNotExistError(SECRET), 503, "unavailable"),
        (asyncpg.QueryCanceledError(SECRET), 503, "unavailable"),
        (asyncpg.TooManyConnectionsError(SECRET), 503, "unavailable"),
        (asyncpg.UniqueViolationError(SECRET), 500, "internal-error"),
        (msgspec.ValidationError(SECRET), 500, "internal-error"),
        (ServiceError("UNFORESEEN", SECRET), 500, "internal-error"),
        (ValueError(SECRET), 500, "internal-error"),
        (HTTPException(detail=SECRET, status_code=415), 415, "unsupported-media-type"),
        (HTTPException(detail=SECRET, status_code=503), 503, "unavailable"),
        (PermissionDeniedException(detail=SECRET, extra={"value": SECRET}), 403, "about:blank"),
    ],
)
def test_each_failure_has_its_status_and_name_and_repeats_nothing(error: Exception, status: int, name: str) -> None:
    with client(error) as testing:
        document = testing.get(f"/v/{SECRET}", headers={"Accept": "application/json"})
        page = testing.get(f"/v/{SECRET}", headers=BROWSER)

    assert document.status_code == page.status_code == status
    assert document.headers["content-type"] == "application/problem+json"
    assert page.headers["content-type"].startswith("text/html; charset=utf-8")
    assert document.json()["status"] == status
    assert name_of(document.json()["type"]) == name
    assert SECRET not in document.text + str(document.headers)
    assert SECRET not in page.text + str(page.headers)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"", "application/json"),
        (b"[]", "application/json"),
        (b'{"idNumber": 1}', "application/json"),
        (b'{"idNumber": "11010119900307123X", "count": "11010119900307123X"}', "application/json"),
        (b'{"idNumber": "1", "11010119900307123X": ""}', "application/json"),
        (b"idNumber=11010119900307123X", "application/x-www-form-urlencoded"),
    ],
)
def test_a_body_that_cannot_be_read_is_malformed_whatever_is_wrong_with_it(body: bytes, content_type: str) -> None:
    with client() as testing:
        answer = testing.post("/questions", content=body, headers={"Content-Type": content_type})

    assert answer.status_code == 400
    assert answer.json() == {
        "type": f"{PUBLIC_URL}/problems/malformed-body",
        "title": "The request cannot be read",
        "status": 400,
        "detail": "It is malformed, or has a member that is not known.",
    }


def test_a_malformed_query_is_not_repeated_either() -> None:
    with client() as testing:
        answer = testing.get(f"/v/TOKEN?number={SECRET}")

    assert answer.status_code == 400
    assert SECRET not in answer.text


def test_the_router_s_own_refusals_are_problems_too() -> None:
    with client() as testing:
        unknown = testing.get(f"/{SECRET}")
        wrong_method = testing.get("/questions")
        too_large = testing.post("/questions", json={"idNumber": "1" * 2000})

    assert [name_of(answer.json()["type"]) for answer in (unknown, wrong_method, too_large)] == [
        "not-found",
        "method-not-allowed",
        "payload-too-large",
    ]
    assert SECRET not in unknown.text
    assert wrong_method.headers["allow"] == "POST, OPTIONS"


def test_refused_fields_are_named_with_code_and_sentence_in_the_language_asked_for() -> None:
    error = ProblemError(problems.MALFORMED_FIELD, fields={"idNumber": "CHECKSUM", "phone": "LENGTH"})

    with client(error) as testing:
        chinese = testing.get("/v/TOKEN").json()["errors"]
        english = testing.get("/v/TOKEN?lang=en").json()["errors"]

    assert [(field["field"], field["code"]) for field in chinese] == [("idNumber", "CHECKSUM"), ("phone", "LENGTH")]
    assert "校验码" in chinese[0]["message"]
    assert english[0]["message"].isascii()


def test_a_kind_s_time_to_retry_is_in_the_header_and_a_route_may_know_better() -> None:
    with client(UnavailableError("X", "x")) as testing:
        outage = testing.get("/v/TOKEN")
    with client(
        ProblemError(problems.TOO_MANY_REQUESTS, retry_after_seconds=90, headers={"RateLimit": "x"})
    ) as testing:
        refused = testing.get("/v/TOKEN", headers=BROWSER)

    assert outage.headers["retry-after"] == "30"
    assert refused.headers["retry-after"] == "90"
    assert refused.headers["ratelimit"] == "x"
    assert "2 分钟" in refused.text


def test_an_outage_page_says_that_it_is_no_answer() -> None:
    with client(UnavailableError("X", "x")) as testing:
        answer = testing.get("/v/TOKEN", headers=BROWSER)

    assert answer.status_code == 503
    assert "暂时无法核验" in answer.text
    assert "这不代表证书无效" in answer.text


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "application/problem+json"),
        ("*/*", "application/problem+json"),
        ("application/json, text/html;q=0.5", "application/problem+json"),
        ("application/json;q=0.5, text/html", "text/html"),
        ("text/*", "text/html"),
        ("image/png", "application/problem+json"),
        ("", "application/problem+json"),
        (";;,,/;q=x", "application/problem+json"),
    ],
)
def test_html_goes_only_to_those_who_prefer_it(accept: str | None, media_type: str) -> None:
    headers = {} if accept is None else {"Accept": accept}
    with client(ValueError()) as testing:
        answer = testing.get("/v/TOKEN", headers=headers)

    assert answer.headers["content-type"].split(";")[0] == media_type


@pytest.mark.parametrize("query", ["lang=%ff", "lang=", "lang", "lang=xx&lang=en", "=&&="])
def test_no_query_breaks_the_answer(query: str) -> None:
    with client(ValueError()) as testing:
        assert testing.get(f"/v/TOKEN?{query}", headers=BROWSER).status_code == 500


def test_an_error_reaches_the_responder_unwrapped_through_a_lent_dependency() -> None:
    with client(UnavailableError("X", "x")) as testing:
        assert testing.get("/lent").status_code == 503


def test_a_status_without_a_name_of_ours_is_about_blank_with_its_phrase() -> None:
    problem = problem_of(PermissionDeniedException())

    assert (problem.kind.name, problem.kind.status, problem.kind.title) == (None, 403, "Forbidden")


def test_a_header_that_cannot_be_read_gets_the_document() -> None:
    with client(ProblemError(problems.NOT_FOUND)) as asking:
        response = asking.get("/v/0", headers={"Accept": "text/html;q=inf"})

    assert (response.status_code, response.headers["content-type"]) == (404, problems.JSON)
