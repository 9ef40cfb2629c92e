"""What the page behind a QR code answers, and what checking one artefact (PDF, picture, record, QR text) comes to."""

import datetime
from typing import Final, Literal

import msgspec

from signing import DocumentKey, TrustedKeys
from verify_service.answers import PublicReason, Status
from verify_service.receipts.model import Receipt

Outcome = Literal["valid", "revoked", "superseded", "not_found"]
VerdictOutcome = Literal["valid", "revoked", "superseded", "not_found", "unverifiable", "invalid"]
CheckName = Literal["signature", "record", "text", "status", "registry", "log", "pdfSignature"]
CheckOutcome = Literal["pass", "fail", "skipped", "error"]

SIGNED: Final = "SIGNED_BY_ISSUER"
SALT_FILE_NAME: Final = "certificate.salt.json"
"""What the full edition alone has attached, beside the record."""
REGISTERED_ALL_THE_SAME: Final = "KEY_COMPROMISED_BUT_REGISTERED"


class Check(msgspec.Struct, frozen=True):
    """One thing that was checked for this answer."""

    check: CheckName
    outcome: CheckOutcome
    """`error`: it could not be checked now, which is neither a pass nor a fail."""
    detail: str
    """Why, as a code with a sentence in each language."""


class TokenCheck(msgspec.Struct, frozen=True):
    """One thing that was checked for the page behind a QR code; what cannot be checked there is a 503, no answer."""

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
    checks: tuple[TokenCheck, ...]


class PrintedCode(msgspec.Struct, frozen=True):
    """What the QR code of a certificate has signed besides name, number and date (signing/FORMAT.md)."""

    kind: int
    status_index: int
    """The list times 131,072, plus the position in it."""


class OpenedToken(msgspec.Struct, frozen=True):
    """The answer about a token, and what its QR code must say; None where the token opens nothing."""

    answer: TokenAnswer
    code: PrintedCode | None = None


class RegisteredCertificate(msgspec.Struct, frozen=True):
    """A certificate found on the register by its token; its record is not yet verified."""

    record: bytes
    kind: str
    kind_code: int | None
    """The kind's number in QR codes; None where the register was asked from outside, which does not tell it."""
    certificate_number: str
    id_number_masked: str
    status: Status
    status_since: datetime.datetime | None
    status_reason: PublicReason | None
    superseded_by: str | None


class ProvenCertificate(msgspec.Struct, frozen=True, rename="camel"):
    """What genuine signatures say, to compare with the artefact by eye; null is what they and the register left out."""

    number: str
    name: str
    issued_on: datetime.date
    kind: str | None = None
    title: str | None = None
    sex: str | None = None
    issuer: str | None = None
    id_number_masked: str | None = None
    status_since: datetime.datetime | None = None
    status_reason: PublicReason | None = None
    superseded_by: str | None = None


class PresentStatus(msgspec.Struct, frozen=True, rename="camel"):
    """What became of a certificate until now; nothing personal."""

    number: str
    status: Status | None
    """None where the register has no such certificate any more: its data was deleted under the rules."""
    status_since: datetime.datetime | None = None
    status_reason: PublicReason | None = None
    superseded_by: str | None = None


class ProvenReceipt(msgspec.Struct, frozen=True):
    """What a genuine receipt states, and what the register says of its certificates now."""

    states: Receipt
    now: tuple[PresentStatus, ...] | None
    """In the order of the receipt; null where the register was not asked, or could not be reached."""


class Verdict(msgspec.Struct, frozen=True):
    """The answer about one artefact: every check by name, and what it proves if it proves anything."""

    outcome: VerdictOutcome
    checks: tuple[Check, ...]
    """All seven, in a fixed order; the first that is neither `pass` nor `skipped` explains the outcome."""
    certificate: ProvenCertificate | None
    receipt: ProvenReceipt | msgspec.UnsetType | None = msgspec.UNSET
    """Only of a receipt of a check, which proves no certificate: null where it is not proven to be genuine."""


class Issuer(msgspec.Struct, frozen=True):
    """Whose signatures count. Nothing that is handed in may choose it."""

    did: str
    origins: tuple[str, ...]
    """Where its QR codes may lead: the present public URL, then former ones."""
    keys: TrustedKeys
    """Retired and compromised ones too."""
    compromised: frozenset[str] = frozenset()
    """Ids of keys that somebody else may hold: what they signed counts only if it stands on the register."""

    document_keys: tuple[DocumentKey, ...] = ()
    """Those that sign certificates' PDFs; none that somebody else may hold."""
    receipt_keys: tuple[DocumentKey, ...] = ()
    """Those that sign receipts; also those in `compromised`, where that is known."""

    @property
    def sound_keys(self) -> TrustedKeys:
        """Return those whose signature alone proves something."""
        return TrustedKeys(key for key in self.keys if key.key_id not in self.compromised)


class PlacedText(msgspec.Struct, frozen=True):
    """One piece of text of a page as it is drawn; millimetres from the lower left corner of the page."""

    text: str
    x: float
    baseline: float
    size_pt: float
    is_visible: bool
    """Neither transparent, nor as light as paper, nor drawn in the mode that leaves no ink."""


class PlacedPicture(msgspec.Struct, frozen=True):
    """What can be seen of one raster on a page, in millimetres from the lower left corner."""

    left: float
    bottom: float
    right: float
    top: float


class PdfPage(msgspec.Struct, frozen=True):
    """What stands on the first page of a PDF."""

    width_mm: float
    height_mm: float
    texts: tuple[PlacedText, ...]
    pictures: tuple[PlacedPicture, ...]
    foreign: int
    """What pages of ours never have: annotations, bare shapes, texts and rasters inside drawings, a turned or shifted
    page."""


class PdfSignature(msgspec.Struct, frozen=True):
    """A signature inside a PDF, not verified yet."""

    is_ours_in_form: bool
    """It covers the whole file, which has one revision, as in the files we sign."""
    is_intact: bool = False
    """The file is the very one it was made for."""
    signed: bytes = b""
    """What the key signed: the attributes, which hold the digest of the file (RFC 5652 §5.4)."""
    signature: bytes = b""
    is_exact: bool = False
    """What stands around it is what we write and nothing else: the certificate it names, and zeros to the end."""


class Artefact(msgspec.Struct, frozen=True):
    """What was found in something handed in to be checked; nothing of it is verified."""

    qr_texts: tuple[str, ...] = ()
    """Each once, in the order they were found."""
    record: bytes | None = None
    salt: bytes | None = None
    """The file attached to a full edition of a certificate."""
    page: PdfPage | None = None
    pages: int = 0
    """Of a PDF; 0 for everything else."""
    pdf_signature: PdfSignature | None = None
    receipt: bytes | None = None
    """The statement attached to a receipt of a check."""
