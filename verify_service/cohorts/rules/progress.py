"""How far a class has come: results, certificates, and what is due when."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from verify_service.cohorts.model import (
    Cohort,
    Dues,
    EntryGroup,
    HeldOn,
    ListedCohort,
    PartnerCount,
    PartnerPeople,
    Problem,
    Results,
)
from verify_service.cohorts.rules.classes import size_problems
from verify_service.exams.model import Conclusion
from verify_service.exams.rules.eligibility import LEAVES_A_MAKE_UP
from verify_service.working_days.model import Calendar
from verify_service.working_days.rules.counting import CalendarMissingError, due_on


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
    waiting: Counter[date] = Counter()
    for group in groups:
        passed_on = _passed_on(group)
        if passed_on is not None and _waits(group):
            waiting[passed_on] += group.entries
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


def _passed_on(group: EntryGroup) -> date | None:
    if group.make_up is Conclusion.PASSED:
        return group.make_up_on
    return group.first_on if group.first is Conclusion.PASSED else None


def _waits(group: EntryGroup) -> bool:
    return _passed_on(group) is not None and not group.issued


def _count(groups: Iterable[EntryGroup]) -> int:
    return sum(group.entries for group in groups)
