"""What failures are counted by, how many are allowed, and what raises an alarm."""

import datetime
from enum import StrEnum

import msgspec

from verify_service.allowances import Allowance


class Counted(StrEnum):
    """What one bucket counts failures of; always of what was typed, whether or not anybody has it.

    A prefix is everything but the last four characters: 14 of an ID number's 18, 7 of a phone's 11.
    """

    NAME_ID_PREFIX = "name and ID number prefix"
    NAME_PHONE_PREFIX = "name and phone prefix"
    ID_NUMBER = "ID number"
    PHONE = "phone"
    ID_PREFIX = "ID number prefix"
    PHONE_PREFIX = "phone prefix"
    NAME = "name"
    CODE_ID_NUMBER = "QR code and any ID number"
    CODE_PHONE = "QR code and any phone"


class Debit(msgspec.Struct, frozen=True):
    """One bucket that a question is counted in if it fails."""

    counted: Counted
    bucket: bytes
    allowances: tuple[Allowance, ...]


class LiftReport(msgspec.Struct, frozen=True, rename="camel"):
    """Which budgets were lifted, by what they count; those that had no failure are not among them."""

    lifted: tuple[str, ...]


class Canary(msgspec.Struct, frozen=True, rename="camel"):
    """One planted identity: how many of its facts are watched, and under which budget secret."""

    label: str
    facts: int
    secret: str
    added_at: datetime.datetime


class Alarm(msgspec.Struct, frozen=True, rename="camel"):
    """A canary was looked up, or the breaker opened."""

    alarm: str
    about: str
    raised_at: datetime.datetime
