"""The ends a lookup may come to, and how often each did."""

import datetime
from enum import StrEnum

import msgspec


class Outcome(StrEnum):
    """How a question ended."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    LIMITED = "limited"
    """Not answered: a limit of the network, or a budget of the facts, was spent."""
    LIMITER_ERROR = "limiter_error"
    """Counted by this process alone, and more strictly: the shared store of limits was down."""


class DayCount(msgspec.Struct, frozen=True):
    """How many lookups of one day in Shanghai ended one way."""

    day: datetime.date
    outcome: Outcome
    count: int
