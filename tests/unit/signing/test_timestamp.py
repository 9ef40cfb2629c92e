from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signing import MalformedCredentialError, format_timestamp, parse_timestamp

INSTANTS = st.datetimes(timezones=st.just(UTC)).map(lambda instant: instant.replace(microsecond=0))


@settings(max_examples=200, deadline=None)
@given(INSTANTS)
def test_an_instant_survives_the_round_trip(instant: datetime) -> None:
    assert parse_timestamp(format_timestamp(instant)) == instant


@pytest.mark.parametrize(
    "instant",
    [
        datetime(2026, 11, 23, 2, 0, 0),  # noqa: DTZ001  # the naive instant is the case
        datetime(2026, 11, 23, 10, 0, 0, tzinfo=timezone(timedelta(hours=8))),
        datetime(2026, 11, 23, 2, 0, 0, 1, tzinfo=UTC),
    ],
)
def test_an_instant_that_would_have_to_be_guessed_or_rounded_is_refused(instant: datetime) -> None:
    with pytest.raises(MalformedCredentialError):
        format_timestamp(instant)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-23",
        "2026-11-23T02:00:00",
        "2026-11-23T02:00:00+00:00",
        "2026-11-23T10:00:00+08:00",
        "2026-11-23T02:00:00z",
        "2026-11-23 02:00:00Z",
        "2026-11-23T02:00:00.000Z",
        "2026-11-23T02:00Z",
        "2026-02-30T02:00:00Z",
        "20261123T020000Z",
        "2026-W48-1T02:00:00Z",
    ],
)
def test_another_spelling_of_an_instant_is_refused(text: str) -> None:
    with pytest.raises(MalformedCredentialError):
        parse_timestamp(text)
