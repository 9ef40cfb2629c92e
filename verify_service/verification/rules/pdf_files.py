"""PDFs: the record attached to them, the QR codes on their pages, and the texts of the first."""

import contextlib
import ctypes
import math
from typing import Any, Final

import pypdfium2  # type: ignore[import-untyped]  # ships no py.typed
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]
from PIL import Image

from verify_service.receipts.model import FILE_NAME as RECEIPT_FILE_NAME
from verify_service.tables.rules.explanations import refusal
from verify_service.verification.model import SALT_FILE_NAME, Artefact
from verify_service.verification.rules.pdf_pages import read_page
from verify_service.verification.rules.pdf_signatures import read_signature
from verify_service.verification.rules.printed_id_numbers import MAX_SALT_BYTES
from verify_service.verification.rules.qr_codes import find_qr_texts

RECORD_FILE_NAME: Final = "certificate.vc.json"
MAX_PAGES: Final = 4
"""Of a certificate there is one; a copy may have its back and a cover."""
MAX_ATTACHMENTS: Final = 8
MAX_RECORD_BYTES: Final = 65_536
RASTER_DPI: Final = 200
"""Three pixels for each module of the smallest symbol that is printed."""
MAX_RASTER_PIXELS: Final = 6_000_000
MAX_SIDE_PT: Final = 14_400
"""ISO 32000-1, annex C: 200 inches."""


def read_pdf(data: bytes) -> Artefact:
    """Return what a PDF holds of a certificate; nothing is no reason to refuse.

    Raises:
        FileRefusedError: PDF_DAMAGED, PDF_ENCRYPTED, PDF_PAGES (none, or more than `MAX_PAGES`), PDF_ATTACHMENTS (too
            many or too large, or two of one name), PDF_TOO_COMPLEX.

    """
    document = _open(data)
    with contextlib.closing(document):
        if not 1 <= len(document) <= MAX_PAGES:
            raise refusal("PDF_PAGES")
        record, receipt = (_attached(document, name) for name in (RECORD_FILE_NAME, RECEIPT_FILE_NAME))
        salt = _attached(document, SALT_FILE_NAME, MAX_SALT_BYTES)
        try:
            # Drawn first: reading the texts takes marks off the page.
            qr_texts = [text for number in range(len(document)) for text in _drawn_qr_texts(document, number)]
            page = read_page(document[0])
        except pypdfium2.PdfiumError:
            raise refusal("PDF_DAMAGED") from None
        return Artefact(
            qr_texts=tuple(dict.fromkeys(qr_texts)),
            record=record,
            salt=salt,
            receipt=receipt,
            page=page,
            pages=len(document),
            pdf_signature=read_signature(data) if pdfium.FPDF_GetSignatureCount(document) > 0 else None,
        )


def _open(data: bytes) -> Any:  # noqa: ANN401  # the package is untyped
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        is_encrypted = getattr(error, "err_code", None) in {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}
        raise refusal("PDF_ENCRYPTED" if is_encrypted else "PDF_DAMAGED") from None
    return document


def _attached(document: Any, name: str, max_bytes: int = MAX_RECORD_BYTES) -> bytes | None:  # noqa: ANN401
    count = document.count_attachments()
    if count > MAX_ATTACHMENTS:
        raise refusal("PDF_ATTACHMENTS")
    try:
        attachments = [document.get_attachment(number) for number in range(count)]
        files = [attachment for attachment in attachments if attachment.get_name() == name]
        if not files:
            return None
        # Two under one name: which of them a reader takes is a matter of taste.
        if len(files) > 1 or _size(files[0]) > max_bytes:
            raise refusal("PDF_ATTACHMENTS")
        return bytes(files[0].get_data())
    except pypdfium2.PdfiumError:
        raise refusal("PDF_DAMAGED") from None


def _size(attachment: Any) -> int:  # noqa: ANN401
    """Return how many bytes an attachment has, without fetching them."""
    size = ctypes.c_ulong()
    pdfium.FPDFAttachment_GetFile(attachment, None, 0, size)
    return int(size.value)


def _drawn_qr_texts(document: Any, number: int) -> tuple[str, ...]:  # noqa: ANN401
    page = document[number]
    width, height = page.get_size()
    if not (1 <= width <= MAX_SIDE_PT and 1 <= height <= MAX_SIDE_PT):
        raise refusal("PDF_DAMAGED")
    scale = min(RASTER_DPI / 72, math.sqrt(MAX_RASTER_PIXELS / (width * height)))
    bitmap = page.render(scale=scale, grayscale=True)
    size = (bitmap.width, bitmap.height)
    return find_qr_texts(Image.frombuffer("L", size, bytes(bitmap.buffer), "raw", "L", bitmap.stride, 1))
