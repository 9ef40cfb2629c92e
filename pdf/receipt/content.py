"""Everything one receipt shows. The caller decides what is true, and in which words."""

import datetime
from enum import StrEnum
from typing import Final

import msgspec

from pdf.content import Attachment

MOST_ROWS: Final = 4
"""Certificates that a page has room for."""


class Tone(StrEnum):
    """The colour of an answer; words say the same beside it."""

    VALID = "valid"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    NOT_FOUND = "not_found"
    SEVERAL = "several"


class Words(msgspec.Struct, frozen=True):
    """The same in both languages of the page."""

    chinese: str
    english: str


class Fact(msgspec.Struct, frozen=True):
    """A captioned value."""

    label: Words
    value: str


class StatedRow(msgspec.Struct, frozen=True):
    """What was answered about one certificate."""

    title: str
    number: str
    issued_on: str
    tone: Tone
    status: Words
    details: tuple[str, ...] = ()
    """Up to three lines: since when, why, by which replaced."""


class ReceiptContent(msgspec.Struct, frozen=True):
    """One receipt. Equal contents are drawn to equal bytes."""

    issuer: Words
    heading: Words
    caution: Words
    """Under the heading: what the page is not."""
    tone: Tone
    state: Words
    sentence: Words
    asked_heading: Words
    asked: tuple[Fact, ...]
    """Up to three, masked by the caller."""
    answered_heading: Words
    columns: tuple[Words, Words, Words, Words]
    """Heads of the table: certificate, date of issue, status, details."""
    rows: tuple[StatedRow, ...]
    """Up to `MOST_ROWS`; empty where nothing was found."""
    remarks: tuple[Words, ...]
    """Lines under the table, or in its place."""
    blank: Words
    """Below which nothing stands, and nothing may be written in."""
    facts: tuple[Fact, Fact, Fact]
    """When it was checked, how long that is fresh, the number of the receipt."""
    notes: tuple[Words, ...]
    """Up to three: how to check again."""
    qr: tuple[tuple[bool, ...], ...]
    """Rows from the top, True = dark, without the quiet zone."""
    scan_hint: Words
    number: str
    day: datetime.date
    """Date of the check in Asia/Shanghai, the only date in the file's metadata."""
    attachments: tuple[Attachment, ...] = ()
