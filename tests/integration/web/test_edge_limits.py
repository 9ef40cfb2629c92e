"""The edge limits on a running server: how often one network may ask, who that is, and what is never limited."""

import subprocess
from collections.abc import Iterator, Mapping

import httpx
import msgspec
import pytest

from tests.integration.web.conftest import BROWSER
from tests.office import environment_of
from tests.registers import Certificate
from tests.serving import Serving, command, environment_with, free_port, serving
from verify_service.settings import PREFIX, RateLimits, Settings

LIMIT = 5
WINDOW_SECONDS = 3600
PATH = "/api/v1/lookups"
FORWARDED = "X-Forwarded-For"


@pytest.fixture(scope="module")
def limited(site: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server behind a proxy of this machine, that lets a network ask five times an hour."""
    limits = RateLimits(network=f"{LIMIT}/hour", neighbourhood="1000/hour", everyone="1000/second")
    settings = msgspec.structs.replace(site, rate_limits=limits)
    with serving(settings, tmp_path_factory.mktemp("limited"), TRUSTED_PROXIES="127.0.0.1") as served:
        yield served


@pytest.fixture
def asking(limited: Serving) -> Iterator[httpx.Client]:
    with limited.client() as client:
        yield client


@pytest.fixture(scope="module")
def facts(certificates: Mapping[str, Certificate]) -> dict[str, str]:
    return certificates["valid"].facts("name", "phone")


def statuses(asking: httpx.Client, facts: Mapping[str, str], *hops: str) -> list[int]:
    """Return the status of one lookup for each value of X-Forwarded-For."""
    return [asking.post(PATH, json=facts, headers={FORWARDED: hop}).status_code for hop in hops]


def test_a_network_that_has_spent_its_limit_is_told_when_to_come_back(
    asking: httpx.Client, facts: Mapping[str, str]
) -> None:
    assert statuses(asking, facts, *["192.0.2.1"] * LIMIT) == [200] * LIMIT

    refused = asking.post(PATH, json=facts, headers={FORWARDED: "192.0.2.1"})

    assert refused.status_code == 429
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["type"].endswith("/problems/too-many-requests")
    assert 0 < int(refused.headers["retry-after"]) <= WINDOW_SECONDS
    assert refused.headers["ratelimit-policy"] == f'"network";q={LIMIT};w={WINDOW_SECONDS}'
    assert refused.headers["ratelimit"].startswith('"network";r=0;t=')
    page = asking.post("/lookup", data=facts, headers={**BROWSER, FORWARDED: "192.0.2.1"})
    assert page.status_code == 429
    assert "查询过于频繁" in page.text
    assert [word for word in ("证书有效", "未查询到", "暂时无法核验") if word in page.text] == []
    assert "扫描上面的二维码" in page.text
    assert "PDF" in page.text


def test_right_and_wrong_facts_are_refused_alike(asking: httpx.Client, facts: Mapping[str, str]) -> None:
    assert statuses(asking, facts, *["192.0.2.2"] * LIMIT) == [200] * LIMIT

    refusals = [
        asking.post(PATH, json=asked, headers={FORWARDED: "192.0.2.2"})
        for asked in (facts, {**facts, "name": "赵无人"}, {"name": "x"}, {})
    ]

    assert {(refusal.status_code, refusal.content) for refusal in refusals} == {(429, refusals[0].content)}


def test_who_has_spent_the_lookups_may_still_scan_the_paper(
    asking: httpx.Client, facts: Mapping[str, str], certificates: Mapping[str, Certificate]
) -> None:
    headers = {FORWARDED: "192.0.2.3"}
    assert statuses(asking, facts, *["192.0.2.3"] * (LIMIT + 1))[-1] == 429

    scans = [asking.get(f"/v/{certificates['valid'].token}", headers=headers).status_code for _ in range(LIMIT + 1)]

    assert scans == [200] * LIMIT + [429]


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/help", "/privacy", "/accessibility", "/api/openapi.json", "/api/docs"),
        *("/healthz", "/readyz", "/.well-known/did.json", "/.well-known/jwks.json"),
    ],
)
def test_what_tells_nothing_about_a_person_is_not_limited(asking: httpx.Client, path: str) -> None:
    answers = [asking.get(path, headers={FORWARDED: "192.0.2.4"}).status_code for _ in range(3 * LIMIT)]

    assert answers == [200] * 3 * LIMIT


def test_static_files_are_not_limited(asking: httpx.Client) -> None:
    style = httpx.URL(asking.get("/").text.split('rel="stylesheet" href="')[1].split('"')[0])

    assert {asking.get(style, headers={FORWARDED: "192.0.2.5"}).status_code for _ in range(3 * LIMIT)} == {200}


def test_behind_a_trusted_proxy_each_client_has_a_limit_of_its_own(
    asking: httpx.Client, facts: Mapping[str, str]
) -> None:
    assert statuses(asking, facts, *["192.0.2.6"] * (LIMIT + 1))[-1] == 429

    assert statuses(asking, facts, "192.0.2.7", "2001:db8::1") == [200, 200]


def test_what_a_client_writes_before_the_proxys_own_hop_buys_nothing(
    asking: httpx.Client, facts: Mapping[str, str]
) -> None:
    invented = [f"10.9.8.{place}, 192.0.2.8" for place in range(LIMIT + 1)]

    assert statuses(asking, facts, *invented) == [200] * LIMIT + [429]


def test_one_ipv6_subscriber_is_one_client(asking: httpx.Client, facts: Mapping[str, str]) -> None:
    addresses = [f"2001:db8:1:2::{place:x}" for place in range(LIMIT + 1)]

    assert statuses(asking, facts, *addresses) == [200] * LIMIT + [429]


def test_addresses_that_cannot_be_read_share_one_bucket(asking: httpx.Client, facts: Mapping[str, str]) -> None:
    junk = ["'; drop", "999.1.1.1", "unknown", "fe80::1%eth0", "localhost", ""]

    assert 429 in statuses(asking, facts, *junk)


def test_without_a_trusted_proxy_the_header_is_not_read(
    site: Settings, tmp_path_factory: pytest.TempPathFactory, facts: Mapping[str, str]
) -> None:
    settings = msgspec.structs.replace(site, rate_limits=RateLimits(network=f"{LIMIT}/hour"))
    with serving(settings, tmp_path_factory.mktemp("untrusting")) as served, served.client() as client:
        assert statuses(client, facts, *[f"192.0.2.{place}" for place in range(LIMIT + 1)]) == [200] * LIMIT + [429]


def test_a_body_whose_size_is_not_said_is_cut_off_all_the_same(asking: httpx.Client) -> None:
    def body() -> Iterator[bytes]:
        yield b'{"name": "'
        for _ in range(40):
            yield b"a" * 1024

    refused = asking.post(PATH, content=body(), headers={"Content-Type": "application/json", FORWARDED: "192.0.2.9"})

    assert refused.status_code == 413


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RATE_LIMIT_NETWORK", "30/minit"),
        ("RATE_LIMIT_NEIGHBOURHOOD", "many"),
        ("RATE_LIMIT_EVERYONE", "0/second"),
        ("RATE_LIMIT_STORAGE", "memroy://"),
        ("TRUSTED_PROXIES", "10.0.0.0/8, proxy.example.cn"),
    ],
)
def test_a_misspelt_limit_refuses_the_start_in_one_line_that_names_it(site: Settings, name: str, value: str) -> None:
    ran = subprocess.run(  # noqa: S603  # ourselves
        command("serve", "--port", str(free_port())),
        env=environment_with({**environment_of(site), PREFIX + name: value}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ran.returncode == 2
    (line,) = ran.stderr.splitlines()
    assert PREFIX + name in line
