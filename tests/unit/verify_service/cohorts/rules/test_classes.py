"""What a class may be: 3, 49 and 50 trainees of a partner, codes, and the order of dates."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

import pytest

from verify_service.cohorts.model import Problem
from verify_service.cohorts.rules.classes import (
    Placement,
    own_class_partner,
    placement,
    require_cohort_code,
    require_make_up_after_exam,
    size_problems,
)
from verify_service.errors import UsageError

ONE, OTHER = UUID(int=1), UUID(int=2)
EXAM_ON = date(2026, 3, 14)


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        (1, Placement.TOO_FEW),
        (2, Placement.TOO_FEW),
        (3, Placement.PLANNED_CLASS),
        (49, Placement.PLANNED_CLASS),
        (50, Placement.OWN_CLASS),
        (51, Placement.OWN_CLASS),
    ],
)
def test_the_number_of_a_partners_trainees_says_where_they_belong(people: int, expected: Placement) -> None:
    assert placement(people) is expected


@pytest.mark.parametrize(
    ("partner_ids", "expected"),
    [
        ([], None),
        ([ONE] * 49, None),
        ([ONE] * 50, ONE),
        ([ONE] * 50 + [OTHER], None),
        ([ONE] * 25 + [OTHER] * 25, None),
    ],
)
def test_only_fifty_of_one_partner_alone_form_their_own_class(partner_ids: list[UUID], expected: UUID | None) -> None:
    assert own_class_partner(partner_ids) == expected


@pytest.mark.parametrize(
    ("own", "people", "expected"),
    [
        (None, {}, set()),
        (None, {ONE: 2}, {Problem.TOO_SMALL}),
        (None, {ONE: 3, OTHER: 49}, set()),
        (None, {ONE: 50}, {Problem.OWN_CLASS}),
        (None, {ONE: 50, OTHER: 2}, {Problem.OWN_CLASS, Problem.TOO_SMALL}),
        (ONE, {}, set()),
        (ONE, {ONE: 2}, {Problem.TOO_SMALL}),
        (ONE, {ONE: 50}, set()),
        (ONE, {ONE: 50, OTHER: 1}, {Problem.OTHER_PARTNER}),
        (ONE, {OTHER: 50}, {Problem.OTHER_PARTNER}),
    ],
)
def test_a_class_of_a_remarkable_size_is_remarked_on(
    own: UUID | None, people: Mapping[UUID, int], expected: set[Problem]
) -> None:
    assert size_problems(own, people) == expected


@pytest.mark.parametrize("code", ["2026-11", "A", "a.b_c-d", "9" * 64])
def test_a_cohort_code_of_letters_digits_and_marks_is_taken(code: str) -> None:
    assert require_cohort_code(code) == code


@pytest.mark.parametrize("code", ["", "-1", ".hidden", "a/b", "a b", "班次", "9" * 65, "a\n"])
def test_a_cohort_code_that_could_not_name_a_file_is_refused(code: str) -> None:
    with pytest.raises(UsageError) as refusal:
        require_cohort_code(code)

    assert refusal.value.code == "COHORT_CODE"


@pytest.mark.parametrize(
    ("exam_on", "make_up_on"), [(None, None), (EXAM_ON, None), (None, EXAM_ON), (EXAM_ON, date(2026, 3, 15))]
)
def test_dates_in_order_may_be_planned(exam_on: date | None, make_up_on: date | None) -> None:
    require_make_up_after_exam(exam_on, make_up_on)


@pytest.mark.parametrize("make_up_on", [EXAM_ON, date(2026, 3, 13)])
def test_a_make_up_on_the_day_of_the_exam_or_before_is_refused(make_up_on: date) -> None:
    with pytest.raises(UsageError) as refusal:
        require_make_up_after_exam(EXAM_ON, make_up_on)

    assert refusal.value.code == "MAKE_UP_ORDER"
