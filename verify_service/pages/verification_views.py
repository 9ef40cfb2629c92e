"""What the pages about checking files and about the issuer's keys are given."""

import datetime
from typing import Final, Literal

import msgspec

from verify_service.answers import PublicReason
from verify_service.pages.views import CertificateView

MAX_FILE_BYTES: Final = 10 * 1024 * 1024
"""What one file may have, as the form says."""

UploadProblem = Literal["file", "qr"]
"""Which of the two forms came without its one field."""


class UploadFormView(msgspec.Struct, frozen=True):
    """The two forms, for a file and for a QR code's text: empty, or returned because one was sent empty."""

    problem: UploadProblem | None = None


class MadeCheckView(msgspec.Struct, frozen=True):
    """One check of an artefact, with the sentence that says what came of it."""

    check: Literal["signature", "record", "text", "status", "registry", "log", "pdfSignature"]
    outcome: Literal["pass", "fail", "skipped", "error"]
    sentence: str


class VerdictView(msgspec.Struct, frozen=True):
    """The answer about one artefact."""

    outcome: Literal["valid", "revoked", "superseded", "not_found", "unverifiable", "invalid"]
    checked_at: datetime.datetime
    checks: tuple[MadeCheckView, ...]
    certificate: CertificateView | None = None
    """What genuine signatures say; None where nothing genuine was found."""


class StandingView(msgspec.Struct, frozen=True):
    """What a certificate was, or is."""

    status: Literal["valid", "revoked", "superseded", "not_found"]
    since: datetime.date | None = None
    reason: PublicReason | None = None
    superseded_by: str | None = None


class StatedCertificateView(msgspec.Struct, frozen=True):
    """A certificate that a receipt names: what it was said to be then, and what it is now."""

    title: str
    number: str
    holder: str | None
    then: StandingView
    now: StandingView | None
    """None where that cannot be known."""


class AskedFactView(msgspec.Struct, frozen=True):
    """One masked fact of a question."""

    field: Literal["name", "idNumber", "phone", "token"]
    value: str


class ReceiptView(msgspec.Struct, frozen=True):
    """What a genuine receipt says."""

    number: str
    checked_at: datetime.datetime
    fresh_until: datetime.datetime
    asked: tuple[AskedFactView, ...]
    certificates: tuple[StatedCertificateView, ...]
    is_now_known: bool
    recheck_path: str
    """Where to ask again, on this site."""


class ReceiptVerdictView(msgspec.Struct, frozen=True):
    """The answer about a receipt."""

    outcome: Literal["valid", "unverifiable", "invalid"]
    checked_at: datetime.datetime
    checks: tuple[MadeCheckView, ...]
    receipt: ReceiptView | None
    """None where it is not proven to be genuine."""


class KeyView(msgspec.Struct, frozen=True):
    """One public key."""

    key_id: str
    purpose: Literal["credential", "qr", "status", "log", "pdf", "receipt", "audit"]
    state: Literal["active", "rotated", "retired", "compromised"]
    since: datetime.date
    fingerprint: str
    """SHA-256 of the raw public key, in groups of four hexadecimal digits."""


class KeysView(msgspec.Struct, frozen=True):
    """The keys page."""

    public_url: str
    did: str
    keys: tuple[KeyView, ...]


class OfflineView(msgspec.Struct, frozen=True):
    """What the offline page carries: everything it needs to check a QR code's text without a network."""

    did_document: str
    jwks: str
    origins: tuple[str, ...]
    status_lists: tuple[str, ...]
    """Signed lists of both purposes, as they were published."""
