"""Shared store or memory, and what holds while the store is down."""

import asyncio
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from limits.storage import MemoryStorage

from verify_service.errors import UsageError
from verify_service.rate_limits.model import Client
from verify_service.rate_limits.rules.limits import stricter
from verify_service.rate_limits.service import admission
from verify_service.rate_limits.service.admission import MEMORY_URI, LocalLimits, SharedLimits, open_edge_limits
from verify_service.rate_limits.service.counting import Counter
from verify_service.settings import RateLimits, Settings

LIMITS = RateLimits(network="9/minute", neighbourhood="1000/minute", everyone="1000/minute")
ASKER = Client("192.0.2.7/32", "192.0.2.0/24")


class SwitchableStore(MemoryStorage):
    """A store that can be reached, refuses, or accepts and never answers."""

    STORAGE_SCHEME = ["switchable"]  # noqa: RUF012  # the library's registry asks for a list
    refuses = False
    answers = threading.Event()

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        if type(self).refuses:
            raise ConnectionRefusedError
        type(self).answers.wait(timeout=5)
        return super().incr(key, expiry, amount)


@pytest.fixture
def store() -> type[SwitchableStore]:
    SwitchableStore.refuses = False
    SwitchableStore.answers.set()
    return SwitchableStore


@pytest.fixture
def shared(store: type[SwitchableStore]) -> SharedLimits:
    return SharedLimits(Counter(LIMITS, "switchable://"), fallback=Counter(stricter(LIMITS), MEMORY_URI))


async def passes(limits: SharedLimits, times: int) -> int:
    return [await limits.count(ASKER) for _ in range(times)].count(None)


def settings(storage: str) -> Settings:
    return Settings(data_dir=Path("data"), key_dir=Path("keys"), rate_limit_storage=storage)


def test_memory_is_counted_on_the_event_loop() -> None:
    assert isinstance(open_edge_limits(settings("memory://")), LocalLimits)


@pytest.mark.parametrize("storage", ["memcached://host", "async+redis://host", "redis", "", "bounded-memory://"])
def test_another_store_refuses_the_start(storage: str) -> None:
    with pytest.raises(UsageError, match="VERIFY_SERVICE_RATE_LIMIT_STORAGE"):
        open_edge_limits(settings(storage))


def test_a_store_whose_package_is_missing_refuses_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "valkey", None)

    with pytest.raises(UsageError, match="VERIFY_SERVICE_RATE_LIMIT_STORAGE"):
        open_edge_limits(settings("valkey://host"))


async def test_a_store_that_answers_counts_the_whole_limit(shared: SharedLimits) -> None:
    assert await passes(shared, 50) == 9


async def test_a_store_that_refuses_leaves_a_third_and_is_never_open(
    shared: SharedLimits, store: type[SwitchableStore]
) -> None:
    store.refuses = True

    assert await passes(shared, 50) == 3


async def test_each_request_that_a_store_should_have_counted_is_told_of(store: type[SwitchableStore]) -> None:
    errors = list[None]()
    alone = Counter(stricter(LIMITS), MEMORY_URI)
    shared = SharedLimits(Counter(LIMITS, "switchable://"), fallback=alone, on_error=lambda: errors.append(None))
    await passes(shared, 2)
    assert errors == []
    store.refuses = True

    await passes(shared, 5)

    assert len(errors) == 5


async def test_a_frozen_store_holds_up_neither_the_loop_nor_more_than_the_first_requests(
    shared: SharedLimits, store: type[SwitchableStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "STORE_SECONDS", 0.05)
    store.answers.clear()
    first = asyncio.create_task(shared.count(ASKER))
    await asyncio.sleep(0)

    waited_from = time.monotonic()
    await asyncio.sleep(0.001)
    loop_was_held = time.monotonic() - waited_from
    await first
    counted_from = time.monotonic()
    passed = await passes(shared, 50)
    held = time.monotonic() - counted_from
    store.answers.set()

    assert passed == 2
    assert loop_was_held < 1
    assert held < 1


async def test_a_store_that_is_down_is_tried_again_by_one_request_at_a_time(
    shared: SharedLimits, store: type[SwitchableStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    clock = SimpleNamespace(monotonic=lambda: now)
    monkeypatch.setattr("verify_service.rate_limits.service.admission.time", clock)
    store.refuses = True
    await passes(shared, 1)
    store.refuses = False

    assert shared._may_try() is False
    now += admission.PROBE_SECONDS
    assert [shared._may_try() for _ in range(3)] == [True, False, False]
    now += admission.PROBE_SECONDS
    assert await passes(shared, 50) == 9


def test_the_limits_may_be_opened_in_one_event_loop_and_count_in_another(store: type[SwitchableStore]) -> None:
    async def opened() -> SharedLimits:
        return SharedLimits(Counter(LIMITS, "switchable://"), fallback=Counter(stricter(LIMITS), MEMORY_URI))

    shared = asyncio.run(opened())

    async def at_once() -> int:
        return (await asyncio.gather(*(shared.count(ASKER) for _ in range(60)))).count(None)

    assert asyncio.run(at_once()) == 9
