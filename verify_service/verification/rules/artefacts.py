"""Reading what was handed in, whatever it calls itself.

Meant to run confined: PDF and picture decoders are C, and a file of 100 KB may announce gigabytes.
"""

from typing import BinaryIO, Final

from verify_service.tables.rules.explanations import refusal
from verify_service.verification.model import Artefact
from verify_service.verification.rules.pdf_files import read_pdf
from verify_service.verification.rules.pictures import read_picture

MAX_FILE_BYTES: Final = 10 << 20
"""Our PDFs have about 200 KB, photos of a phone up to 8 MB."""
MAX_TEXT_BYTES: Final = 4096
PDF: Final = b"%PDF"
PICTURES: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
ADDRESSES: Final = ("https://", "http://")


def read_artefact(file: BinaryIO) -> Artefact:
    """Return what a PDF, PNG, JPEG, record or text of a QR code holds; the content tells which it is.

    Raises:
        FileRefusedError: ARTEFACT_TOO_LARGE, ARTEFACT_EMPTY, ARTEFACT_FORMAT (none of these), and what `read_pdf` and
            `read_picture` refuse.

    """
    data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise refusal("ARTEFACT_TOO_LARGE")
    if not data.strip():
        raise refusal("ARTEFACT_EMPTY")
    if data.startswith(PDF):
        return read_pdf(data)
    if data.startswith(PICTURES):
        return read_picture(data)
    if data.startswith(b"{"):
        return Artefact(record=data)
    return Artefact(qr_texts=(_address(data),))


def _address(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig").strip() if len(data) <= MAX_TEXT_BYTES else ""
    except UnicodeDecodeError:
        text = ""
    if not text.lower().startswith(ADDRESSES):
        raise refusal("ARTEFACT_FORMAT")
    return text
