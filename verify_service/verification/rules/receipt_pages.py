"""Receipts of checks: known by any of three signs, so that an altered one is never taken for a certificate."""

from itertools import zip_longest
from typing import Final

from pdf import PdfError, PlacedLine, receipt_lines
from signing import SigningError
from verify_service.receipts.model import FORM, Receipt
from verify_service.receipts.rules.wording import compose_content
from verify_service.verification.model import Artefact, Check, Issuer, PdfPage, PlacedText
from verify_service.verification.rules.pdf_signatures import signing_key

HEADING: Final = "证书查验回执"
TOLERANCE_MM: Final = 0.5
MM_PER_PT: Final = 25.4 / 72


def is_receipt(artefact: Artefact, issuer: Issuer) -> bool:
    """Return whether a file is a receipt, genuine or not: by its attachment, by whose key signed it, or by its heading.

    Certificates have none of the three. Were one enough, whoever removes it would turn an altered receipt into a page
    with the QR code of a valid certificate.
    """
    if artefact.receipt is not None or signing_key(issuer.receipt_keys, artefact.pdf_signature) is not None:
        return True
    return artefact.page is not None and any(HEADING in _folded(piece.text) for piece in artefact.page.texts)


def check_receipt_signature(artefact: Artefact, issuer: Issuer) -> Check:
    """Return what the signature of a receipt says of the file: without one of ours, a receipt proves nothing."""
    found = artefact.pdf_signature
    if found is None and artefact.receipt is None:
        return Check("pdfSignature", "error", "RECEIPT_COPY")
    key = signing_key(issuer.receipt_keys, found)
    if found is None or key is None:
        return Check("pdfSignature", "fail", "RECEIPT_SIGNED_BY_OTHERS")
    if not (found.is_intact and found.is_exact):
        return Check("pdfSignature", "fail", "RECEIPT_ALTERED")
    if key.key_id in issuer.compromised:
        return Check("pdfSignature", "error", "RECEIPT_KEY_COMPROMISED")
    return Check("pdfSignature", "pass", "RECEIPT_SIGNED_BY_ISSUER")


def check_receipt_text(artefact: Artefact, receipt: Receipt | None, issuer: Issuer) -> Check:
    """Return whether the page of a receipt shows what is attached to it, word for word and each in its place."""
    if receipt is None or receipt.issuer.did != issuer.did:
        return Check("text", "fail", "RECEIPT_UNREADABLE")
    if receipt.form != FORM:
        return Check("text", "error", "RECEIPT_FORM_UNKNOWN")
    try:
        lines = receipt_lines(compose_content(receipt))
    except (PdfError, SigningError):
        return Check("text", "fail", "RECEIPT_UNREADABLE")
    page = artefact.page
    if page is None or artefact.pages != 1 or page.foreign or page.pictures or not _shows(page, lines):
        return Check("text", "fail", "RECEIPT_TEXT_DIFFERS")
    if artefact.qr_texts != (receipt.recheck,):
        return Check("text", "fail", "RECEIPT_QR_DIFFERS")
    return Check("text", "pass", "RECEIPT_TEXT_AGREES")


def _shows(page: PdfPage, lines: tuple[PlacedLine, ...]) -> bool:
    pairs = zip_longest(page.texts, lines)
    return all(shown is not None and line is not None and _is_line(shown, line) for shown, line in pairs)


def _is_line(shown: PlacedText, placed: PlacedLine) -> bool:
    line = placed.line
    off = max(abs(shown.x - line.x), abs(shown.baseline - line.baseline), abs(shown.size_pt - line.size_pt) * MM_PER_PT)
    return shown.is_visible and off <= TOLERANCE_MM and _folded(shown.text) == _folded(placed.text)


def _folded(text: str) -> str:
    return "".join(text.split())
