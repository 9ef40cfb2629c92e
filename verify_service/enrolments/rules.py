"""What a roster row changes of what stands."""

from collections.abc import Iterator

from verify_service.enrolments.model import Change, EnrolmentRow, Trainee
from verify_service.subjects.model import Person


def changes_of(
    trainee: Trainee, person: Person | None, enrolled: EnrolmentRow | None, photo_jpeg: bytes | None
) -> tuple[Change, ...]:
    """Return what has to change until a trainee stands as asked, nothing if that is so.

    `person`, `enrolled` and `photo_jpeg` are what stands, None where nothing does. A row without a photo keeps the
    photo there is, and a second kind (加考) that is no longer asked for stays.
    """
    of_person = (Change.PERSON,) if person is None else _changes_of_person(trainee.person, person)
    of_enrolment = (Change.ENROLMENT,) if enrolled is None else _changes_of_enrolment(trainee, enrolled, photo_jpeg)
    return (*of_person, *of_enrolment)


def _changes_of_person(asked: Person, standing: Person) -> Iterator[Change]:
    if asked.name != standing.name:
        yield Change.NAME
    if asked.sex != standing.sex:
        yield Change.SEX
    if asked.phone != standing.phone:
        yield Change.PHONE


def _changes_of_enrolment(trainee: Trainee, enrolled: EnrolmentRow, photo_jpeg: bytes | None) -> Iterator[Change]:
    if trainee.photo_jpeg not in (None, photo_jpeg):
        yield Change.PHOTO
    if not set(trainee.kinds) <= set(enrolled.kinds):
        yield Change.EXAM_ENTRY
    if trainee.partner_id != enrolled.partner_id:
        yield Change.PARTNER
