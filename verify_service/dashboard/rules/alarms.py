"""Which alarms the signals amount to, the gravest first."""

import datetime
from collections.abc import Iterable, Iterator
from typing import Final

from verify_service.dashboard.model import Alarm, AlarmKind, Signals, Waiting
from verify_service.lookup_counts.model import DayCount, Outcome
from verify_service.working_days.model import Coverage

HEAD_OVERDUE: Final = datetime.timedelta(hours=2)
LIMITER_DAYS: Final = datetime.timedelta(days=1)
COMPANIONS: Final = {
    AlarmKind.SIGNER_DOWN: "verify_service_signer",
    AlarmKind.WEBHOOKS_DOWN: "verify_service_webhooks",
}
"""Companions by the database role that they alone connect with, and keep a connection under."""


def alarms_of(
    signals: Signals,
    waiting: Waiting,
    reach: Coverage,
    lookups: Iterable[DayCount],
    today: datetime.date,
    awaited: frozenset[AlarmKind] = frozenset(COMPANIONS),
) -> tuple[Alarm, ...]:
    """Return what somebody has to look at, in the order of `AlarmKind`; `awaited` are companions that ought to run."""
    order = list(AlarmKind)
    missed = (Alarm(kind) for kind in awaited if COMPANIONS[kind] not in signals.connected)
    found = (*_of_trail(signals), *_of_lookups(signals, lookups, today), *_of_work(signals, waiting, reach), *missed)
    return tuple(sorted(found, key=lambda alarm: order.index(alarm.kind)))


def _of_trail(signals: Signals) -> Iterator[Alarm]:
    if signals.trail_fault is not None:
        yield Alarm(AlarmKind.TRAIL_BROKEN, about=signals.trail_fault)
    since = signals.head_signed_at or signals.first_event_at
    if since is not None and signals.now - since > HEAD_OVERDUE:
        yield Alarm(AlarmKind.HEADS_OVERDUE, at=signals.head_signed_at)


def _of_lookups(signals: Signals, lookups: Iterable[DayCount], today: datetime.date) -> Iterator[Alarm]:
    if signals.canaries:
        yield Alarm(AlarmKind.CANARY, signals.canaries, signals.canary_at, signals.canary_label or "")
    if signals.breaker_until is not None:
        yield Alarm(AlarmKind.BREAKER, at=signals.breaker_until)
    errors = [one for one in lookups if one.outcome is Outcome.LIMITER_ERROR and one.day >= today - LIMITER_DAYS]
    if errors:
        yield Alarm(AlarmKind.LIMITER, sum(one.count for one in errors))


def _of_work(signals: Signals, waiting: Waiting, reach: Coverage) -> Iterator[Alarm]:
    counted = {
        AlarmKind.PRINT_GATE: signals.held,
        AlarmKind.UNSIGNED: signals.unsigned,
        AlarmKind.SIGNING_REFUSED: signals.refused,
        AlarmKind.LATE: waiting.late,
        AlarmKind.JOBS_STALLED: signals.stalled_jobs,
    }
    yield from (Alarm(kind, count) for kind, count in counted.items() if count)
    if reach.missing_year is not None:
        yield Alarm(AlarmKind.CALENDAR, waiting.without_due_date, about=str(reach.missing_year))
