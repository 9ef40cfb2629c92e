"""The same page by stock reportlab: fonts registered once, all else drawn for every file through its public calls.

It gets what a careful writer would give it: ornaments as forms, the QR symbol as one path, no ASCII85.
"""

import io
import zlib
from collections.abc import Callable
from typing import Any, Final

from reportlab import rl_config
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from pdf import DESIGNS, CertificateContent, format_date
from pdf.artwork import Artwork
from pdf.background import background
from pdf.fonts import FONT_FOLDER, Style
from pdf.layouts import LANDSCAPE, Slot
from pdf.seal import specimen_seal

Step = Callable[[Any, Any], object]
"""One call on the canvas and the path under construction."""
PAINTING: Final = {"S": (1, 0), "s": (1, 0), "f": (0, 1), "B": (1, 1)}


class StockPage:
    """Draws certificates as `pdf` does. The ornaments' calls are prepared here, outside what is measured."""

    def __init__(self, content: CertificateContent) -> None:
        for style in Style:
            pdfmetrics.registerFont(TTFont(style.name, FONT_FOLDER / style.value))
        rl_config.useA85 = 0
        self._design = DESIGNS[content.design]
        ground = background(LANDSCAPE, self._design, f"{content.texts.issuer}·{content.texts.title}·")
        self._forms: dict[str, tuple[Artwork, list[Step]]] = {}
        for artwork in (ground, specimen_seal()):
            self._prepare(artwork)

    def draw(self, content: CertificateContent) -> bytes:
        """Return the page as a file."""
        file = io.BytesIO()
        page = LANDSCAPE.page
        canvas = Canvas(file, pagesize=(page.width * mm, page.height * mm), pageCompression=1, invariant=1)
        for artwork, steps in self._forms.values():
            canvas.beginForm(artwork.name, *artwork.box_mm)
            path = None
            for step in steps:
                path = step(canvas, path) or path
            canvas.endForm()
        self._place(canvas, "background", 0, 0)
        self._texts(canvas, content)
        assert content.photo_jpeg is not None
        photo = LANDSCAPE.photo
        reader = ImageReader(io.BytesIO(content.photo_jpeg))
        canvas.drawImage(reader, photo.left * mm, photo.bottom * mm, photo.width * mm, photo.height * mm)
        self._symbol(canvas, content)
        canvas.saveState()
        canvas.setBlendMode("Multiply")
        self._place(canvas, "seal", *LANDSCAPE.seal.centre)
        canvas.restoreState()
        canvas.showPage()
        canvas.save()
        return file.getvalue()

    def _prepare(self, artwork: Artwork) -> None:
        for part in artwork.parts:
            self._prepare(part)
        operators = zlib.decompress(artwork.deflated).decode("ascii").split()
        self._forms.setdefault(artwork.name, (artwork, list(_steps(operators))))

    def _place(self, canvas: Canvas, name: str, left: float, bottom: float) -> None:
        canvas.saveState()
        canvas.transform(mm, 0, 0, mm, left * mm, bottom * mm)
        canvas.doForm(name)
        canvas.restoreState()

    def _texts(self, canvas: Canvas, content: CertificateContent) -> None:
        layout, texts, labels = LANDSCAPE, content.texts, content.texts.labels
        palette = self._design.palette
        named = ("issuer", "title", "title_english", "subtitle_english", "statement", "statement_english")
        named += ("scan_hint", "scan_hint_english", "lookup_hint", "lookup_hint_english", "unit")
        for name in named:
            _show(canvas, getattr(layout, name), getattr(texts, name), palette.accent)
        captions = (labels.name, labels.sex, labels.id_number, labels.certificate_number)
        for field, label in zip(layout.fields, captions, strict=True):
            for slot, text in zip(field.labels, (label.chinese, label.english), strict=True):
                _show(canvas, slot, text, palette.label)
        _show(canvas, layout.name, content.name, palette.ink)
        _show(canvas, layout.sex, content.sex, palette.ink)
        _show(canvas, layout.id_number, content.id_number, palette.ink)
        _show(canvas, layout.certificate_number, content.certificate_number, palette.ink)
        _show(canvas, layout.issued_on, format_date(content.issued_on), palette.ink)

    def _symbol(self, canvas: Canvas, content: CertificateContent) -> None:
        module = LANDSCAPE.qr.width / (len(content.qr) + 8)
        canvas.saveState()
        canvas.translate((LANDSCAPE.qr.left + 4 * module) * mm, (LANDSCAPE.qr.top - 4 * module) * mm)
        canvas.scale(module * mm, -module * mm)
        path = canvas.beginPath()
        for y, row in enumerate(content.qr):
            for x, dark in enumerate(row):
                if dark:
                    path.rect(x, y, 1, 1)
        canvas.setFillColorRGB(0, 0, 0)
        canvas.drawPath(path, stroke=0, fill=1)
        canvas.restoreState()


def _show(canvas: Canvas, slot: Slot, text: str, colour: str) -> None:
    canvas.setFillColor(colour)
    canvas.setFont(slot.style.name, slot.size_pt)
    show = canvas.drawCentredString if slot.centred else canvas.drawString
    show(slot.x * mm, slot.baseline * mm, text, charSpace=slot.tracking_pt)


def _steps(operators: list[str]) -> list[Step]:
    """Turn our content streams into calls of reportlab's."""
    steps: list[Step] = []
    operands: list[float] = []
    for operator in operators:
        if operator[0] in "-.0123456789":
            operands.append(float(operator))
        elif operator[0] == "/":
            steps.append(lambda canvas, _path, name=operator[1:]: canvas.doForm(name))  # type: ignore[misc]
        else:
            steps += _step(operator, tuple(operands))
            operands.clear()
    return steps


def _step(operator: str, numbers: tuple[float, ...]) -> list[Step]:
    drawing = {"m": "moveTo", "l": "lineTo", "c": "curveTo", "re": "rect", "h": "close"}
    setting = {"rg": "setFillColorRGB", "RG": "setStrokeColorRGB", "w": "setLineWidth"}
    setting |= {"cm": "transform", "q": "saveState", "Q": "restoreState"}
    if operator in drawing:
        return [lambda canvas, path: _drawn(canvas, path, drawing[operator], numbers)]
    if operator in setting:
        return [lambda canvas, _path: getattr(canvas, setting[operator])(*numbers)]
    if operator in PAINTING:
        return [lambda canvas, path: _painted(canvas, path, operator)]
    return []


def _drawn(canvas: Canvas, path: Any, method: str, numbers: tuple[float, ...]) -> object:  # noqa: ANN401
    if path is None or getattr(path, "painted", False):
        path = canvas.beginPath()
    getattr(path, method)(*numbers)
    return path


def _painted(canvas: Canvas, path: Any, operator: str) -> None:  # noqa: ANN401
    stroke, fill = PAINTING[operator]
    if operator == "s":
        path.close()
    canvas.drawPath(path, stroke=stroke, fill=fill)
    path.painted = True
