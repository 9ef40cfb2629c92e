"""The same page by typst, its compiler kept: it is given our finished sheet as a picture, and sets the person's own."""

import io
import tempfile
from pathlib import Path
from typing import Final

import segno
import typst  # of ops/bench/requirements.lock
from reportlab.pdfbase.pdfdoc import PDFArray

from pdf import DESIGNS, CertificateContent, format_date
from pdf.document import CertificateDocument, Gap, Room
from pdf.fonts import FONT_FOLDER, Style
from pdf.layouts import LANDSCAPE, Area, Slot
from pdf.metadata import Description, describe
from pdf.objects import deflated_stream
from pdf.qr import qr_symbol
from pdf.sheet import SheetContent, draw_sheet

FAMILIES: Final = {Style.KAI: ("LXGW WenKai", 400), Style.HEADING: ("Noto Serif SC", 600)}


class TypstPage:
    """Sets certificates on the sheet of the first one. Close by `with`: it works in a folder of its own."""

    def __init__(self, content: CertificateContent) -> None:
        self._folder = tempfile.TemporaryDirectory()
        root = Path(self._folder.name)
        (root / "sheet.pdf").write_bytes(_blank(content))
        (root / "page.typ").write_text(_source())
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONT_FOLDER)])
        self._photo = root / "photo.jpg"
        self._compiler = typst.Compiler(str(root / "page.typ"), root=str(root), font_paths=fonts)

    def __enter__(self) -> "TypstPage":
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def draw(self, content: CertificateContent, symbol: str) -> bytes:
        """Return the page as a file; `symbol` is the QR code as SVG, since typst has none of its own."""
        assert content.photo_jpeg is not None
        self._photo.write_bytes(content.photo_jpeg)
        texts = {
            "name": content.name,
            "sex": content.sex,
            "id_number": content.id_number,
            "certificate_number": content.certificate_number,
            "issued_on": format_date(content.issued_on),
        }
        file = self._compiler.compile(format="pdf", sys_inputs={**texts, "qr": symbol})
        assert isinstance(file, bytes)
        return file


def symbol_as_svg(text: str) -> str:
    """Return the QR code as one path."""
    written = io.BytesIO()
    segno.make(text, error="m", boost_error=False, mask=0).save(written, kind="svg", xmldecl=False, nl=False, border=4)
    return written.getvalue().decode()


def _blank(content: CertificateContent) -> bytes:
    design = DESIGNS[content.design]
    sheet = SheetContent(LANDSCAPE, design, content.texts, LANDSCAPE.qr, has_photo=False, seal_png=None, logo_png=None)
    document = CertificateDocument(draw_sheet(sheet))
    nothing = tuple((False,) * 21 for _ in range(21))
    document.fill(Gap.QR, qr_symbol(nothing, LANDSCAPE.qr.width, design.palette.gold))
    document.fill(Gap.CONTENT, deflated_stream(document.content(dict.fromkeys(Room, "")).encode("ascii")))
    document.fill(Gap.ANNOTATIONS, PDFArray([]))
    texts = content.texts
    describe(document, Description(texts.title, texts.title_english, texts.issuer, "", content.issued_on))
    return document.close(bytes(16))


def _source() -> str:
    page = LANDSCAPE.page
    texts = (LANDSCAPE.name, LANDSCAPE.sex, LANDSCAPE.id_number, LANDSCAPE.certificate_number, LANDSCAPE.issued_on)
    return "\n".join(
        [
            f"#set page(width: {page.width}mm, height: {page.height}mm, margin: 0mm)",
            f'#place(image("sheet.pdf", width: {page.width}mm))',
            _image('"photo.jpg"', LANDSCAPE.photo, 'fit: "cover"'),
            _image("bytes(sys.inputs.qr)", LANDSCAPE.qr, 'format: "svg"'),
            *(_text(slot) for slot in texts),
        ]
    )


def _image(source: str, area: Area, more: str) -> str:
    top = LANDSCAPE.page.height - area.top
    return (
        f"#place(dx: {area.left}mm, dy: {top}mm,"
        f" image({source}, width: {area.width}mm, height: {area.height}mm, {more}))"
    )


def _text(slot: Slot) -> str:
    family, weight = FAMILIES[slot.style]
    style = f'font: "{family}", weight: {weight}, size: {slot.size_pt}pt, tracking: {slot.tracking_pt}pt'
    # Measured from the baseline, as ours is: text boxes of typst end there with these edges.
    text = f'text({style}, top-edge: "baseline", bottom-edge: "baseline", sys.inputs.{slot.field})'
    left = slot.x - (slot.width / 2 if slot.centred else 0)
    placed = f"box(width: {slot.width}mm, align({'center' if slot.centred else 'left'}, {text}))"
    return f"#place(dx: {left}mm, dy: {LANDSCAPE.page.height - slot.baseline}mm, {placed})"
