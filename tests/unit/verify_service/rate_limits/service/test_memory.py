"""The store in memory: it counts, forgets what has ended, and does not grow without end."""

import asyncio

import pytest
from limits.storage import storage_from_string

from verify_service.rate_limits.service import memory
from verify_service.rate_limits.service.memory import MOST_WINDOWS, BoundedMemory


class Clock:
    """Stands in for the module `time`."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("verify_service.rate_limits.service.memory.time", clock)
    return clock


def test_the_library_finds_the_store_by_its_scheme() -> None:
    assert isinstance(storage_from_string("bounded-memory://"), BoundedMemory)


def test_a_window_counts_until_it_ends_and_then_from_one_again(clock: Clock) -> None:
    store = BoundedMemory()

    assert [store.incr("a", 60), store.incr("a", 60), store.incr("b", 60)] == [1, 2, 1]
    assert store.get("a") == 2
    assert store.get_expiry("a") == 1_060.0

    clock.now = 1_060.0

    assert store.get("a") == 0
    assert store.get_expiry("a") == clock.now
    assert store.incr("a", 60) == 1


def test_clearing_forgets_one_window_and_resetting_all(clock: Clock) -> None:
    store = BoundedMemory()
    for key in ("a", "b", "c"):
        store.incr(key, 60)

    store.clear("a")
    store.clear("never seen")

    assert (store.get("a"), store.get("b")) == (0, 1)
    assert store.reset() == 2
    assert store.get("b") == 0
    assert store.check()


def test_ended_windows_are_swept(clock: Clock) -> None:
    store = BoundedMemory()
    for number in range(30_000):
        clock.now += 1
        store.incr(str(number), 100)

    assert len(store._windows) <= memory.FIRST_SWEEP


def test_a_flood_of_addresses_is_held_in_bounded_memory_and_the_newest_stay_counted(clock: Clock) -> None:
    store = BoundedMemory()
    for number in range(2 * MOST_WINDOWS):
        store.incr(str(number), 86_400)

    assert len(store._windows) <= MOST_WINDOWS
    assert store.get(str(2 * MOST_WINDOWS - 1)) == 1


async def test_where_nobody_asks_any_more_ended_windows_are_forgotten_too(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "SWEEP_SECONDS", 0.0)
    store = BoundedMemory()
    store.incr("203.0.113.9/32 of a minute", 60)
    store.incr("203.0.113.9/32 of a day", 86_400)

    for passed, left in ((60, 1), (86_340, 0)):
        clock.now += passed
        async with asyncio.timeout(5):
            while len(store._windows) > left:  # noqa: ASYNC110  # the timer's event is the store's alone
                await asyncio.sleep(0)

    assert store._sweeping is None


async def test_one_timer_waits_however_many_windows_are_open(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    asked_for: list[float] = []

    def call_later(delay: float, _: object) -> object:
        asked_for.append(delay)
        return object()

    monkeypatch.setattr(asyncio.get_running_loop(), "call_later", call_later)
    store = BoundedMemory()

    for number in range(1_000):
        store.incr(str(number), 60)

    assert asked_for == [memory.SWEEP_SECONDS]
