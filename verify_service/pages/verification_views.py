"""What the pages about checking files and about the issuer's keys are given."""

import datetime
from typing import Final, Literal

import msgspec

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


class KeyView(msgspec.Struct, frozen=True):
    """One public key."""

    key_id: str
    purpose: Literal["credential", "qr", "status", "log", "pdf", "receipt"]
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
