"""What may stand in a limit's setting."""

import pytest

from verify_service.errors import UsageError
from verify_service.rate_limits.rules.limits import require_readable, stricter
from verify_service.settings import RateLimits


def test_the_defaults_are_readable() -> None:
    require_readable(RateLimits())
    require_readable(stricter(RateLimits()))


@pytest.mark.parametrize("text", ["2 per fortnight", "thirty/minute", "", "30", "30/minute;", "-1/minute", "0/minute"])
def test_a_limit_that_would_limit_nothing_or_everything_is_refused_by_name(text: str) -> None:
    for limits, setting in (
        (RateLimits(network=text), "VERIFY_SERVICE_RATE_LIMIT_NETWORK"),
        (RateLimits(neighbourhood=text), "VERIFY_SERVICE_RATE_LIMIT_NEIGHBOURHOOD"),
        (RateLimits(everyone=text), "VERIFY_SERVICE_RATE_LIMIT_EVERYONE"),
    ):
        with pytest.raises(UsageError, match=setting):
            require_readable(limits)


@pytest.mark.parametrize("text", ["1500/2 days", "30/minute;5000/month", "9/25 hours"])
def test_a_window_longer_than_the_notice_says_is_refused_by_name(text: str) -> None:
    with pytest.raises(UsageError, match=r"VERIFY_SERVICE_RATE_LIMIT_NETWORK.*longer than a day"):
        require_readable(RateLimits(network=text))


def test_a_third_keeps_the_windows_and_never_falls_to_nothing() -> None:
    limits = RateLimits(network="30/minute;1 per 10 minutes", neighbourhood="2/hour", everyone="200/second")

    assert stricter(limits) == RateLimits(
        network="10/1minute;1/10minute", neighbourhood="1/1hour", everyone="66/1second"
    )
