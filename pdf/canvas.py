"""The sheet under the pen: reportlab's canvas, measured in millimetres and drawing only what this package prepared."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from reportlab import rl_config
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFDocument, PDFName, PDFObjectReference, PDFString
from reportlab.pdfgen.canvas import Canvas

from pdf.artwork import Artwork
from pdf.document import Gap, Room, Sheet
from pdf.embedding import FontSet
from pdf.fonts import Face
from pdf.images import Image
from pdf.layouts import Area
from pdf.objects import compressed_stream, form_entries, image_entries, reference
from pdf.structure import END, ORNAMENT, Structure
from pdf.text_operators import show_lines
from pdf.typesetting import Line

# reportlab wraps every stream into ASCII85 unless told otherwise: a quarter more bytes for no reader that needs it.
rl_config.useA85 = 0

_LANGUAGE: Final = "zh-CN"


class SheetCanvas(Canvas):
    """The one page of a sheet, whose bytes depend on what is drawn alone: no clock, no environment."""

    # Of reportlab's canvas, which its stubs leave out.
    _doc: PDFDocument
    _code: list[str]
    _formsinuse: list[str]

    def __init__(self, page: Area) -> None:
        self._structure = Structure()
        self._fonts = FontSet("F")
        super().__init__(io.BytesIO(), pagesize=(page.width * mm, page.height * mm), invariant=1, pdfVersion=(1, 7))
        for gap, left_out in ((Gap.CATALOG, self._doc.Catalog), (Gap.INFO, self._doc.info)):  # type: ignore[attr-defined]
            reference(self._doc, left_out, gap)
        for gap in (Gap.CONTENT, Gap.ANNOTATIONS):
            reference(self._doc, PDFDictionary({}), gap)

    @contextmanager
    def element(self, role: str, *, language: str | None = None, alternative: str | None = None) -> Iterator[None]:
        """What is drawn meanwhile is one element of the page's structure, as `Structure.begin` takes it."""
        self._code.append(self._structure.begin(role, language=language, alternative=alternative))
        yield
        self._code.append(END)

    @contextmanager
    def ornament(self) -> Iterator[None]:
        """What is drawn meanwhile means nothing, and is not read out."""
        self._code.append(ORNAMENT)
        yield
        self._code.append(END)

    def leave_room(self, room: Room) -> None:
        """Leave a place in the content stream for what is one certificate's own."""
        self._code.append(room)

    def leave_gap(self, gap: Gap) -> None:
        """Have the page know of a drawing or picture that every certificate supplies."""
        reference(self._doc, PDFDictionary({}), gap)
        self._formsinuse.append(gap.removeprefix(self._doc.getXObjectName("")))

    def announce(self, face: Face, text: str) -> None:
        """Have the sheet's fonts ready for the characters of a text that certificates will show in their rooms."""
        self._fonts.face_for(face, text).encode(text)

    def draw_artwork(self, artwork: Artwork, left: float = 0, bottom: float = 0) -> None:
        """Put a drawing's origin at a point of the page."""
        self._add_form(artwork)
        self._place(artwork.name, mm, mm, left, bottom)

    def place_symbol(self, left: float, bottom: float) -> None:
        """Put the lower left corner of the QR symbol, which every certificate supplies, at a point of the page."""
        self.leave_gap(Gap.QR)
        self._place("qr", mm, mm, left, bottom)

    def draw_line(self, line: Line, colour: str) -> None:
        """Show a line in one colour."""
        self._code.append(show_lines([line], colour, self._fonts))

    def draw_image(self, name: str, image: Image, area: Area) -> None:
        """Stamp the image over the area."""
        mask = compressed_stream(image.deflated_alpha, image_entries(image.width, image.height, "DeviceGray"))
        entries = image_entries(image.width, image.height, "DeviceRGB")
        entries["SMask"] = reference(self._doc, mask)
        self._doc.addForm(name, compressed_stream(image.deflated_rgb, entries))
        self._place(name, area.width * mm, area.height * mm, area.left, area.bottom)

    def finish(self) -> Sheet:
        """Close the page and return what every certificate of it begins with."""
        operators = tuple(self._code)
        self.showPage()
        font_references = self._fonts.write(self._doc)
        file: bytes = self._doc.GetPDFData(self)
        numbers = self._doc.idToObjectNumberAndVersion
        begins = {number: self._doc.idToOffset[name] for name, (number, _) in numbers.items()}
        gaps = {numbers[gap][0] for gap in Gap if gap in numbers}
        opening, offsets = _without(gaps, file, begins)
        return Sheet(
            opening=opening,
            offsets=offsets,
            objects=len(numbers),
            numbers=numbers,
            catalog=self._catalog(),
            fonts=self._fonts,
            font_references=font_references,
            operators=operators,
        )

    def _catalog(self) -> dict[str, Any]:
        return {
            "Type": PDFName("Catalog"),
            "Pages": reference(self._doc, self._doc.Pages),  # type: ignore[attr-defined]
            "Lang": PDFString(_LANGUAGE),
            "ViewerPreferences": PDFDictionary({"DisplayDocTitle": "true"}),
            **self._structure.catalog_entries,
        }

    def _place(self, form: str, width: float, height: float, left: float, bottom: float) -> None:
        """Draw a form or image, its unit being this wide and high in points, with its origin there in millimetres."""
        self.saveState()
        self.transform(width, 0, 0, height, left * mm, bottom * mm)
        self.doForm(form)
        self.restoreState()

    def _make_preamble(self) -> None:
        """Leave out reportlab's: it names Helvetica, which is never embedded."""
        self._preamble = ""

    def _setAnnotations(self, page: Any) -> None:  # noqa: ANN401, N802  # reportlab's hook, called once a page
        page.Contents, page.Annots = PDFObjectReference(Gap.CONTENT), PDFObjectReference(Gap.ANNOTATIONS)
        self._structure.write(self._doc, page)

    def _add_form(self, artwork: Artwork) -> None:
        if self.hasForm(artwork.name):
            return
        for part in artwork.parts:
            self._add_form(part)
        parts = {part.name: PDFObjectReference(self._doc.getXObjectName(part.name)) for part in artwork.parts}
        self._doc.addForm(artwork.name, compressed_stream(artwork.deflated, form_entries(artwork.box_mm, parts)))


def _without(gaps: set[int], file: bytes, begins: dict[int, int]) -> tuple[bytes, dict[int, int]]:
    """Cut the gaps and the end out of a file: return what is left, and where each object begins in it."""
    order = sorted(begins, key=begins.__getitem__)
    ends = [*(begins[number] for number in order[1:]), file.rindex(b"xref\n0 ")]
    kept = bytearray(file[: begins[order[0]]])
    offsets: dict[int, int] = {}
    for number, end in zip(order, ends, strict=True):
        if number not in gaps:
            offsets[number] = len(kept)
            kept += file[begins[number] : end]
    return bytes(kept), offsets
