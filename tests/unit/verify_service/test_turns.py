import asyncio

import pytest

from verify_service import turns
from verify_service.problems import UNAVAILABLE, ProblemError
from verify_service.turns import Turns


class Checks:
    """Checks that take as long as the test wants."""

    def __init__(self, allowed: Turns) -> None:
        self.at_once = 0
        self.end = asyncio.Event()
        self._allowed = allowed

    async def run(self) -> None:
        async with self._allowed.turn():
            self.at_once += 1
            await self.end.wait()
            self.at_once -= 1


async def test_two_run_at_once_and_the_next_when_one_has_ended() -> None:
    checks = Checks(Turns())
    running = [asyncio.create_task(checks.run()) for _ in range(5)]
    await asyncio.sleep(0.01)

    assert checks.at_once == turns.AT_ONCE
    checks.end.set()
    await asyncio.gather(*running)
    assert checks.at_once == 0


async def test_whoever_waits_too_long_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "WAIT_SECONDS", 0.01)
    checks = Checks(Turns())
    running = [asyncio.create_task(checks.run()) for _ in range(turns.AT_ONCE)]
    await asyncio.sleep(0.01)

    with pytest.raises(ProblemError) as refused:
        await checks.run()

    assert refused.value.kind is UNAVAILABLE
    assert int(refused.value.headers["Retry-After"]) > 0
    checks.end.set()
    await asyncio.gather(*running)
    await checks.run()


async def test_a_queue_that_is_long_enough_is_not_joined() -> None:
    checks = Checks(Turns())
    running = [asyncio.create_task(checks.run()) for _ in range(turns.AT_ONCE + turns.MOST_WAITING)]
    await asyncio.sleep(0.01)

    with pytest.raises(ProblemError):
        await checks.run()

    checks.end.set()
    await asyncio.gather(*running)


async def test_a_check_that_fails_or_is_given_up_gives_its_turn_back() -> None:
    allowed = Turns()
    for _ in range(turns.AT_ONCE + 1):
        with pytest.raises(RuntimeError):
            async with allowed.turn():
                raise RuntimeError
    checks = Checks(allowed)
    abandoned = [asyncio.create_task(checks.run()) for _ in range(turns.AT_ONCE)]
    await asyncio.sleep(0.01)
    for task in abandoned:
        task.cancel()
    await asyncio.gather(*abandoned, return_exceptions=True)

    checks.end.set()
    await asyncio.wait_for(checks.run(), 1)
