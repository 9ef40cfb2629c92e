"""What stands of a class, and what its line in the list says."""

from datetime import date
from enum import StrEnum
from uuid import UUID

import msgspec

from verify_service.exams.model import Conclusion
from verify_service.working_days.model import Coverage


class Problem(StrEnum):
    """What somebody should look at; nothing is refused for it."""

    TOO_SMALL = "COHORT_TOO_SMALL"
    OWN_CLASS = "COHORT_OWN_CLASS"
    OTHER_PARTNER = "COHORT_OTHER_PARTNER"
    CALENDAR_MISSING = "CALENDAR_MISSING"


class Cohort(msgspec.Struct, frozen=True, kw_only=True):
    """One class: whose own it is, or a planned one of several partners; and when it is to be examined."""

    cohort_id: UUID
    code: str
    partner_id: UUID | None = None
    partner: str | None = None
    exam_on: date | None = None
    make_up_on: date | None = None


class PlanAsked(msgspec.Struct, frozen=True, kw_only=True):
    """What to plan for a class; None leaves what stands."""

    partner: str | None = None
    exam_on: date | None = None
    make_up_on: date | None = None


class PlanChange(msgspec.Struct, frozen=True):
    """One planned fact that is another one now; `before` is None where there was none."""

    member: str
    before: str | None
    after: str | None


class PlanOutcome(msgspec.Struct, frozen=True, rename="camel"):
    """The plan as it stands now, and what this command changed of it."""

    code: str
    partner: str | None
    exam_on: date | None
    make_up_on: date | None
    opened: bool
    changes: tuple[PlanChange, ...]


class PartnerPeople(msgspec.Struct, frozen=True):
    """The people of one partner in one class; erased people are not counted anywhere here."""

    cohort_id: UUID
    partner_id: UUID
    partner: str
    people: int
    photos_missing: int


class EntryGroup(msgspec.Struct, frozen=True, kw_only=True):
    """The exam entries of one class that stand exactly alike."""

    cohort_id: UUID
    kind: str
    first_on: date | None
    first: Conclusion | None
    make_up_on: date | None
    make_up: Conclusion | None
    issued: bool
    entries: int


class PartnerCount(msgspec.Struct, frozen=True):
    """How many people of a class one partner enrolled."""

    partner: str
    people: int


class HeldOn(msgspec.Struct, frozen=True, rename="camel"):
    """The days on which a class really sat, in order."""

    first: tuple[date, ...]
    make_up: tuple[date, ...]


class Results(msgspec.Struct, frozen=True):
    """Exam entries by how their latest sitting ended; `missing` have no result of the first one yet."""

    passed: int = 0
    failed: int = 0
    absent: int = 0
    void: int = 0
    missing: int = 0


class Dues(msgspec.Struct, frozen=True):
    """When the next certificate of a class is due."""

    due_on: date | None
    """None where no exam is known, or the calendar does not reach."""
    late: int
    calendar_missing: bool
    """Whether any due date still to come cannot be counted."""


class ListedCohort(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One line of `cohort list`."""

    code: str
    partner: str | None
    people: int
    entries: dict[str, int]
    """Exam entries by kind of certificate."""
    partners: tuple[PartnerCount, ...]
    exam_on: date | None
    make_up_on: date | None
    held_on: HeldOn
    photos_missing: int
    results: Results
    make_up_open: int
    issued: int
    to_issue: int
    due_on: date | None
    late: int
    problems: tuple[Problem, ...]


class CohortList(msgspec.Struct, frozen=True):
    """Every class asked for, and how far the calendar reaches."""

    cohorts: tuple[ListedCohort, ...]
    calendar: Coverage


class Deadline(msgspec.Struct, frozen=True, kw_only=True):
    """What is due of those who passed on one day."""

    held_on: date
    passed: int
    issued: int
    due_on: date | None
    """None where the calendar does not reach."""
    days_left: int | None
    """Working days, the last one counted; below zero, how many it is late."""

    @property
    def waiting(self) -> int:
        """Return how many certificates are still to come."""
        return self.passed - self.issued


class Placed(msgspec.Struct, frozen=True):
    """The people of one partner in a class, and what the rule on sizes says of so many."""

    partner_id: UUID
    partner: str
    people: int
    problems: tuple[Problem, ...]


class CohortProgress(msgspec.Struct, frozen=True, kw_only=True):
    """How far one class has come, each day it sat on by itself."""

    cohort: Cohort
    listed: ListedCohort
    deadlines: tuple[Deadline, ...]
    placed: tuple[Placed, ...]


class MovedDue(msgspec.Struct, frozen=True, kw_only=True):
    """A due date that another calendar would move; None where a calendar does not reach."""

    code: str
    held_on: date
    before: date | None
    after: date | None
    waiting: int
    """Certificates that are still to come by it."""
