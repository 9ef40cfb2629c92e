"""What the registrar's pages show, put together from several domains."""

import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from verify_service.answers import Status
from verify_service.cohorts.model import ListedCohort
from verify_service.exams.model import Sitting


class Tab(StrEnum):
    """A part of a class's page; the value stands in its address."""

    TRAINEES = "trainees"
    RESULTS = "results"
    CERTIFICATES = "certificates"
    CODES = "codes"
    DELIVERIES = "deliveries"


class EntryState(StrEnum):
    """How far one person has come with one kind of certificate."""

    NO_RESULT = "no_result"
    MAKE_UP_OPEN = "make_up_open"
    FAILED = "failed"
    NO_PHOTO = "no_photo"
    """Passed; the certificate waits for a photo."""
    TO_ISSUE = "to_issue"
    VALID = "valid"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"


class CohortLine(msgspec.Struct, frozen=True):
    """One line of the list of classes."""

    listed: ListedCohort
    days_left: int | None
    """Working days until something is due, below zero those since; None where nothing waits or nobody can tell."""


class CertificateFact(msgspec.Struct, frozen=True):
    """The newest certificate of an exam entry."""

    number: str
    status: Status


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What one person sits for, and how it went."""

    enrolment_id: UUID
    kind: str
    requires_photo: bool
    first: Sitting | None
    make_up: Sitting | None
    certificate: CertificateFact | None


class Trainee(msgspec.Struct, frozen=True, kw_only=True):
    """One person of a class, as staff see people in lists."""

    enrolment_id: UUID
    subject_id: UUID
    name: str
    id_number_tail: str
    """The last four characters, which tell namesakes apart."""
    partner: str
    has_photo: bool
    entries: tuple[tuple[Entry, EntryState], ...]


class IssuedCertificate(msgspec.Struct, frozen=True, kw_only=True):
    """One certificate of a class."""

    number: str
    kind: str
    subject_id: UUID
    name: str | None
    """As registered now; None once the person was erased."""
    status: Status
    issued_at: datetime.datetime
    successor: str | None


class Page(msgspec.Struct, frozen=True):
    """Which of how many pages of a list, counted from 1."""

    number: int
    pages: int
