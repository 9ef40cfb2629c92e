"""Which signals are alarms."""

import datetime
from typing import Any

import msgspec
import pytest

from verify_service.dashboard.model import AlarmKind, Signals, Waiting
from verify_service.dashboard.rules.alarms import alarms_of
from verify_service.lookup_counts.model import DayCount, Outcome
from verify_service.working_days.model import Coverage

NOW = datetime.datetime(2026, 11, 28, 8, tzinfo=datetime.UTC)
TODAY = NOW.date()
QUIET = Signals(
    canaries=0,
    canary_at=None,
    canary_label=None,
    breaker_until=None,
    held=0,
    unsigned=0,
    refused=0,
    stalled_jobs=0,
    open_proposals=0,
    head_signed_at=NOW - datetime.timedelta(minutes=59),
    first_event_at=NOW - datetime.timedelta(days=300),
    trail_fault=None,
    connected=frozenset({"verify_service_signer", "verify_service_webhooks", "verify_service_web"}),
    now=NOW,
)
NOBODY_WAITS = Waiting(0, 0, None, 0)
ENOUGH = Coverage(datetime.date(2027, 12, 31), datetime.date(2027, 11, 15), None)


def kinds(
    signals: Signals = QUIET,
    waiting: Waiting = NOBODY_WAITS,
    reach: Coverage = ENOUGH,
    counts: tuple[DayCount, ...] = (),
) -> list[AlarmKind]:
    return [alarm.kind for alarm in alarms_of(signals, waiting, reach, counts, TODAY)]


def test_a_quiet_day_has_none() -> None:
    assert kinds(counts=(DayCount(TODAY, Outcome.LIMITED, 900),)) == []


@pytest.mark.parametrize(
    ("signal", "kind"),
    [
        ({"canaries": 1, "canary_at": NOW, "canary_label": "list of spring"}, AlarmKind.CANARY),
        ({"breaker_until": NOW}, AlarmKind.BREAKER),
        ({"held": 1}, AlarmKind.PRINT_GATE),
        ({"unsigned": 1}, AlarmKind.UNSIGNED),
        ({"refused": 1}, AlarmKind.SIGNING_REFUSED),
        ({"stalled_jobs": 1}, AlarmKind.JOBS_STALLED),
        ({"trail_fault": "cut"}, AlarmKind.TRAIL_BROKEN),
        ({"head_signed_at": NOW - datetime.timedelta(hours=2, seconds=1)}, AlarmKind.HEADS_OVERDUE),
        ({"head_signed_at": None}, AlarmKind.HEADS_OVERDUE),
        ({"connected": frozenset({"verify_service_webhooks"})}, AlarmKind.SIGNER_DOWN),
        ({"connected": frozenset({"verify_service_signer"})}, AlarmKind.WEBHOOKS_DOWN),
    ],
)
def test_each_signal_is_one(signal: dict[str, Any], kind: AlarmKind) -> None:
    assert kinds(msgspec.structs.replace(QUIET, **signal)) == [kind]


def test_a_trail_that_begins_now_is_not_overdue() -> None:
    assert kinds(msgspec.structs.replace(QUIET, head_signed_at=None, first_event_at=NOW)) == []


def test_who_is_late_the_calendar_and_a_store_that_was_down() -> None:
    waiting = Waiting(9, 4, TODAY, 2)
    reach = Coverage(datetime.date(2026, 12, 31), datetime.date(2026, 11, 15), 2027)
    old = DayCount(TODAY - datetime.timedelta(days=2), Outcome.LIMITER_ERROR, 1)

    assert kinds(waiting=waiting, reach=reach, counts=(old,)) == [AlarmKind.LATE, AlarmKind.CALENDAR]
    assert kinds(counts=(DayCount(TODAY, Outcome.LIMITER_ERROR, 1),)) == [AlarmKind.LIMITER]
