"""How far somebody has come, in which order classes want attention, and the pages of a list."""

from datetime import date
from uuid import UUID

import msgspec
import pytest

from verify_service.cohorts.model import HeldOn, ListedCohort, Results
from verify_service.exams.model import Conclusion, Sitting, SittingKind
from verify_service.registrar.model import CertificateFact, CohortLine, Entry, EntryState, Page
from verify_service.registrar.rules import by_urgency, entry_state, page_of

MARCH, MAY = date(2026, 3, 14), date(2026, 5, 9)
ENTRY = Entry(
    enrolment_id=UUID(int=1),
    kind="omnimedia_operator",
    requires_photo=True,
    first=None,
    make_up=None,
    certificate=None,
)
LISTED = ListedCohort(
    code="C1",
    partner=None,
    people=10,
    entries={},
    partners=(),
    exam_on=MARCH,
    make_up_on=None,
    held_on=HeldOn((), ()),
    photos_missing=0,
    results=Results(passed=10),
    make_up_open=0,
    issued=10,
    to_issue=0,
    due_on=None,
    late=0,
    problems=(),
)


def first(conclusion: Conclusion) -> Sitting:
    return Sitting(kind=SittingKind.FIRST, held_on=MARCH, conclusion=conclusion)


def make_up(conclusion: Conclusion) -> Sitting:
    return Sitting(kind=SittingKind.MAKE_UP, held_on=MAY, conclusion=conclusion)


def entry(**members: object) -> Entry:
    return msgspec.structs.replace(ENTRY, **members)


def line(code: str, **members: object) -> CohortLine:
    return CohortLine(msgspec.structs.replace(LISTED, code=code, **members), None)


@pytest.mark.parametrize(
    ("members", "state"),
    [
        ({}, EntryState.NO_RESULT),
        ({"first": first(Conclusion.PASSED)}, EntryState.TO_ISSUE),
        ({"first": first(Conclusion.FAILED)}, EntryState.MAKE_UP_OPEN),
        ({"first": first(Conclusion.ABSENT)}, EntryState.MAKE_UP_OPEN),
        ({"first": first(Conclusion.VOID)}, EntryState.FAILED),
        ({"first": first(Conclusion.FAILED), "make_up": make_up(Conclusion.ABSENT)}, EntryState.FAILED),
        ({"first": first(Conclusion.FAILED), "make_up": make_up(Conclusion.PASSED)}, EntryState.TO_ISSUE),
        ({"certificate": CertificateFact("QMT", "revoked"), "first": first(Conclusion.PASSED)}, EntryState.REVOKED),
        ({"certificate": CertificateFact("QMT", "valid")}, EntryState.VALID),
    ],
)
def test_a_certificate_speaks_before_the_results_and_the_make_up_before_the_first(
    members: dict[str, object], state: EntryState
) -> None:
    assert entry_state(entry(**members), has_photo=True) is state


def test_who_passed_without_a_photo_waits_for_one_only_where_the_kind_asks() -> None:
    passed = entry(first=first(Conclusion.PASSED))

    assert entry_state(passed, has_photo=False) is EntryState.NO_PHOTO
    assert entry_state(msgspec.structs.replace(passed, requires_photo=False), has_photo=False) is EntryState.TO_ISSUE


def test_what_is_late_comes_first_then_what_is_due_then_what_is_to_be_examined() -> None:
    lines = [
        line("A-done"),
        line("B-done"),
        line("exam-later", issued=0, results=Results(missing=3), exam_on=MAY),
        line("exam-sooner", issued=0, results=Results(missing=3), exam_on=MARCH),
        line("no-day", issued=0, results=Results(missing=3), exam_on=None),
        line("due-later", to_issue=1, due_on=date(2026, 7, 1)),
        line("due-sooner", to_issue=1, due_on=date(2026, 6, 1)),
        line("due-unknown", to_issue=1, due_on=None),
        line("late", to_issue=1, late=1, due_on=date(2026, 6, 30)),
    ]

    assert [one.listed.code for one in by_urgency(lines)] == [
        *("late", "due-sooner", "due-later", "due-unknown"),
        *("exam-sooner", "exam-later", "no-day", "B-done", "A-done"),
    ]


@pytest.mark.parametrize(
    ("asked", "lines", "page"),
    [
        (1, 0, Page(1, 1)),
        (1, 100, Page(1, 1)),
        (2, 101, Page(2, 2)),
        (9, 101, Page(2, 2)),
        (-3, 101, Page(1, 2)),
    ],
)
def test_a_page_that_is_not_there_is_the_nearest_one(asked: int, lines: int, page: Page) -> None:
    assert page_of(asked, lines) == page
