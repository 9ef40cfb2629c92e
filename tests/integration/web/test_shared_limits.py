"""Edge limits that two servers share in a real Redis: exact while it is there, stricter while it is not, never open."""

import asyncio
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

import httpx
import msgspec
import pytest
import redis

from tests.registers import Certificate
from tests.serving import POLL_SECONDS, READY_SECONDS, Serving, free_port, serving
from verify_service.settings import RateLimits, Settings

PATH = "/api/v1/lookups"
REDIS = shutil.which("redis-server")
SENT, ALLOWED, FALLBACK = 1_000, 100, 33
AT_ONCE = 40

pytestmark = pytest.mark.skipif(REDIS is None, reason="no redis-server: install the package of that name")


class Store(msgspec.Struct, frozen=True):
    """A running Redis server, empty at first."""

    process: subprocess.Popen[bytes]
    url: str


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    assert REDIS is not None
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with (tmp_path / "redis.log").open("wb") as log:
        process = subprocess.Popen([REDIS, *options], cwd=tmp_path, stdout=log, stderr=log)  # noqa: S603  # from apt
    try:
        _wait_until_it_answers(port)
        yield Store(process, f"redis://127.0.0.1:{port}")
    finally:
        process.kill()  # a stopped process takes no other signal
        process.wait()


def _wait_until_it_answers(port: int) -> None:
    last = time.monotonic() + READY_SECONDS
    with redis.Redis(port=port) as client:
        while time.monotonic() < last:
            try:
                client.ping()
            except redis.ConnectionError:
                time.sleep(POLL_SECONDS)
            else:
                return
    raise TimeoutError


@pytest.fixture
def workers(site: Settings, store: Store, tmp_path: Path) -> Iterator[tuple[Serving, Serving]]:
    """Two processes that lend a network 100 requests a day between them; each alone 33."""
    limits = RateLimits(network=f"{ALLOWED}/day", neighbourhood="1000000/day", everyone="1000000/day")
    settings = msgspec.structs.replace(site, rate_limits=limits)
    with ExitStack() as stack:
        first, second = (
            stack.enter_context(serving(settings, tmp_path, RATE_LIMIT_STORAGE=store.url)) for _ in range(2)
        )
        yield first, second


@pytest.fixture
async def clients(workers: tuple[Serving, Serving]) -> AsyncIterator[tuple[httpx.AsyncClient, ...]]:
    async with AsyncExitStack() as stack:
        yield tuple(
            [
                await stack.enter_async_context(httpx.AsyncClient(base_url=worker.url, trust_env=False, timeout=30))
                for worker in workers
            ]
        )


@pytest.fixture
def facts(certificates: Mapping[str, Certificate]) -> dict[str, str]:
    return certificates["valid"].facts("name", "phone")


async def statuses(clients: tuple[httpx.AsyncClient, ...], facts: Mapping[str, str], times: int) -> Counter[int]:
    """Return the statuses of so many lookups, sent in turn to each and many at once."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def ask(place: int) -> int:
        async with turns:
            return (await clients[place % len(clients)].post(PATH, json=facts)).status_code

    return Counter(await asyncio.gather(*map(ask, range(times))))


async def test_of_a_thousand_requests_to_two_workers_exactly_a_hundred_pass(
    clients: tuple[httpx.AsyncClient, ...], facts: Mapping[str, str]
) -> None:
    assert await statuses(clients, facts, SENT) == {200: ALLOWED, 429: SENT - ALLOWED}


@pytest.mark.parametrize("trouble", [signal.SIGSTOP, signal.SIGKILL], ids=["frozen", "gone"])
async def test_without_its_store_each_worker_limits_by_itself_and_is_alive(
    store: Store, clients: tuple[httpx.AsyncClient, ...], facts: Mapping[str, str], trouble: signal.Signals
) -> None:
    store.process.send_signal(trouble)

    counting = asyncio.create_task(statuses(clients, facts, 4 * FALLBACK))
    alive = [(await client.get("/healthz")).status_code for client in clients]

    assert await counting == {200: 2 * FALLBACK, 429: 2 * FALLBACK}
    assert alive == [200, 200]
