"""The gate in front of the routes, over HTTP."""

import ipaddress
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar, get, post
from litestar.params import FromPath

from verify_service.pages.views import SiteTexts
from verify_service.problems import ProblemResponder
from verify_service.rate_limits.routes import ARTEFACTS, UNLIMITED, EdgeGate
from verify_service.settings import RateLimits, Settings

PUBLIC_URL = "https://cert.example.cn"
SITE = SiteTexts("样例", "样例培训中心", "Sample", "Sample Centre", "cert.example.cn")


@get("/v/{token:str}")
async def about_a_person(token: FromPath[str]) -> str:
    return token


@post("/lookup", status_code=200)
async def about_another() -> str:
    return "someone"


@get("/static/{name:str}", opt=UNLIMITED)
async def about_nobody(name: FromPath[str]) -> str:
    return name


@get("/paper/{token:str}", opt=ARTEFACTS)
async def about_a_paper(token: FromPath[str]) -> str:
    return token


def app(network: str = "5/minute", *, is_guessed_at: bool = False, **settings: Any) -> Litestar:  # noqa: ANN401  # members of Settings
    edge = Settings(
        data_dir=Path("data"),
        key_dir=Path("keys"),
        rate_limits=RateLimits(network=network, neighbourhood="100/minute", everyone="1000/minute"),
        **settings,
    )
    return Litestar(
        [about_a_person, about_another, about_nobody, about_a_paper],
        middleware=[EdgeGate(edge, lambda: is_guessed_at, lambda _: None)],
        exception_handlers={Exception: ProblemResponder(PUBLIC_URL, SITE)},
        openapi_config=None,
        logging_config=None,
    )


def visitor(application: Litestar, address: str = "192.0.2.7") -> httpx.AsyncClient:
    asgi: Any = application  # httpx and Litestar spell the types of ASGI differently
    transport = httpx.ASGITransport(asgi, client=(address, 50000))
    return httpx.AsyncClient(transport=transport, base_url="http://testserver")


async def test_a_path_does_not_split_the_bucket() -> None:
    async with visitor(app()) as client:
        codes = [(await client.get(f"/v/TOKEN{number}")).status_code for number in range(20)]

    assert codes == [200] * 5 + [429] * 15


async def test_all_limited_routes_share_one_bucket() -> None:
    async with visitor(app()) as client:
        codes = [(await client.post("/lookup")).status_code for _ in range(3)]
        codes += [(await client.get("/v/TOKEN")).status_code for _ in range(3)]

    assert codes == [200] * 5 + [429]


async def test_whoever_has_spent_the_lookups_may_still_scan_the_paper_within_limits_of_its_own() -> None:
    async with visitor(app()) as client:
        lookups = [(await client.post("/lookup")).status_code for _ in range(6)]
        scans = [(await client.get(f"/paper/TOKEN{number}")).status_code for number in range(6)]

    assert lookups == scans == [200] * 5 + [429]


async def test_while_the_breaker_is_open_a_third_of_the_lookups_pass_and_every_scan() -> None:
    async with visitor(app("6/minute", is_guessed_at=True)) as client:
        lookups = [(await client.post("/lookup")).status_code for _ in range(4)]
        scans = [(await client.get(f"/paper/TOKEN{number}")).status_code for number in range(7)]

    assert lookups == [200] * 2 + [429] * 2
    assert scans == [200] * 6 + [429]


async def test_a_refusal_says_when_and_which() -> None:
    async with visitor(app()) as client:
        refused = [await client.get("/v/TOKEN") for _ in range(6)][-1]

    seconds = int(refused.headers["retry-after"])
    assert 1 <= seconds <= 60
    assert refused.headers["ratelimit-policy"] == '"network";q=5;w=60'
    assert refused.headers["ratelimit"] == f'"network";r=0;t={seconds}'
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["type"] == f"{PUBLIC_URL}/problems/too-many-requests"


async def test_a_browser_is_refused_by_a_page_that_does_not_look_like_an_answer() -> None:
    async with visitor(app()) as client:
        refused = [await client.get("/v/TOKEN", headers={"Accept": "text/html,*/*;q=0.8"}) for _ in range(6)][-1]

    assert refused.status_code == 429
    assert refused.headers["content-type"].startswith("text/html")
    assert "查询过于频繁" in refused.text
    assert "有效" not in refused.text.replace("与证书是否有效无关", "")


async def test_what_says_it_tells_nothing_of_a_person_stays_open() -> None:
    async with visitor(app()) as client:
        for _ in range(10):
            await client.get("/v/TOKEN")

        assert (await client.get("/static/site.css")).status_code == 200


async def test_unknown_paths_cost_nothing() -> None:
    async with visitor(app()) as client:
        for _ in range(10):
            await client.get("/no/such/path")

        assert (await client.get("/v/TOKEN")).status_code == 200


async def test_another_client_is_not_refused_for_it() -> None:
    application = app()
    async with visitor(application) as spender, visitor(application, "198.51.100.1") as other:
        for _ in range(10):
            await spender.get("/v/TOKEN")

        assert (await other.get("/v/TOKEN")).status_code == 200


@pytest.mark.parametrize("claim", ["203.0.113.{}", "6.6.6.{}, 1.1.1.1", "'; drop {}", "2001:db8:{}::1"])
async def test_a_stranger_cannot_buy_a_bucket_with_a_header(claim: str) -> None:
    async with visitor(app()) as client:
        headers = [{"X-Forwarded-For": claim.format(number)} for number in range(20)]
        codes = [(await client.get("/v/TOKEN", headers=header)).status_code for header in headers]

    assert codes.count(200) == 5


async def test_clients_behind_a_trusted_proxy_are_told_apart() -> None:
    application = app(trusted_proxies=(ipaddress.ip_network("10.0.0.0/8"),))
    async with visitor(application, "10.0.0.1") as proxy:
        codes = [
            (await proxy.get("/v/TOKEN", headers={"X-Forwarded-For": f"6.6.6.6, 198.51.100.{number % 3}"})).status_code
            for number in range(30)
        ]

    assert codes.count(200) == 15
