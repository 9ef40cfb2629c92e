"""What a partner's pages show of its own classes and people."""

import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from verify_service.answers import PublicReason, Status
from verify_service.cohorts.model import ListedCohort
from verify_service.exams.model import Conclusion


class Stage(StrEnum):
    """How far one person has come with one kind of certificate."""

    ENROLLED = "enrolled"
    """Handed in; nobody has sat yet, as far as the register knows."""
    MAKE_UP_OPEN = "make_up_open"
    NOT_PASSED = "not_passed"
    PASSED = "passed"
    """The certificate is to come."""
    ISSUED = "issued"
    REVOKED = "revoked"


class Lack(StrEnum):
    """What keeps a certificate from being made, and the partner can bring."""

    PHOTO = "photo"
    CHARACTER = "character"


class SatOn(msgspec.Struct, frozen=True):
    """One sitting as a partner sees it."""

    held_on: datetime.date
    conclusion: Conclusion


class OwnCertificate(msgspec.Struct, frozen=True):
    """The newest certificate of an exam entry."""

    number: str
    issued_on: datetime.date
    status: Status


class OwnEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One person of the partner, and one kind of certificate that person sits for."""

    enrolment_id: UUID
    cohort: str
    kind: str
    name: str
    id_number: str
    """Masked."""
    enrolled_on: datetime.date
    has_photo: bool
    missing_characters: tuple[str, ...]
    """Those of the name that no font can print."""
    first: SatOn | None
    make_up: SatOn | None
    due_on: datetime.date | None
    """By when the certificate is due; None before a pass, after issue, and where the calendar ends."""
    certificate: OwnCertificate | None
    code_listed: bool | None
    """Whether a list has handed the redemption code out; None where there is none any more."""
    code_redeemed_on: datetime.date | None

    @property
    def stage(self) -> Stage:
        """Return how far this entry has come."""
        if self.certificate is not None:
            return Stage.REVOKED if self.certificate.status == "revoked" else Stage.ISSUED
        latest = self.make_up or self.first
        if latest is None:
            return Stage.ENROLLED
        if latest.conclusion is Conclusion.PASSED:
            return Stage.PASSED
        may_repeat = self.make_up is None and latest.conclusion is not Conclusion.VOID
        return Stage.MAKE_UP_OPEN if may_repeat else Stage.NOT_PASSED

    @property
    def lacks(self) -> tuple[Lack, ...]:
        """Return what the partner has still to bring; nothing once it is issued or can no longer be."""
        if self.stage in {Stage.ISSUED, Stage.REVOKED, Stage.NOT_PASSED}:
            return ()
        return (() if self.has_photo else (Lack.PHOTO,)) + ((Lack.CHARACTER,) if self.missing_characters else ())


class OwnCohort(msgspec.Struct, frozen=True):
    """One class, counted among the partner's own people alone."""

    listed: ListedCohort
    is_own: bool
    """The partner's own class, not one that several share."""
    unprintable: int
    """People without a certificate yet whose name has a character that no font can print."""


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """One certificate of a chain of corrections."""

    number: str
    issued_on: datetime.date
    status: Status
    since: datetime.date | None
    """Since when it no longer stands."""
    reason: PublicReason | None


class Chain(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate with those before and after it."""

    shown: Version
    name: str
    title: str
    cohort: str
    enrolment_id: UUID
    versions: tuple[Version, ...]
    held_for: str | None
    """Why the print gate held its file when it last looked, as a code; None where it passed or was not looked at."""
