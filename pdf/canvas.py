"""The page under the pen: reportlab's canvas, measured in millimetres and drawing only what this package prepared."""

import hashlib
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from reportlab import rl_config
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFDocument, PDFName, PDFObjectReference, PDFStream
from reportlab.pdfgen.canvas import Canvas

from pdf.artwork import Artwork
from pdf.attachments import attach
from pdf.content import CertificateContent
from pdf.embedding import compressed_stream, embedded, reference
from pdf.fonts import Style, face
from pdf.layouts import Area
from pdf.metadata import describe
from pdf.paths import filling
from pdf.photo import Photo
from pdf.seal_image import SealImage
from pdf.signature import SignatureField, reserve
from pdf.structure import END, ORNAMENT, Structure
from pdf.typesetting import Line

# reportlab wraps every stream into ASCII85 unless told otherwise: a quarter more bytes for no reader that needs it.
rl_config.useA85 = 0

_PRODUCER: Final = "verify-service"


class CertificateCanvas(Canvas):
    """The one page of one document, whose bytes depend on its content alone: no clock, no environment."""

    # Of reportlab's canvas, which its stubs leave out.
    _doc: PDFDocument
    _code: list[str]
    _annotationrefs: list[PDFObjectReference]

    def __init__(
        self, content: CertificateContent, page: Area, identity: bytes, signature: SignatureField | None = None
    ) -> None:
        """`identity` is any digest of the content; it becomes the file identifier (ISO 32000-1, 14.4)."""
        self._file = io.BytesIO()
        self._structure = Structure()
        super().__init__(
            self._file,
            pagesize=(page.width * mm, page.height * mm),
            pageCompression=1,
            invariant=1,
            pdfVersion=(1, 7),
            lang="zh-CN",
            # Otherwise the first page names Helvetica, which is never embedded.
            initialFontName=embedded(face(Style.TEXT)),  # type: ignore[arg-type]  # the stubs say float
        )
        # reportlab seeds the identifier with a time stamp that SOURCE_DATE_EPOCH moves.
        self._doc.signature = hashlib.md5(identity, usedforsecurity=False)  # type: ignore[attr-defined]
        self._describe(content)
        attach(self._doc, content.attachments)
        describe(self._doc, content, _PRODUCER)
        if signature is not None:
            self._annotationrefs.append(reserve(self._doc, signature))

    def _describe(self, content: CertificateContent) -> None:
        self.setTitle(content.texts.title)
        self.setAuthor(content.texts.issuer)
        self.setSubject(content.certificate_number)
        self.setCreator(_PRODUCER)
        self.setProducer(_PRODUCER)
        day = content.issued_on.strftime("%Y%m%d")
        self.setDateFormatter(lambda *_time_stamp: f"D:{day}000000+08'00'")
        self.setViewerPreference("DisplayDocTitle", "true")

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

    def draw_artwork(self, artwork: Artwork, left: float = 0, bottom: float = 0) -> None:
        """Put a drawing's origin at a point of the page."""
        self._add_form(artwork)
        self.saveState()
        self.transform(mm, 0, 0, mm, left * mm, bottom * mm)
        self.doForm(artwork.name)
        self.restoreState()

    def draw_lines(self, lines: Sequence[Line], colour: str, *, reads_as: str | None = None) -> None:
        """Show lines in one colour; `reads_as` is what copying and searching find when the lines alone would not do:
        a name broken in two, or tracked so widely that a reader sees a blank.

        It becomes ActualText (ISO 32000-1, 14.9.4), but only without characters beyond U+FFFF: PDFium, and so Chrome
        and Edge, leaves those out of ActualText, while it reads them right from ToUnicode.
        """
        self._code.append(filling(colour))
        if reads_as is None or max(reads_as) > "\uffff":
            for line in lines:
                self._draw_line(line)
            return
        actual = reads_as.encode("utf-16-be").hex().upper()
        self._code.append(f"/Span <</ActualText <FEFF{actual}>>> BDC")
        for line in lines:
            self._draw_line(line)
        self._code.append("EMC")

    def _draw_line(self, line: Line) -> None:
        pen = self.beginText(line.x * mm, line.baseline * mm)
        pen.setCharSpace(line.tracking_pt)
        for run in line.runs:
            pen.setFont(embedded(run.face), line.size_pt)
            pen.textOut(run.text)
        pen.setCharSpace(0)
        self.drawText(pen)

    def draw_photo(self, photo: Photo, area: Area) -> None:
        """Fill the area with the photo, cropping what stands out evenly on both sides."""
        space = "DeviceGray" if photo.greyscale else "DeviceRGB"
        entries = _image_entries(photo.width, photo.height, space)
        self._add_object("photo", PDFStream(PDFDictionary({**entries, "Filter": PDFName("DCTDecode")}), photo.jpeg))
        scale = max(area.width / photo.width, area.height / photo.height)
        width, height = photo.width * scale, photo.height * scale
        self.saveState()
        self._clip(area)
        left, bottom = area.left - (width - area.width) / 2, area.bottom - (height - area.height) / 2
        self.transform(width * mm, 0, 0, height * mm, left * mm, bottom * mm)
        self.doForm("photo")
        self.restoreState()

    def draw_seal_image(self, seal: SealImage, area: Area) -> None:
        """Stamp the image over the area."""
        mask = compressed_stream(seal.deflated_alpha, _image_entries(seal.side, seal.side, "DeviceGray"))
        entries = _image_entries(seal.side, seal.side, "DeviceRGB")
        entries["SMask"] = reference(self._doc, mask)
        self._add_object("seal", compressed_stream(seal.deflated_rgb, entries))
        self.saveState()
        self.transform(area.width * mm, 0, 0, area.height * mm, area.left * mm, area.bottom * mm)
        self.doForm("seal")
        self.restoreState()

    def finish(self) -> bytes:
        """Close the page and return the whole file."""
        self.showPage()
        self.save()
        return self._file.getvalue()

    def _setAnnotations(self, page: Any) -> None:  # noqa: ANN401, N802  # reportlab's hook, called once a page
        super()._setAnnotations(page)  # type: ignore[misc]  # the stubs leave it out
        self._structure.write(self._doc, page)

    def _clip(self, area: Area) -> None:
        path = self.beginPath()
        path.rect(area.left * mm, area.bottom * mm, area.width * mm, area.height * mm)
        self.clipPath(path, stroke=0, fill=0)

    def _add_form(self, artwork: Artwork) -> None:
        if self.hasForm(artwork.name):
            return
        for part in artwork.parts:
            self._add_form(part)
        references = {part.name: PDFObjectReference(self._doc.getXObjectName(part.name)) for part in artwork.parts}
        entries = {
            "Type": PDFName("XObject"),
            "Subtype": PDFName("Form"),
            "BBox": PDFArray(list(artwork.box_mm)),
            "Resources": PDFDictionary({"XObject": PDFDictionary(references)} if references else {}),
        }
        self._add_object(artwork.name, compressed_stream(artwork.deflated, entries))

    def _add_object(self, name: str, stream: PDFStream) -> None:
        self._doc.addForm(name, stream)


def _image_entries(width: int, height: int, space: str) -> dict[str, Any]:
    return {
        "Type": PDFName("XObject"),
        "Subtype": PDFName("Image"),
        "Width": width,
        "Height": height,
        "ColorSpace": PDFName(space),
        "BitsPerComponent": 8,
    }
