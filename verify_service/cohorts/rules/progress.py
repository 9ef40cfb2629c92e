"""How far a class has come: results, certificates, and what is due when."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from verify_service.cohorts.model import (
    Cohort,
    Deadline,
    Dues,
    EntryGroup,
    HeldOn,
    ListedCohort,
    MovedDue,
    PartnerCount,
    PartnerPeople,
    Problem,
    Results,
)
from verify_service.cohorts.rules.classes import size_problems
from verify_service.exams.model import Conclusion
from verify_service.exams.rules.eligibility import LEAVES_A_MAKE_UP
from verify_service.working_days.model import Calendar
from verify_service.working_days.rules.counting import CalendarMissingError, due_on, working_days_left


def listed_cohort(
    cohort: Cohort, partners: Sequence[PartnerPeople], groups: Sequence[EntryGroup], calendar: Calendar, today: date
) -> ListedCohort:
    """Return the line of one class, from its people by partner and its exam entries."""
    dues = dues_of(cohort, groups, calendar, today)
    problems = size_problems(cohort.partner_id, {partner.partner_id: partner.people for partner in partners})
    if dues.calendar_missing:
        problems.add(Problem.CALENDAR_MISSING)
    entries: Counter[str] = Counter()
    for group in groups:
        entries[group.kind] += group.entries
    return ListedCohort(
        code=cohort.code,
        partner=cohort.partner,
        people=sum(partner.people for partner in partners),
        entries=dict(sorted(entries.items())),
        partners=tuple(PartnerCount(partner.partner, partner.people) for partner in partners),
        exam_on=cohort.exam_on,
        make_up_on=cohort.make_up_on,
        held_on=_held_on(groups),
        photos_missing=sum(partner.photos_missing for partner in partners),
        results=results_of(groups),
        make_up_open=_count(group for group in groups if group.first in LEAVES_A_MAKE_UP and group.make_up is None),
        issued=_count(group for group in groups if group.issued),
        to_issue=_count(group for group in groups if _waits(group)),
        due_on=dues.due_on,
        late=dues.late,
        problems=tuple(sorted(problems)),
    )


def results_of(groups: Iterable[EntryGroup]) -> Results:
    """Return how many entries ended how; the make-up counts where there was one, so each entry counts once."""
    counts: Counter[str] = Counter()
    for group in groups:
        latest = group.make_up or group.first
        # Results end before certificates do (retention): what was issued was passed.
        unrecorded = "passed" if group.issued else "missing"
        counts[latest.value if latest else unrecorded] += group.entries
    return Results(**counts)


def dues_of(cohort: Cohort, groups: Sequence[EntryGroup], calendar: Calendar, today: date) -> Dues:
    """Return when the next certificate is due.

    That is counted from the earliest passed sitting without a certificate; where none waits, from the latest exam that
    was held; before any, from the planned one.
    """
    held = _held_on(groups)
    waiting = _passed_by_day(group for group in groups if not group.issued)
    planned = [
        day for day, was_held in ((cohort.exam_on, held.first), (cohort.make_up_on, held.make_up)) if not was_held
    ]
    runs_from = min(waiting, default=None) or max(held.first + held.make_up, default=None) or cohort.exam_on
    due = {day: _due_on(day, calendar) for day in {runs_from, *waiting, *planned} if day is not None}
    return Dues(
        due_on=None if runs_from is None else due[runs_from],
        late=sum(entries for day, entries in waiting.items() if (until := due[day]) is not None and until < today),
        calendar_missing=None in due.values(),
    )


def deadlines_of(groups: Sequence[EntryGroup], calendar: Calendar, today: date) -> tuple[Deadline, ...]:
    """Return what is due of each day somebody passed on, the earliest first."""
    passed, issued = _passed_by_day(groups), _passed_by_day(group for group in groups if group.issued)
    return tuple(
        Deadline(
            held_on=day,
            passed=passed[day],
            issued=issued[day],
            due_on=(until := _due_on(day, calendar)),
            days_left=None if until is None else days_left(until, today, calendar),
        )
        for day in sorted(passed)
    )


def moved_dues(
    cohorts: Iterable[tuple[Cohort, Sequence[EntryGroup]]], before: Calendar, after: Calendar
) -> tuple[MovedDue, ...]:
    """Return which due dates of these classes are others under another calendar, by class and day of the exam.

    They run from every sitting held, and from what is planned and not held yet.
    """
    moved = []
    for cohort, groups in cohorts:
        waiting = _passed_by_day(group for group in groups if not group.issued)
        for day in _days_counted_from(cohort, groups):
            old, new = _due_on(day, before), _due_on(day, after)
            if old != new:
                moved.append(MovedDue(code=cohort.code, held_on=day, before=old, after=new, waiting=waiting[day]))
    return tuple(moved)


def days_left(until: date, today: date, calendar: Calendar) -> int | None:
    """Return the working days left until a due date, below zero those since; None where the calendar does not reach."""
    try:
        return working_days_left(until, today, calendar)
    except CalendarMissingError:
        return None


def _days_counted_from(cohort: Cohort, groups: Sequence[EntryGroup]) -> list[date]:
    held = _held_on(groups)
    first = held.first or ((cohort.exam_on,) if cohort.exam_on else ())
    make_up = held.make_up or ((cohort.make_up_on,) if cohort.make_up_on else ())
    return sorted({*first, *make_up})


def _due_on(held_on: date, calendar: Calendar) -> date | None:
    try:
        return due_on(held_on, calendar)
    except CalendarMissingError:
        return None


def _held_on(groups: Iterable[EntryGroup]) -> HeldOn:
    days = {(group.first_on, group.make_up_on) for group in groups}
    return HeldOn(
        first=tuple(sorted({first for first, _ in days if first is not None})),
        make_up=tuple(sorted({make_up for _, make_up in days if make_up is not None})),
    )


def _passed_by_day(groups: Iterable[EntryGroup]) -> Counter[date]:
    """Return how many entries were passed on which day."""
    passed: Counter[date] = Counter()
    for group in groups:
        if (passed_on := _passed_on(group)) is not None:
            passed[passed_on] += group.entries
    return passed


def _passed_on(group: EntryGroup) -> date | None:
    if group.make_up is Conclusion.PASSED:
        return group.make_up_on
    return group.first_on if group.first is Conclusion.PASSED else None


def _waits(group: EntryGroup) -> bool:
    return _passed_on(group) is not None and not group.issued


def _count(groups: Iterable[EntryGroup]) -> int:
    return sum(group.entries for group in groups)
