"""Results of a class, and when its next certificate is due."""

from datetime import date
from uuid import UUID

import msgspec
import pytest

from verify_service.cohorts.model import Cohort, Deadline, EntryGroup, HeldOn, MovedDue, PartnerPeople, Problem, Results
from verify_service.cohorts.rules.progress import deadlines_of, dues_of, listed_cohort, moved_dues, results_of
from verify_service.exams.model import Conclusion
from verify_service.working_days.model import Calendar

COHORT_ID = UUID(int=1)
MARCH, MAY, DECEMBER = date(2026, 3, 14), date(2026, 5, 9), date(2026, 12, 5)
DUE_OF_MARCH, DUE_OF_MAY = date(2026, 4, 24), date(2026, 6, 19)
TODAY = date(2026, 5, 20)
# Only weekends are off in this year.
CALENDAR = Calendar(years=frozenset({2026}), off_weekdays=frozenset(), working_weekend_days=frozenset())
NOT_SAT = EntryGroup(
    cohort_id=COHORT_ID,
    kind="omnimedia_operator",
    first_on=None,
    first=None,
    make_up_on=None,
    make_up=None,
    issued=False,
    entries=1,
)


def group(**members: object) -> EntryGroup:
    return msgspec.structs.replace(NOT_SAT, **members)


def first(conclusion: Conclusion, **members: object) -> EntryGroup:
    return group(**{"first": conclusion, "first_on": MARCH} | members)


def made_up(conclusion: Conclusion, **members: object) -> EntryGroup:
    return first(Conclusion.FAILED, **{"make_up": conclusion, "make_up_on": MAY} | members)


PASSED = first(Conclusion.PASSED)
ISSUED = first(Conclusion.PASSED, issued=True)


def cohort(**members: object) -> Cohort:
    return msgspec.structs.replace(Cohort(cohort_id=COHORT_ID, code="C1"), **members)


@pytest.mark.parametrize(
    ("of_entry", "expected"),
    [
        (NOT_SAT, Results(missing=1)),
        (PASSED, Results(passed=1)),
        (first(Conclusion.FAILED), Results(failed=1)),
        (first(Conclusion.ABSENT), Results(absent=1)),
        (first(Conclusion.VOID), Results(void=1)),
        (made_up(Conclusion.PASSED), Results(passed=1)),
        (made_up(Conclusion.ABSENT), Results(absent=1)),
        (group(issued=True), Results(passed=1)),
    ],
)
def test_the_latest_sitting_says_how_an_entry_stands(of_entry: EntryGroup, expected: Results) -> None:
    assert results_of([of_entry]) == expected


def test_every_entry_of_a_group_is_counted_once() -> None:
    groups = [first(Conclusion.PASSED, entries=40), made_up(Conclusion.PASSED, entries=5), group(entries=3)]

    assert results_of(groups) == Results(passed=45, missing=3)


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ([first(Conclusion.FAILED)], 1),
        ([first(Conclusion.ABSENT, entries=2)], 2),
        ([first(Conclusion.VOID), PASSED, NOT_SAT, made_up(Conclusion.FAILED)], 0),
    ],
)
def test_a_make_up_is_open_to_whoever_failed_or_missed_the_first_sitting(
    groups: list[EntryGroup], expected: int
) -> None:
    assert listed_cohort(cohort(), [], groups, CALENDAR, TODAY).make_up_open == expected


@pytest.mark.parametrize(
    ("planned", "groups", "due_on", "late"),
    [
        ({}, [], None, 0),
        ({}, [NOT_SAT], None, 0),
        ({"exam_on": MARCH}, [], DUE_OF_MARCH, 0),
        ({"exam_on": MARCH}, [NOT_SAT], DUE_OF_MARCH, 0),
        ({"exam_on": MAY}, [first(Conclusion.FAILED)], DUE_OF_MARCH, 0),
        ({}, [ISSUED], DUE_OF_MARCH, 0),
        ({}, [ISSUED, made_up(Conclusion.FAILED)], DUE_OF_MAY, 0),
        ({}, [first(Conclusion.PASSED, entries=3), made_up(Conclusion.PASSED)], DUE_OF_MARCH, 3),
        ({}, [ISSUED, made_up(Conclusion.PASSED)], DUE_OF_MAY, 0),
    ],
)
def test_the_next_due_date_runs_from_who_waits_longest_else_from_the_exam_held_else_planned(
    planned: dict[str, date], groups: list[EntryGroup], due_on: date | None, late: int
) -> None:
    dues = dues_of(cohort(**planned), groups, CALENDAR, TODAY)

    assert (dues.due_on, dues.late, dues.calendar_missing) == (due_on, late, False)


def test_a_certificate_is_late_from_the_day_after_its_due_date() -> None:
    assert dues_of(cohort(), [PASSED], CALENDAR, DUE_OF_MARCH).late == 0
    assert dues_of(cohort(), [PASSED], CALENDAR, date(2026, 4, 25)).late == 1


@pytest.mark.parametrize(
    ("planned", "groups", "missing"),
    [
        ({"exam_on": DECEMBER}, [], True),
        ({"exam_on": MARCH, "make_up_on": DECEMBER}, [], True),
        ({"exam_on": MARCH, "make_up_on": DECEMBER}, [PASSED], True),
        ({"exam_on": DECEMBER}, [PASSED], False),
        ({"make_up_on": DECEMBER}, [made_up(Conclusion.FAILED)], False),
        ({}, [first(Conclusion.PASSED, first_on=DECEMBER)], True),
        ({}, [PASSED, made_up(Conclusion.PASSED, make_up_on=DECEMBER)], True),
    ],
)
def test_a_due_date_still_to_come_that_cannot_be_counted_is_a_problem(
    planned: dict[str, date], groups: list[EntryGroup], *, missing: bool
) -> None:
    assert dues_of(cohort(**planned), groups, CALENDAR, TODAY).calendar_missing is missing


def test_a_line_sums_up_partners_entries_and_certificates() -> None:
    partners = [
        PartnerPeople(COHORT_ID, UUID(int=partner), name, people, photos_missing=1)
        for partner, name, people in ((1, "甲", 50), (2, "乙", 2))
    ]
    groups = [ISSUED, first(Conclusion.PASSED, entries=3), made_up(Conclusion.PASSED, kind="online_host", entries=2)]

    line = listed_cohort(cohort(exam_on=MARCH), partners, groups, CALENDAR, TODAY)

    assert (line.people, line.photos_missing, line.entries) == (52, 2, {"omnimedia_operator": 4, "online_host": 2})
    assert [(partner.partner, partner.people) for partner in line.partners] == [("甲", 50), ("乙", 2)]
    assert (line.issued, line.to_issue, line.late) == (1, 5, 3)
    assert line.held_on == HeldOn(first=(MARCH,), make_up=(MAY,))
    assert line.problems == (Problem.OWN_CLASS, Problem.TOO_SMALL)


def test_each_day_that_somebody_passed_on_has_its_own_deadline() -> None:
    groups = [
        first(Conclusion.PASSED, entries=5),
        first(Conclusion.PASSED, issued=True, entries=2),
        made_up(Conclusion.PASSED, entries=3),
        made_up(Conclusion.FAILED, entries=4),
    ]

    march, may = deadlines_of(groups, CALENDAR, TODAY)

    assert march == Deadline(held_on=MARCH, passed=7, issued=2, due_on=DUE_OF_MARCH, days_left=-18)
    assert may == Deadline(held_on=MAY, passed=3, issued=0, due_on=DUE_OF_MAY, days_left=22)
    assert (march.waiting, may.waiting) == (5, 3)


def test_a_deadline_beyond_the_calendar_is_unknown_and_not_zero() -> None:
    (deadline,) = deadlines_of([first(Conclusion.PASSED, first_on=DECEMBER)], CALENDAR, TODAY)

    assert (deadline.due_on, deadline.days_left) == (None, None)


def test_only_the_dates_that_another_calendar_moves_are_told() -> None:
    may_day = Calendar(
        years=CALENDAR.years | {2027}, off_weekdays=frozenset({date(2026, 5, 25)}), working_weekend_days=frozenset()
    )
    planned = cohort(code="C2", exam_on=DECEMBER, make_up_on=MAY)
    classes = [(cohort(), [PASSED, made_up(Conclusion.PASSED, entries=3)]), (planned, [])]

    assert moved_dues(classes, CALENDAR, CALENDAR) == ()
    assert moved_dues(classes, CALENDAR, may_day) == (
        MovedDue(code="C1", held_on=MAY, before=DUE_OF_MAY, after=date(2026, 6, 22), waiting=3),
        MovedDue(code="C2", held_on=MAY, before=DUE_OF_MAY, after=date(2026, 6, 22), waiting=0),
        MovedDue(code="C2", held_on=DECEMBER, before=None, after=date(2027, 1, 15), waiting=0),
    )
