"""One certificate from its content: a sheet, and what is the holder's own on it."""

import datetime
import hashlib
from typing import Final

import msgspec
from msgspec.structs import replace
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFStream

from pdf.attachments import attach
from pdf.content import CertificateContent
from pdf.designs import DESIGNS, Design
from pdf.document import CertificateDocument, Gap, Room
from pdf.errors import UnknownDesignError
from pdf.layouts import LAYOUTS, Area, Layout, Slot
from pdf.metadata import Description, describe
from pdf.name_faces import NameFaces, open_name_faces
from pdf.names import set_name
from pdf.objects import deflated_stream, image_entries
from pdf.photo import Photo, fit_photo, place_photo
from pdf.qr import qr_area, qr_symbol
from pdf.sheet import SheetContent, draw_sheet
from pdf.signature import SignatureField, reserve
from pdf.text_operators import show_lines
from pdf.typesetting import set_line

_EMPTY_FIELD: Final = "--"


def render_certificate(
    content: CertificateContent, signature: SignatureField | None = None, faces: NameFaces | None = None
) -> bytes:
    """A PDF 1.7 file of one A4 page; equal contents and faces give equal bytes, on any machine and day.

    With `signature` the file has room for one, which `UnsignedFile` fills: until then it is no file to hand out.
    `faces` draw the name; by default those of the package.

    Raises:
        UnknownDesignError: no design has the content's code.
        MissingGlyphError: a character that the fonts lack; nothing is ever printed as an empty box.
        TextTooLongError: a text that its place does not hold.
        PhotoError, SealError, LogoError, QrError: an image or matrix that cannot be printed.
    """
    design = _design(content)
    layout = LAYOUTS[content.orientation]
    symbol = qr_area(content.qr, layout.qr)
    document = CertificateDocument(draw_sheet(_sheet_content(content, layout, design, symbol)))
    rooms = _texts(content, layout, design, document, faces or open_name_faces())
    document.fill(Gap.QR, qr_symbol(content.qr, symbol.width, design.palette.gold))
    if content.photo_jpeg is not None:
        photo = fit_photo(content.photo_jpeg)
        rooms[Room.PHOTO] = place_photo(photo, layout.photo)
        document.fill(Gap.PHOTO, _picture(photo))
    document.fill(Gap.CONTENT, deflated_stream(document.content(rooms).encode("ascii")))
    document.fill(Gap.ANNOTATIONS, PDFArray([] if signature is None else [reserve(document, signature)]))
    attach(document, content.attachments)
    describe(document, _description(content))
    return document.close(_identity(content))


def _design(content: CertificateContent) -> Design:
    design = DESIGNS.get(content.design)
    if design is None:
        raise UnknownDesignError("no design has this code")
    return design if content.palette is None else replace(design, palette=content.palette)


def _sheet_content(content: CertificateContent, layout: Layout, design: Design, symbol: Area) -> SheetContent:
    return SheetContent(
        layout=layout,
        design=design,
        texts=content.texts,
        qr=symbol,
        has_photo=content.photo_jpeg is not None,
        seal_png=content.seal_png,
        logo_png=content.logo_png,
    )


def _texts(
    content: CertificateContent, layout: Layout, design: Design, document: CertificateDocument, faces: NameFaces
) -> dict[Room, str]:
    ink, fonts = design.palette.ink, document.fonts

    def show(slot: Slot, text: str) -> str:
        return show_lines([set_line(slot, text or _EMPTY_FIELD)], ink, fonts)

    name = content.name or _EMPTY_FIELD
    return {
        Room.NAME: show_lines(set_name(name, layout.name, faces), ink, fonts, reads_as=name),
        Room.SEX: show(layout.sex, content.sex),
        Room.ID_NUMBER: show(layout.id_number, content.id_number),
        Room.CERTIFICATE_NUMBER: show(layout.certificate_number, content.certificate_number),
        Room.ISSUED_ON: show(layout.issued_on, format_date(content.issued_on)),
    }


def _picture(photo: Photo) -> PDFStream:
    entries = image_entries(photo.width, photo.height, "DeviceGray" if photo.greyscale else "DeviceRGB")
    return PDFStream(PDFDictionary({**entries, "Filter": PDFName("DCTDecode")}), photo.jpeg)


def _description(content: CertificateContent) -> Description:
    texts = content.texts
    return Description(texts.title, texts.title_english, texts.issuer, content.certificate_number, content.issued_on)


def _identity(content: CertificateContent) -> bytes:
    return hashlib.sha256(msgspec.msgpack.encode(content)).digest()[:16]


def format_date(day: datetime.date) -> str:
    """As 2026年3月5日, without leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"
