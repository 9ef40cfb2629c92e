"""What a class may be: its code, its size, its dates."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import Enum, auto
from typing import Final
from uuid import UUID

from verify_service.cohorts.model import PartnerPeople, Problem
from verify_service.errors import UsageError

FEWEST_OF_A_PARTNER: Final = 3
OWN_CLASS_FROM: Final = 50


class Placement(Enum):
    """Where so many trainees of one partner belong."""

    TOO_FEW = auto()
    PLANNED_CLASS = auto()
    OWN_CLASS = auto()


def require_cohort_code(code: str) -> str:
    """Return the code if it is one: it goes into file names and lists."""
    if not (code.isascii() and code[:1].isalnum() and len(code) <= 64 and all(c.isalnum() or c in "._-" for c in code)):
        raise UsageError("COHORT_CODE", "a cohort code has up to 64 letters, digits, dots, dashes and underscores")
    return code


def require_make_up_after_exam(exam_on: date | None, make_up_on: date | None) -> None:
    """Refuse a make-up planned for the day of the exam or before it."""
    if exam_on is not None and make_up_on is not None and make_up_on <= exam_on:
        raise UsageError("MAKE_UP_ORDER", f"a make-up on {make_up_on} is not after the exam on {exam_on}")


def placement(people: int) -> Placement:
    """Return where this many trainees of one partner belong: 3 to 49 join a planned class, 50 form their own."""
    if people >= OWN_CLASS_FROM:
        return Placement.OWN_CLASS
    return Placement.PLANNED_CLASS if people >= FEWEST_OF_A_PARTNER else Placement.TOO_FEW


def own_class_partner(partner_ids: Sequence[UUID]) -> UUID | None:
    """Return the partner whose own class a new one is, given that of each trainee; None for a planned class."""
    if placement(len(partner_ids)) is Placement.OWN_CLASS and len(set(partner_ids)) == 1:
        return partner_ids[0]
    return None


def size_problems(own_partner_id: UUID | None, people: Mapping[UUID, int]) -> set[Problem]:
    """Return what is remarkable about a class, from whose own it is and its people by partner."""
    problems = set()
    for partner_id, count in people.items():
        belongs = placement(count)
        if own_partner_id not in {None, partner_id}:
            problems.add(Problem.OTHER_PARTNER)
        elif belongs is Placement.TOO_FEW:
            problems.add(Problem.TOO_SMALL)
        elif belongs is Placement.OWN_CLASS and own_partner_id is None:
            problems.add(Problem.OWN_CLASS)
    return problems


def size_problems_of(own_partner_id: UUID | None, partner: PartnerPeople) -> tuple[Problem, ...]:
    """Return what is remarkable about one partner's people in a class."""
    return tuple(sorted(size_problems(own_partner_id, {partner.partner_id: partner.people})))
