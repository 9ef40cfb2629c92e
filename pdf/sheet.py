"""What certificates of one kind share, drawn once per process: the page but for what is one person's own.

Drawing a whole page takes reportlab tens of milliseconds; a certificate that begins with a finished sheet, one or two.
"""

import string
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Final

import msgspec
from msgspec.structs import replace

from pdf.background import background
from pdf.canvas import SheetCanvas
from pdf.content import CertificateTexts, Label
from pdf.designs import Design
from pdf.document import Gap, Room, Sheet
from pdf.fonts import Style, face
from pdf.images import read_logo, read_seal
from pdf.layouts import Area, Field, Layout, Slot
from pdf.seal import specimen_seal
from pdf.structure import FIGURE, PARAGRAPH, TITLE
from pdf.typesetting import set_line

_ENGLISH: Final = "en"
_PHOTO_ALTERNATIVE: Final = "持证人照片 Photo of the holder"
_LOGO_ALTERNATIVE: Final = "标志 Logo"
_QR_ALTERNATIVE: Final = "二维码 QR code:"
_SEAL_ALTERNATIVE: Final = "印章 Seal"
_SPECIMEN_ALTERNATIVE: Final = "样章，不是印章 Specimen ring, not a seal"
# What rooms usually show; a character that is not among them costs its certificate a font of its own.
_USUAL: Final = (
    (Style.HEADING, string.digits + string.ascii_uppercase + "*-年月日"),
    (Style.KAI, "男女-"),
)


class SheetContent(msgspec.Struct, frozen=True):
    """What a sheet shows."""

    layout: Layout
    design: Design
    texts: CertificateTexts
    qr: Area
    """Where the symbol stands: its hints are centred under it."""
    has_photo: bool
    seal_png: bytes | None
    logo_png: bytes | None


@lru_cache(maxsize=32)
def draw_sheet(content: SheetContent) -> Sheet:
    """Return the finished sheet, made on first use.

    Raises:
        MissingGlyphError, TextTooLongError: a text that cannot be set.
        SealError, LogoError: an image that cannot be printed.
    """
    return _Drawing(content).finish()


class _Drawing:
    """One sheet, element by element in reading order."""

    def __init__(self, content: SheetContent) -> None:
        self._content, self._layout, self._texts = content, content.layout, content.texts
        self._palette = content.design.palette
        self._page = SheetCanvas(content.layout.page)

    def finish(self) -> Sheet:
        texts = self._texts
        with self._page.ornament():
            microtext = f"{texts.issuer}·{texts.title}·"
            self._page.draw_artwork(background(self._layout, self._content.design, microtext))
        for style, characters in _USUAL:
            self._page.announce(face(style), characters)
        self._draw_heading()
        self._draw_holder()
        self._draw_statement()
        self._draw_verification()
        self._draw_issue()
        return self._page.finish()

    def _draw_heading(self) -> None:
        layout, texts, palette = self._layout, self._texts, self._palette
        if self._content.logo_png is not None:
            logo = read_logo(self._content.logo_png)
            with self._page.element(FIGURE, alternative=_LOGO_ALTERNATIVE):
                self._page.draw_image("logo", logo, layout.logo.fitted(logo.width, logo.height))
        self._draw_text(layout.issuer, texts.issuer, palette.accent)
        self._draw_text(layout.title, texts.title, palette.accent, role=TITLE)
        self._draw_text(layout.title_english, texts.title_english, palette.gold, language=_ENGLISH)
        self._draw_text(layout.subtitle_english, texts.subtitle_english, palette.gold, language=_ENGLISH)

    def _draw_holder(self) -> None:
        layout, labels = self._layout, self._texts.labels
        if self._content.has_photo:
            with self._page.element(FIGURE, alternative=_PHOTO_ALTERNATIVE):
                self._page.leave_room(Room.PHOTO)
                self._page.leave_gap(Gap.PHOTO)
        fields = (
            (labels.name, layout.name_field, Room.NAME),
            (labels.sex, layout.sex_field, Room.SEX),
            (labels.id_number, layout.id_field, Room.ID_NUMBER),
            (labels.certificate_number, layout.certificate_field, Room.CERTIFICATE_NUMBER),
        )
        for label, field, room in fields:
            self._draw_label(label, field)
            self._leave_room(room)

    def _draw_statement(self) -> None:
        layout, texts, palette = self._layout, self._texts, self._palette
        self._draw_text(layout.statement, texts.statement, palette.ink)
        self._draw_text(layout.statement_english, texts.statement_english, palette.muted, language=_ENGLISH)

    def _draw_verification(self) -> None:
        layout, texts, colour = self._layout, self._texts, self._palette.label
        middle = self._content.qr.centre[0]
        alternative = f"{_QR_ALTERNATIVE} {texts.scan_hint} {texts.scan_hint_english}"
        with self._page.element(FIGURE, alternative=alternative):
            self._page.place_symbol(self._content.qr.left, self._content.qr.bottom)
        self._draw_text(replace(layout.scan_hint, x=middle), texts.scan_hint, colour)
        self._draw_text(replace(layout.scan_hint_english, x=middle), texts.scan_hint_english, colour, language=_ENGLISH)
        self._draw_text(layout.lookup_hint, texts.lookup_hint, colour)
        self._draw_text(layout.lookup_hint_english, texts.lookup_hint_english, colour, language=_ENGLISH)

    def _draw_issue(self) -> None:
        """Unit and date, and the seal over both: Multiply lets the text show through as through ink."""
        self._draw_text(self._layout.unit, self._texts.unit, self._palette.ink)
        self._leave_room(Room.ISSUED_ON)
        png, area = self._content.seal_png, self._layout.seal
        with self._multiplied(_SPECIMEN_ALTERNATIVE if png is None else _SEAL_ALTERNATIVE):
            if png is None:
                self._page.draw_artwork(specimen_seal(), *area.centre)
            else:
                self._page.draw_image("seal", read_seal(png), area)

    @contextmanager
    def _multiplied(self, alternative: str) -> Iterator[None]:
        with self._page.element(FIGURE, alternative=alternative):
            self._page.saveState()
            self._page.setBlendMode("Multiply")
            yield
            self._page.restoreState()

    def _draw_label(self, label: Label, field: Field) -> None:
        chinese, english = field.labels
        self._draw_text(chinese, label.chinese, self._palette.label)
        self._draw_text(english, label.english, self._palette.label, language=_ENGLISH)

    def _draw_text(
        self, slot: Slot, text: str, colour: str, *, role: str = PARAGRAPH, language: str | None = None
    ) -> None:
        with self._page.element(role, language=language):
            self._page.draw_line(set_line(slot, text), colour)

    def _leave_room(self, room: Room) -> None:
        with self._page.element(PARAGRAPH):
            self._page.leave_room(room)
