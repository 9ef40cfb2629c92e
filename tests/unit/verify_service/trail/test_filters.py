"""What an auditor's address asks for."""

import datetime

import pytest

from verify_service.trail.model import EventFilter
from verify_service.trail.rules.filters import parse_filter, parse_number

SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))


def test_days_are_those_of_shanghai_and_the_last_is_whole() -> None:
    asked = parse_filter({"from": "2026-11-27", "until": "2026-11-28"})

    assert asked.since == datetime.datetime(2026, 11, 27, tzinfo=SHANGHAI)
    assert asked.until == datetime.datetime(2026, 11, 29, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"actor": " ", "action": "", "object": "\0"},
        {"from": "never", "until": "2026-13-45"},
        {"from": "9999-12-31", "until": "9999-12-31"},
        {"from": "２０２６-11-28"},
    ],
)
def test_what_cannot_be_read_asks_for_nothing(asked: dict[str, str]) -> None:
    assert parse_filter(asked) == EventFilter()


@pytest.mark.parametrize(
    ("text", "number"),
    [("4711", 4711), ("", None), (None, None), ("-1", None), ("9e9", None), ("9" * 19, None), ("٣", None)],
)
def test_numbers_of_events(text: str | None, number: int | None) -> None:
    assert parse_number(text) == number
