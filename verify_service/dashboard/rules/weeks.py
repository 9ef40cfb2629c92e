"""Counts by week, and what is due when."""

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Final

from verify_service.dashboard.model import PassedGroup, Waiting, Week
from verify_service.lookup_counts.model import DayCount, Outcome
from verify_service.working_days.model import Calendar
from verify_service.working_days.rules.counting import CalendarMissingError, due_on

WEEKS_BACK: Final = 11
WEEKS_AHEAD: Final = 6
"""As far as thirty working days reach."""
LONGEST_WAY: Final = datetime.timedelta(days=75)
"""From an exam to its thirtieth working day, the longest holidays included."""
_WEEK: Final = datetime.timedelta(weeks=1)

DueOn = Callable[[datetime.date], datetime.date | None]


def monday_of(day: datetime.date) -> datetime.date:
    """Return the Monday of a day's week."""
    return day - datetime.timedelta(days=day.weekday())


def shown_weeks(today: datetime.date) -> tuple[datetime.date, ...]:
    """Return the Mondays that are shown, this week's among them."""
    first = monday_of(today) - WEEKS_BACK * _WEEK
    return tuple(first + number * _WEEK for number in range(WEEKS_BACK + 1 + WEEKS_AHEAD))


def due_dates(calendar: Calendar) -> DueOn:
    """Return what says when the certificate of an exam is due; None where the calendar ends before."""

    @cache
    def due(held_on: datetime.date) -> datetime.date | None:
        try:
            return due_on(held_on, calendar)
        except CalendarMissingError:
            return None

    return due


def weeks_of(
    mondays: Sequence[datetime.date],
    issued: Mapping[datetime.date, int],
    revoked: Mapping[datetime.date, int],
    dues: Mapping[datetime.date, tuple[int, int]],
    lookups: Iterable[DayCount],
) -> tuple[Week, ...]:
    """Return the weeks that begin on these Mondays; `dues` are due and late certificates of each."""
    asked = Counter[tuple[datetime.date, Outcome]]()
    for one in lookups:
        asked[monday_of(one.day), one.outcome] += one.count
    return tuple(
        Week(
            begins_on=monday,
            issued=issued.get(monday, 0),
            revoked=revoked.get(monday, 0),
            due=dues.get(monday, (0, 0))[0],
            late=dues.get(monday, (0, 0))[1],
            found=asked[monday, Outcome.FOUND],
            not_found=asked[monday, Outcome.NOT_FOUND],
            limited=asked[monday, Outcome.LIMITED],
        )
        for monday in mondays
    )


def dues_of(groups: Iterable[PassedGroup], due: DueOn, today: datetime.date) -> dict[datetime.date, tuple[int, int]]:
    """Return how many certificates are due in each week, and how many of these are late, by its Monday."""
    counts, late = Counter[datetime.date](), Counter[datetime.date]()
    for group in groups:
        until = due(group.held_on)
        if until is not None:
            counts[monday_of(until)] += group.entries
            late[monday_of(until)] += group.entries if (group.issued_on or today) > until else 0
    return {monday: (count, late[monday]) for monday, count in counts.items()}


def waiting_of(groups: Iterable[PassedGroup], due: DueOn, today: datetime.date) -> Waiting:
    """Return who passed and has no certificate yet."""
    waits = [(due(group.held_on), group.entries) for group in groups if group.issued_on is None]
    return Waiting(
        entries=sum(entries for _, entries in waits),
        late=sum(entries for until, entries in waits if until is not None and until < today),
        next_due_on=min((until for until, _ in waits if until is not None), default=None),
        without_due_date=sum(entries for until, entries in waits if until is None),
    )
