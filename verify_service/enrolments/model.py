"""What an import of one roster row asks for, and what stands already."""

from uuid import UUID

import msgspec

from verify_service.subjects.model import Person


class Trainee(msgspec.Struct, frozen=True):
    """One accepted roster row, ready to be enrolled."""

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
    photo_id: UUID | None
    kinds: tuple[str, ...]
