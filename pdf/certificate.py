"""One certificate from its content: what is drawn, in reading order."""

import datetime
import hashlib

import msgspec
from msgspec.structs import replace

from pdf.background import background
from pdf.canvas import CertificateCanvas
from pdf.content import CertificateContent, CertificateTexts, Label
from pdf.designs import DESIGNS, Design
from pdf.errors import UnknownDesignError
from pdf.layouts import LAYOUTS, Field, Layout, Orientation, Slot
from pdf.names import set_name
from pdf.photo import fit_photo
from pdf.qr import qr_area, qr_symbol
from pdf.seal import specimen_seal
from pdf.seal_image import read_seal
from pdf.signature import SignatureField
from pdf.structure import FIGURE, PARAGRAPH, TITLE
from pdf.typesetting import set_line

_EMPTY_FIELD = "--"
ENGLISH = "en"
_PHOTO_ALTERNATIVE = "持证人照片 Photo of the holder"
_QR_ALTERNATIVE = "二维码 QR code:"
_SEAL_ALTERNATIVE = "印章 Seal"
_SPECIMEN_ALTERNATIVE = "样章，不是印章 Specimen ring, not a seal"


def render_certificate(content: CertificateContent, signature: SignatureField | None = None) -> bytes:
    """A PDF 1.7 file of one landscape A4 page; equal contents give equal bytes, on any machine and day.

    With `signature` the file has room for one, which `UnsignedFile` fills: until then it is no file to hand out.

    Raises:
        UnknownDesignError: no design has the content's code.
        MissingGlyphError: a character that the fonts lack; nothing is ever printed as an empty box.
        TextTooLongError: a text that its place does not hold.
        PhotoError, SealError, QrError: an image or matrix that cannot be printed.
    """
    design = DESIGNS.get(content.design)
    if design is None:
        raise UnknownDesignError("no design has this code")
    layout = LAYOUTS[Orientation.LANDSCAPE]
    page = CertificateCanvas(content, layout.page, _identity(content), signature)
    with page.ornament():
        page.draw_artwork(background(layout, design, f"{content.texts.issuer}·{content.texts.title}·"))
    _draw_heading(page, layout, design, content.texts)
    _draw_photo(page, layout, content.photo_jpeg)
    _draw_holder(page, layout, design, content)
    _draw_statement(page, layout, design, content.texts)
    _draw_verification(page, layout, design, content)
    _draw_issue(page, layout, design, content)
    return page.finish()


def _identity(content: CertificateContent) -> bytes:
    return hashlib.sha256(msgspec.msgpack.encode(content)).digest()


def _draw_heading(page: CertificateCanvas, layout: Layout, design: Design, texts: CertificateTexts) -> None:
    _draw_text(page, layout.issuer, texts.issuer, design.accent)
    _draw_text(page, layout.title, texts.title, design.accent, role=TITLE)
    _draw_text(page, layout.title_english, texts.title_english, design.gold, language=ENGLISH)
    _draw_text(page, layout.subtitle_english, texts.subtitle_english, design.gold, language=ENGLISH)


def _draw_photo(page: CertificateCanvas, layout: Layout, jpeg: bytes | None) -> None:
    if jpeg is not None:
        with page.element(FIGURE, alternative=_PHOTO_ALTERNATIVE):
            page.draw_photo(fit_photo(jpeg), layout.photo)


def _draw_holder(page: CertificateCanvas, layout: Layout, design: Design, content: CertificateContent) -> None:
    labels = content.texts.labels
    _draw_label(page, design, labels.name, layout.name_field)
    name = content.name or _EMPTY_FIELD
    with page.element(PARAGRAPH):
        page.draw_lines(set_name(name, layout.name), design.ink, reads_as=name)
    _draw_label(page, design, labels.sex, layout.sex_field)
    _draw_text(page, layout.sex, content.sex or _EMPTY_FIELD, design.ink)
    _draw_label(page, design, labels.id_number, layout.id_field)
    _draw_text(page, layout.id_number, content.id_number or _EMPTY_FIELD, design.ink)
    _draw_label(page, design, labels.certificate_number, layout.certificate_field)
    _draw_text(page, layout.certificate_number, content.certificate_number or _EMPTY_FIELD, design.ink)


def _draw_statement(page: CertificateCanvas, layout: Layout, design: Design, texts: CertificateTexts) -> None:
    _draw_text(page, layout.statement, texts.statement, design.ink)
    _draw_text(page, layout.statement_english, texts.statement_english, design.muted, language=ENGLISH)


def _draw_verification(page: CertificateCanvas, layout: Layout, design: Design, content: CertificateContent) -> None:
    area = qr_area(content.qr, layout.qr)
    texts = content.texts
    with page.element(FIGURE, alternative=f"{_QR_ALTERNATIVE} {texts.scan_hint} {texts.scan_hint_english}"):
        page.draw_artwork(qr_symbol(content.qr, area.width, design.gold), area.left, area.bottom)
    hints = ((layout.scan_hint, texts.scan_hint, None), (layout.scan_hint_english, texts.scan_hint_english, ENGLISH))
    for slot, hint, language in hints:
        _draw_text(page, replace(slot, x=area.centre[0]), hint, design.label, language=language)
    _draw_text(page, layout.lookup_hint, texts.lookup_hint, design.label)
    _draw_text(page, layout.lookup_hint_english, texts.lookup_hint_english, design.label, language=ENGLISH)


def _draw_issue(page: CertificateCanvas, layout: Layout, design: Design, content: CertificateContent) -> None:
    """Unit and date, and the seal over both: Multiply lets the text show through as through ink."""
    _draw_text(page, layout.unit, content.texts.unit, design.ink)
    _draw_text(page, layout.issued_on, format_date(content.issued_on), design.ink)
    with page.element(FIGURE, alternative=_SPECIMEN_ALTERNATIVE if content.seal_png is None else _SEAL_ALTERNATIVE):
        page.saveState()
        page.setBlendMode("Multiply")
        if content.seal_png is None:
            page.draw_artwork(specimen_seal(), *layout.seal.centre)
        else:
            page.draw_seal_image(read_seal(content.seal_png), layout.seal)
        page.restoreState()


def _draw_label(page: CertificateCanvas, design: Design, label: Label, field: Field) -> None:
    chinese, english = field.labels
    _draw_text(page, chinese, label.chinese, design.label)
    _draw_text(page, english, label.english, design.label, language=ENGLISH)


def _draw_text(
    page: CertificateCanvas,
    slot: Slot,
    text: str,
    colour: str,
    *,
    role: str = PARAGRAPH,
    language: str | None = None,
) -> None:
    with page.element(role, language=language):
        page.draw_lines([set_line(slot, text)], colour)


def format_date(day: datetime.date) -> str:
    """As 2026年3月5日, without leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"
