"""When a delivery is tried again: soon at first, for three days in all."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from verify_service.webhooks.rules.retries import MAX_ATTEMPTS, next_delay


def seconds(attempts: int, chance: float) -> float:
    delay = next_delay(attempts, chance)
    assert delay is not None
    return delay.total_seconds()


def test_two_failures_are_made_good_within_a_minute() -> None:
    assert seconds(1, 0.999999) + seconds(2, 0.999999) < 60


def test_delays_grow_to_a_day_and_come_to_three_days() -> None:
    delays = [seconds(attempts, 0.5) for attempts in range(1, MAX_ATTEMPTS)]

    assert delays[:4] == [5, 20, 80, 320]
    assert delays == sorted(delays)
    assert max(delays) == 24 * 3600
    assert 3 <= sum(delays) / 86400 < 4


@given(st.integers(1, MAX_ATTEMPTS - 1), st.floats(0, 1, exclude_max=True))
def test_each_delay_is_within_a_fifth_of_the_scheduled_one(attempts: int, chance: float) -> None:
    scheduled = seconds(attempts, 0.5)

    assert 0.8 * scheduled - 1e-6 <= seconds(attempts, chance) <= 1.2 * scheduled + 1e-6


def test_there_is_an_end() -> None:
    assert next_delay(MAX_ATTEMPTS, 0.5) is None
    assert next_delay(MAX_ATTEMPTS + 1, 0.5) is None
    assert next_delay(1, 0) == datetime.timedelta(seconds=4)
