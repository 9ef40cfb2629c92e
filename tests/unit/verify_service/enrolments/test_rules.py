"""What a roster row changes of what stands."""

from uuid import UUID

import msgspec
import pytest

from tests.factories import HOST, OPERATOR, person_of, trainee
from verify_service.enrolments.model import Change, EnrolmentRow, Trainee
from verify_service.enrolments.rules import changes_of
from verify_service.subjects.model import Sex

OURS, THEIRS = UUID(int=1), UUID(int=2)
ANN = person_of(trainee(0))
ASKED = Trainee(ANN, OURS, (OPERATOR,), b"photo")
ENROLLED = EnrolmentRow(
    enrolment_id=UUID(int=3),
    subject_id=UUID(int=4),
    cohort_id=UUID(int=5),
    partner_id=OURS,
    photo_id=UUID(int=6),
    kinds=(OPERATOR,),
)


def test_who_stands_as_asked_changes_nothing() -> None:
    assert changes_of(ASKED, ANN, ENROLLED, b"photo") == ()


def test_whoever_is_new_is_added_and_enrolled() -> None:
    assert changes_of(ASKED, None, None, None) == (Change.PERSON, Change.ENROLMENT)


def test_a_known_person_is_enrolled_in_another_cohort_with_a_new_phone() -> None:
    moved = msgspec.structs.replace(ANN, phone="19499999999")

    assert changes_of(ASKED, moved, None, None) == (Change.PHONE, Change.ENROLMENT)


@pytest.mark.parametrize(
    ("asked", "changes"),
    [
        ({"person": msgspec.structs.replace(ANN, name="林新名")}, (Change.NAME,)),
        ({"person": msgspec.structs.replace(ANN, sex=Sex.MALE)}, (Change.SEX,)),
        ({"person": msgspec.structs.replace(ANN, phone="19499999999")}, (Change.PHONE,)),
        ({"photo_jpeg": b"another"}, (Change.PHOTO,)),
        ({"kinds": (OPERATOR, HOST)}, (Change.EXAM_ENTRY,)),
        ({"partner_id": THEIRS}, (Change.PARTNER,)),
        ({"photo_jpeg": b"another", "partner_id": THEIRS}, (Change.PHOTO, Change.PARTNER)),
    ],
)
def test_what_differs_is_changed_and_nothing_else(asked: dict[str, object], changes: tuple[Change, ...]) -> None:
    assert changes_of(msgspec.structs.replace(ASKED, **asked), ANN, ENROLLED, b"photo") == changes


def test_a_row_without_a_photo_keeps_the_photo_there_is() -> None:
    assert changes_of(msgspec.structs.replace(ASKED, photo_jpeg=None), ANN, ENROLLED, None) == ()


def test_a_second_kind_that_is_no_longer_asked_for_stays() -> None:
    both = msgspec.structs.replace(ENROLLED, kinds=(OPERATOR, HOST))

    assert changes_of(ASKED, ANN, both, b"photo") == ()


def test_a_photo_that_retention_has_ended_is_stored_anew() -> None:
    assert changes_of(ASKED, ANN, msgspec.structs.replace(ENROLLED, photo_id=None), None) == (Change.PHOTO,)
