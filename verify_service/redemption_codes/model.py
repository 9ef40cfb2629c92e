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
