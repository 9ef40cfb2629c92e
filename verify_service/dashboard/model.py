"""Counts by week, and alarms."""

import datetime
from enum import StrEnum

import msgspec


class PassedGroup(msgspec.Struct, frozen=True):
    """Exam entries that were passed on one day and whose certificates were issued on one, or not yet."""

    held_on: datetime.date
    issued_on: datetime.date | None
    entries: int


class Week(msgspec.Struct, frozen=True):
    """What one week, from Monday in Shanghai, came to."""

    begins_on: datetime.date
    issued: int = 0
    revoked: int = 0
    due: int = 0
    """Certificates whose thirtieth working day lies in this week."""
    late: int = 0
    """Of these, issued after that day, or not at all and the day is over."""
    found: int = 0
    not_found: int = 0
    limited: int = 0


class Waiting(msgspec.Struct, frozen=True):
    """Everybody who passed and has no certificate yet."""

    entries: int
    late: int
    next_due_on: datetime.date | None
    """The earliest day one of them is due; None where nobody waits, or the calendar does not reach."""
    without_due_date: int
    """Their day cannot be counted: the calendar ends before it."""


class AlarmKind(StrEnum):
    """What somebody has to look at."""

    TRAIL_BROKEN = "trail_broken"
    HEADS_OVERDUE = "heads_overdue"
    CANARY = "canary"
    BREAKER = "breaker"
    LIMITER = "limiter"
    PRINT_GATE = "print_gate"
    UNSIGNED = "unsigned"
    SIGNING_REFUSED = "signing_refused"
    LATE = "late"
    CALENDAR = "calendar"
    SIGNER_DOWN = "signer_down"
    JOBS_STALLED = "jobs_stalled"
    WEBHOOKS_DOWN = "webhooks_down"


class Alarm(msgspec.Struct, frozen=True):
    """One alarm: how many things it is about, and since or until when, where that is known."""

    kind: AlarmKind
    count: int = 0
    at: datetime.datetime | None = None
    about: str = ""
    """A label of a canary, or a year: never anything about a person."""


class Signals(msgspec.Struct, frozen=True):
    """What the register says about itself, from which alarms are made."""

    canaries: int
    canary_at: datetime.datetime | None
    canary_label: str | None
    breaker_until: datetime.datetime | None
    """None while it is closed."""
    held: int
    unsigned: int
    refused: int
    stalled_jobs: int
    open_proposals: int
    head_signed_at: datetime.datetime | None
    first_event_at: datetime.datetime | None
    trail_fault: str | None
    """What the last check of the whole trail found; None if it was whole, or never checked."""
    connected: frozenset[str]
    """Which companions are connected to the database."""
    now: datetime.datetime


class Dashboard(msgspec.Struct, frozen=True):
    """Everything the first page shows."""

    weeks: tuple[Week, ...]
    waiting: Waiting
    open_proposals: int
    alarms: tuple[Alarm, ...]
    this_week_on: datetime.date
