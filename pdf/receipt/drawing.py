"""One receipt from its content. Nothing of it is shared with another but the ornaments."""

import hashlib
from functools import cache
from typing import Final

import msgspec
from reportlab.pdfbase.pdfdoc import PDFArray

from pdf.artwork import Artwork, draw, place
from pdf.attachments import attach
from pdf.canvas import SheetCanvas
from pdf.document import CertificateDocument, Gap, Sheet
from pdf.metadata import Description, describe
from pdf.objects import deflated_stream
from pdf.ornaments import guilloche_band
from pdf.paths import line, stroking
from pdf.qr import qr_area, qr_symbol
from pdf.receipt.composing import GOLD, LEFT, NAVY, PAGE, QR, RIGHT, RULE, Composition, compose
from pdf.receipt.content import ReceiptContent
from pdf.signature import SignatureField, reserve
from pdf.structure import FIGURE

_BAND_HEIGHT: Final = 5.0
_BAND_MIDDLES: Final = (14.0, 283.0)
_WAVES: Final = 22
_GROUND: Final = "#f6f4ef"
_BOX: Final = (PAGE.left, PAGE.bottom, PAGE.right, PAGE.top)
_QR_ALTERNATIVE: Final = "二维码 QR code:"


def render_receipt(content: ReceiptContent, signature: SignatureField | None = None) -> bytes:
    """Return a PDF 1.7 file of one A4 page; equal contents give equal bytes, on any machine and day.

    With `signature` the file has room for one, which `UnsignedFile` fills.

    Raises:
        MissingGlyphError, TextTooLongError: a text that cannot be set.
        QrError: a matrix that cannot be printed.
    """
    area = qr_area(content.qr, QR)
    document = CertificateDocument(_draw(content, compose(content)))
    document.fill(Gap.QR, qr_symbol(content.qr, area.width, RULE))
    document.fill(Gap.CONTENT, deflated_stream(document.content({}).encode("ascii")))
    document.fill(Gap.ANNOTATIONS, PDFArray([] if signature is None else [reserve(document, signature)]))
    attach(document, content.attachments)
    heading = content.heading
    describe(
        document, Description(heading.chinese, heading.english, content.issuer.chinese, content.number, content.day)
    )
    return document.close(hashlib.sha256(msgspec.msgpack.encode(content)).digest()[:16])


def _draw(content: ReceiptContent, composition: Composition) -> Sheet:
    page = SheetCanvas(PAGE)
    with page.ornament():
        page.draw_artwork(_bands())
        page.draw_artwork(draw("shapes", _BOX, composition.shapes))
    for placed in composition.lines:
        with page.element(placed.role, language="en" if placed.is_english else None):
            page.draw_line(placed.line, placed.colour)
    hint = content.scan_hint
    with page.element(FIGURE, alternative=f"{_QR_ALTERNATIVE} {hint.chinese} {hint.english}"):
        page.place_symbol(QR.left, QR.bottom)
    return page.finish()


@cache
def _bands() -> Artwork:
    """A thin band above and one below: the issuer's hand, and not the frame of a certificate."""
    band = guilloche_band("band", RIGHT - LEFT, _BAND_HEIGHT, _WAVES, ground=_GROUND, inks=(NAVY, GOLD))
    operators = [place(band, LEFT, middle) for middle in _BAND_MIDDLES]
    operators.append(stroking(GOLD, 0.3))
    half = _BAND_HEIGHT / 2 + 0.8
    for middle in _BAND_MIDDLES:
        operators += [line((LEFT, middle + side), (RIGHT, middle + side)) for side in (-half, half)]
    return draw("bands", _BOX, operators, (band,))
