"""How long each class of personal data is kept, and what ending it came to."""

import datetime
from enum import StrEnum
from typing import Annotated, Literal

import msgspec

MAX_DAYS = 36_500
"""A hundred years: more digits are a slip of the hand, and dates end somewhere."""


class DataClass(StrEnum):
    """A class of personal data with a term of its own; the value names its section of the policy file."""

    ROSTERS = "rosters"
    PHOTOS = "photos"
    PHONES = "phones"
    RESULTS = "results"
    REDEMPTION_CODES = "redemption_codes"
    DRAFTS = "drafts"


class Term(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long one class is kept after its last use, and the purpose that ends then."""

    keep_days: Annotated[int, msgspec.Meta(ge=1, le=MAX_DAYS)] | Literal["forever"]
    reason: Annotated[str, msgspec.Meta(min_length=1)]


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole policy file. It names every class: one that was forgotten is neither kept nor ended by chance."""

    rosters: Term
    photos: Term
    phones: Term
    results: Term
    redemption_codes: Term
    drafts: Term

    def term(self, data_class: DataClass) -> Term:
        """Return the term of one class."""
        term: Term = getattr(self, data_class.value)
        return term


class ClassReport(msgspec.Struct, frozen=True, rename="camel"):
    """One class: what dates from before the cut-off day is due; with no such day it is kept for ever."""

    data_class: DataClass = msgspec.field(name="class")
    keep_days: int | None
    cut_off_on: datetime.date | None
    due: int
    ended: int
    rule: str
    reason: str


class FailuresReport(msgspec.Struct, frozen=True, rename="camel"):
    """Failed questions that count no more: their terms are the budgets' windows, and no policy's."""

    due: int
    ended: int
    rule: str


class RetentionReport(msgspec.Struct, frozen=True, rename="camel"):
    """What one run found due and, unless it was a dry run, ended."""

    applied: bool
    checked_on: datetime.date
    classes: tuple[ClassReport, ...]
    failed_questions: FailuresReport


class Holdings(msgspec.Struct, frozen=True, rename="camel"):
    """How much the register holds of one person. Certificates stay, as bytes that nothing opens any more."""

    enrolments: int
    certificates: int
    photos: int
    redemption_codes: int
    sittings: int
    lookup_keys: int


class ErasureReport(msgspec.Struct, frozen=True, rename="camel"):
    """What was held of one person, and whether that person is erased now or it was a dry run."""

    applied: bool
    held: Holdings
    drafts: int
    """Uploads to the consoles that name the person: each ends as a whole."""
