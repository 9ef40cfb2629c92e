"""A code as it is handed to a partner, and what became of one that somebody redeems."""

import datetime
from enum import StrEnum
from uuid import UUID

import msgspec


class Partner(msgspec.Struct, frozen=True):
    """A partner with people in a cohort."""

    partner_id: UUID
    name: str


class HandedCode(msgspec.Struct, frozen=True):
    """One person and the code that is that person's alone."""

    name: str
    id_number: str
    code: str


class CodeCounts(msgspec.Struct, frozen=True, kw_only=True):
    """The codes of one partner's people in one class; erased people are not counted."""

    cohort: str
    partner_id: UUID
    partner: str
    unlisted: int
    """Codes that no list has handed out."""
    listed: int
    redeemed: int
    """Of those listed."""
    replaced: int
    """Codes that no longer count, one person's several each."""


class CodeListing(msgspec.Struct, frozen=True, kw_only=True):
    """That codes were shown once: when, to whom, for which partner, and how many."""

    listed_at: datetime.datetime
    actor: str
    partner: str
    codes: int


class HeldCode(msgspec.Struct, frozen=True, kw_only=True):
    """How one person's code stands; the code itself is never here."""

    enrolment_id: UUID
    subject_id: UUID
    partner: str
    is_unlisted: bool
    issued_at: datetime.datetime
    redeemed_at: datetime.datetime | None
    replaced: int
    """How often it was replaced."""


class RedemptionOutcome(StrEnum):
    """What became of a well-formed code; the value is what `codes redeem --json` prints."""

    REDEEMED = "redeemed"
    ALREADY_REDEEMED = "already_redeemed"
    REPLACED = "replaced"
    UNKNOWN = "unknown"


class Redemption(msgspec.Struct, frozen=True, rename="camel"):
    """The answer to one code: the class where it was redeemed now, the instant where it was redeemed ever."""

    outcome: RedemptionOutcome
    cohort: str | None = None
    redeemed_at: datetime.datetime | None = None
