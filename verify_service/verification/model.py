"""What the page behind a QR code answers."""

import datetime
from typing import Literal

import msgspec

from verify_service.answers import PublicReason, Status

Outcome = Literal["valid", "revoked", "superseded", "not_found"]


class Check(msgspec.Struct, frozen=True):
    """One thing that was checked for this answer."""

    check: Literal["signature", "registry", "status"]
    outcome: Literal["pass", "fail"]
    detail: str


class CertificateOnPaper(msgspec.Struct, frozen=True, rename="camel"):
    """What the paper shows, to compare with it: whoever holds the QR code holds the paper."""

    kind: str
    title: str
    number: str
    name: str
    sex: str
    id_number_masked: str
    issued_on: datetime.date
    issuer: str
    status_since: datetime.datetime | None
    status_reason: PublicReason | None
    superseded_by: str | None


class TokenAnswer(msgspec.Struct, frozen=True, rename="camel"):
    """The answer about one token."""

    outcome: Outcome
    checked_at: datetime.datetime
    certificate: CertificateOnPaper | None
    checks: tuple[Check, ...]


class OpenedRecord(msgspec.Struct, frozen=True):
    """A certificate found by its token, opened but not yet verified."""

    record: bytes
    id_number: str
    kind: str
    certificate_number: str
    status: Status
    status_since: datetime.datetime | None
    status_reason: PublicReason | None
    superseded_by: str | None
