"""What an import of one roster row asks for, what stands already, and what it changes."""

from enum import StrEnum
from typing import Final
from uuid import UUID

import msgspec

from verify_service.subjects.model import Person


class Trainee(msgspec.Struct, frozen=True):
    """One accepted roster row, as the person is to stand in the register and in the cohort."""

    person: Person
    partner_id: UUID
    kinds: tuple[str, ...]
    """Certificate kinds the trainee sits for: the roster's own, and a second one on request (加考)."""
    photo_jpeg: bytes | None


class EnrolmentRow(msgspec.Struct, frozen=True):
    """One enrolment of a subject, in any cohort."""

    enrolment_id: UUID
    subject_id: UUID
    cohort_id: UUID
    partner_id: UUID
    photo_id: UUID | None
    kinds: tuple[str, ...]


class NewEnrolment(msgspec.Struct, frozen=True, kw_only=True):
    """An enrolment to be stored, its members the table's columns."""

    enrolment_id: UUID
    subject_id: UUID
    cohort_id: UUID
    partner_id: UUID
    photo_id: UUID | None


class Change(StrEnum):
    """What an import changes of one person; the value stands in its JSON and in the trail."""

    PERSON = "person"
    ENROLMENT = "enrolment"
    NAME = "name"
    SEX = "sex"
    PHONE = "phone"
    PHOTO = "photo"
    EXAM_ENTRY = "examEntry"
    PARTNER = "partner"


AMENDMENTS: Final = frozenset({Change.NAME, Change.SEX, Change.PARTNER})
"""What is changed only by an operator who says why."""
