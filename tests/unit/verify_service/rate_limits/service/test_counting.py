"""slowapi counts what it is asked to, and cannot be switched off from outside."""

import logging
from pathlib import Path

import pytest

from verify_service.errors import UsageError
from verify_service.rate_limits.model import Client, Refusal
from verify_service.rate_limits.service.counting import Counter
from verify_service.settings import RateLimits

MEMORY = "bounded-memory://"
WIDE = RateLimits(network="1000/minute", neighbourhood="1000/minute", everyone="1000/minute")


def limits(
    network: str = "1000/minute", neighbourhood: str = "1000/minute", everyone: str = "1000/minute"
) -> RateLimits:
    return RateLimits(network, neighbourhood, everyone)


def asker(number: int = 1, street: int = 1) -> Client:
    return Client(f"192.0.{street}.{number}/32", f"192.0.{street}.0/24")


def test_exactly_the_limit_passes_and_the_refusal_says_which_and_until_when() -> None:
    counter = Counter(limits(network="5/minute"), MEMORY)

    answers = [counter.count(asker()) for _ in range(50)]

    assert answers[:5] == [None] * 5
    assert all(answer is not None for answer in answers[5:])
    last = answers[-1]
    assert isinstance(last, Refusal)
    assert (last.limit, last.quota, last.window_seconds) == ("network", 5, 60)
    assert 1 <= last.reset_seconds <= 60


def test_every_window_of_a_limit_counts() -> None:
    counter = Counter(limits(network="100/second;7/hour"), MEMORY)

    answers = [counter.count(asker()) for _ in range(20)]

    assert answers.count(None) == 7
    assert answers[-1] is not None
    assert answers[-1].window_seconds == 3600


@pytest.mark.parametrize(
    ("edge_limits", "name"),
    [
        (limits(network="3/minute"), "network"),
        (limits(neighbourhood="3/minute"), "neighbourhood"),
        (limits(everyone="3/minute"), "everyone"),
    ],
)
def test_each_limit_is_enforced_and_named(edge_limits: RateLimits, name: str) -> None:
    counter = Counter(edge_limits, MEMORY)

    answers = [counter.count(asker()) for _ in range(10)]

    assert [answer and answer.limit for answer in answers] == [None] * 3 + [name] * 7


def test_neighbours_share_a_limit_and_strangers_do_not() -> None:
    counter = Counter(limits(network="2/minute", neighbourhood="3/minute"), MEMORY)

    assert [counter.count(asker(number)) for number in (1, 1, 2)] == [None] * 3
    refused = counter.count(asker(3))
    assert refused is not None
    assert refused.limit == "neighbourhood"
    assert counter.count(asker(street=2)) is None


def test_one_network_that_is_refused_spends_nothing_of_what_everyone_has() -> None:
    counter = Counter(limits(network="2/minute", everyone="10/minute"), MEMORY)
    for _ in range(1000):
        counter.count(asker())

    assert [counter.count(asker(street=street)) for street in range(2, 10)] == [None] * 8


def test_two_counters_in_one_process_do_not_share_their_counts() -> None:
    one, other = (Counter(limits(network="1/minute"), MEMORY) for _ in range(2))

    assert one.count(asker()) is None
    assert other.count(asker()) is None


def test_a_refusal_is_not_logged_with_its_address(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    counter = Counter(limits(network="1/minute"), MEMORY)

    for _ in range(3):
        counter.count(asker())

    assert caplog.records == []


@pytest.mark.parametrize("name", ["RATELIMIT_ENABLED", "RATELIMIT_SWALLOW_ERRORS", "RATELIMIT_STRATEGY"])
def test_settings_of_slowapi_itself_refuse_the_start(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "false")

    with pytest.raises(UsageError, match=name):
        Counter(WIDE, MEMORY)


def test_they_do_so_in_a_file_of_the_working_directory_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / ".env"
    file.write_text("SOMETHING=else\n", encoding="utf-8")
    Counter(WIDE, MEMORY)

    file.write_text("RATELIMIT_ENABLED=false\n", encoding="utf-8")

    with pytest.raises(UsageError, match="RATELIMIT_ENABLED"):
        Counter(WIDE, MEMORY)


def test_such_a_file_that_cannot_be_read_refuses_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_bytes("NAME=王".encode("gb18030"))

    with pytest.raises(UsageError, match=r"\.env"):
        Counter(WIDE, MEMORY)


def test_a_misspelt_limit_refuses_the_start() -> None:
    with pytest.raises(UsageError, match="VERIFY_SERVICE_RATE_LIMIT_NETWORK"):
        Counter(limits(network="2 per fortnight"), MEMORY)


@pytest.mark.parametrize("uri", ["no-such-store://:hunter2@host", "redis://:hunter2@host:no-port"])
def test_a_store_that_cannot_be_used_refuses_the_start_without_its_password(uri: str) -> None:
    with pytest.raises(UsageError, match="VERIFY_SERVICE_RATE_LIMIT_STORAGE") as refused:
        Counter(WIDE, uri)

    assert "hunter2" not in str(refused.value)
