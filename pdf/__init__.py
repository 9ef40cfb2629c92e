"""Draws certificates and receipts: content in, PDF bytes out. Knows nothing of the service, of signing or of the clock.

    from pdf import CertificateContent, render_certificate

    file = render_certificate(CertificateContent(design="online_host", ...))

Everything else in this package is its own business.
"""

from pdf.certificate import format_date, render_certificate
from pdf.content import Attachment, CertificateContent, CertificateLabels, CertificateTexts, Label
from pdf.designs import DESIGNS, Palette
from pdf.errors import (
    FontError,
    LogoError,
    MissingGlyphError,
    PdfError,
    PhotoError,
    QrError,
    SealError,
    SignatureError,
    TextTooLongError,
    UnknownDesignError,
    code_points,
)
from pdf.layouts import Area, Orientation
from pdf.name_faces import NameFaces, open_name_faces
from pdf.places import PageForm, Place, page_form
from pdf.receipt import (
    Fact,
    PlacedLine,
    ReceiptContent,
    StatedRow,
    Tone,
    Words,
    printable,
    receipt_lines,
    render_receipt,
)
from pdf.receipt.content import MOST_ROWS
from pdf.signature import SignatureField, UnsignedFile

__all__ = [
    "DESIGNS",
    "MOST_ROWS",
    "Area",
    "Attachment",
    "CertificateContent",
    "CertificateLabels",
    "CertificateTexts",
    "Fact",
    "FontError",
    "Label",
    "LogoError",
    "MissingGlyphError",
    "NameFaces",
    "Orientation",
    "PageForm",
    "Palette",
    "PdfError",
    "PhotoError",
    "Place",
    "PlacedLine",
    "QrError",
    "ReceiptContent",
    "SealError",
    "SignatureError",
    "SignatureField",
    "StatedRow",
    "TextTooLongError",
    "Tone",
    "UnknownDesignError",
    "UnsignedFile",
    "Words",
    "code_points",
    "format_date",
    "open_name_faces",
    "page_form",
    "printable",
    "receipt_lines",
    "render_certificate",
    "render_receipt",
]
