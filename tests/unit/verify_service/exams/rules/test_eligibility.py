"""Which sittings may be recorded, and which one earns the certificate."""

from datetime import date

import pytest

from verify_service.errors import FieldError
from verify_service.exams.model import Conclusion, Sitting, SittingChange, SittingKind
from verify_service.exams.rules.eligibility import Recording, differences, passed_sitting, require_recordable

FIRST_DAY = date(2026, 3, 14)
LATER_DAY = date(2026, 4, 18)


def first(conclusion: Conclusion, *, theory_score_tenths: int | None = None) -> Sitting:
    return Sitting(
        kind=SittingKind.FIRST,
        held_on=FIRST_DAY,
        conclusion=conclusion,
        theory_score_tenths=theory_score_tenths,
    )


def make_up(conclusion: Conclusion, held_on: date = LATER_DAY) -> Sitting:
    return Sitting(kind=SittingKind.MAKE_UP, held_on=held_on, conclusion=conclusion)


@pytest.mark.parametrize(
    ("existing", "new"),
    [
        ([], first(Conclusion.PASSED)),
        ([], first(Conclusion.VOID)),
        ([first(Conclusion.FAILED)], make_up(Conclusion.PASSED)),
        ([first(Conclusion.ABSENT)], make_up(Conclusion.FAILED)),
    ],
)
def test_a_first_sitting_and_a_make_up_after_failure_are_new(existing: list[Sitting], new: Sitting) -> None:
    assert require_recordable(existing, new, issued=False) is Recording.NEW


def test_what_already_stands_changes_nothing_even_after_issue() -> None:
    existing = [first(Conclusion.FAILED), make_up(Conclusion.PASSED)]

    for sitting in existing:
        assert require_recordable(existing, sitting, issued=False) is Recording.UNCHANGED
        assert require_recordable(existing, sitting, issued=True) is Recording.UNCHANGED


@pytest.mark.parametrize(
    ("existing", "new"),
    [
        ([first(Conclusion.PASSED)], first(Conclusion.FAILED)),
        ([first(Conclusion.FAILED)], first(Conclusion.PASSED)),
        ([first(Conclusion.FAILED, theory_score_tenths=590)], first(Conclusion.FAILED, theory_score_tenths=600)),
        ([first(Conclusion.PASSED)], make_up(Conclusion.PASSED)),
        ([first(Conclusion.FAILED), make_up(Conclusion.FAILED)], make_up(Conclusion.PASSED)),
        ([first(Conclusion.FAILED), make_up(Conclusion.PASSED)], first(Conclusion.ABSENT)),
    ],
)
def test_something_other_than_what_stands_is_already_decided(existing: list[Sitting], new: Sitting) -> None:
    assert refusal_of(existing, new) == "ALREADY_DECIDED"


def test_nothing_is_added_once_a_certificate_is_issued() -> None:
    assert refusal_of([first(Conclusion.FAILED)], make_up(Conclusion.PASSED), issued=True) == "ALREADY_DECIDED"


@pytest.mark.parametrize(
    ("existing", "new"),
    [
        ([], make_up(Conclusion.PASSED)),
        ([first(Conclusion.VOID)], make_up(Conclusion.PASSED)),
        ([first(Conclusion.FAILED)], make_up(Conclusion.PASSED, held_on=FIRST_DAY)),
        ([first(Conclusion.FAILED)], make_up(Conclusion.PASSED, held_on=date(2026, 3, 13))),
        ([make_up(Conclusion.FAILED)], first(Conclusion.PASSED)),
    ],
)
def test_a_make_up_needs_an_earlier_first_sitting_failed_or_missed(existing: list[Sitting], new: Sitting) -> None:
    assert refusal_of(existing, new) == "SITTING_ORDER"


@pytest.mark.parametrize(
    ("existing", "new"),
    [
        ([first(Conclusion.PASSED)], first(Conclusion.FAILED)),
        ([first(Conclusion.FAILED)], first(Conclusion.PASSED)),
        ([first(Conclusion.FAILED, theory_score_tenths=500)], first(Conclusion.FAILED, theory_score_tenths=600)),
        ([first(Conclusion.FAILED), make_up(Conclusion.PASSED)], make_up(Conclusion.FAILED)),
        ([first(Conclusion.FAILED), make_up(Conclusion.PASSED)], make_up(Conclusion.PASSED, date(2026, 5, 1))),
        ([first(Conclusion.FAILED), make_up(Conclusion.PASSED)], first(Conclusion.ABSENT)),
    ],
)
def test_what_stands_is_replaced_only_where_it_may_be_amended(existing: list[Sitting], new: Sitting) -> None:
    assert require_recordable(existing, new, issued=False, amending=True) is Recording.AMENDED
    assert refusal_of(existing, new) == "ALREADY_DECIDED"
    assert refusal_of(existing, new, issued=True, amending=True) == "ALREADY_DECIDED"


def test_scores_that_have_ended_under_a_certificate_are_not_missed_in_an_old_file() -> None:
    standing, again = first(Conclusion.PASSED), first(Conclusion.PASSED, theory_score_tenths=600)

    assert require_recordable([standing], again, issued=True) is Recording.UNCHANGED
    assert refusal_of([standing], again) == "ALREADY_DECIDED"


def test_amending_repeats_and_adds_as_any_import_does() -> None:
    failed, passed = first(Conclusion.FAILED), make_up(Conclusion.PASSED)

    assert require_recordable([failed], failed, issued=True, amending=True) is Recording.UNCHANGED
    assert require_recordable([failed], passed, issued=False, amending=True) is Recording.NEW
    assert refusal_of([first(Conclusion.PASSED)], passed, amending=True) == "ALREADY_DECIDED"


@pytest.mark.parametrize(
    ("existing", "new"),
    [
        ([first(Conclusion.FAILED), make_up(Conclusion.PASSED)], first(Conclusion.PASSED)),
        ([first(Conclusion.FAILED), make_up(Conclusion.FAILED)], first(Conclusion.VOID)),
        ([first(Conclusion.FAILED), make_up(Conclusion.FAILED)], make_up(Conclusion.FAILED, held_on=FIRST_DAY)),
    ],
)
def test_no_amendment_leaves_a_make_up_that_could_not_have_been(existing: list[Sitting], new: Sitting) -> None:
    assert refusal_of(existing, new, amending=True) == "SITTING_ORDER"


@pytest.mark.parametrize(
    ("new", "changes"),
    [
        (make_up(Conclusion.PASSED), ()),
        (make_up(Conclusion.FAILED), (SittingChange.CONCLUSION,)),
        (make_up(Conclusion.FAILED, FIRST_DAY), (SittingChange.CONCLUSION, SittingChange.DATE)),
        (
            Sitting(
                kind=SittingKind.MAKE_UP, held_on=LATER_DAY, conclusion=Conclusion.PASSED, practice_score_tenths=600
            ),
            (SittingChange.SCORES,),
        ),
    ],
)
def test_an_amendment_says_what_it_changes(new: Sitting, changes: tuple[SittingChange, ...]) -> None:
    assert differences(make_up(Conclusion.PASSED), new) == changes


def test_the_sitting_that_was_passed_earns_the_certificate() -> None:
    passed = make_up(Conclusion.PASSED)

    assert passed_sitting([first(Conclusion.FAILED), passed]) is passed


@pytest.mark.parametrize("conclusion", [Conclusion.FAILED, Conclusion.ABSENT, Conclusion.VOID])
def test_full_marks_earn_nothing_without_the_conclusion(conclusion: Conclusion) -> None:
    assert passed_sitting([first(conclusion, theory_score_tenths=1000)]) is None


def refusal_of(existing: list[Sitting], new: Sitting, *, issued: bool = False, amending: bool = False) -> str:
    with pytest.raises(FieldError) as refusal:
        require_recordable(existing, new, issued=issued, amending=amending)
    return refusal.value.code
