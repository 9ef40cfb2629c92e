"""Where every line of a receipt stands: the same for whoever draws one and whoever checks one."""

from typing import Final

import msgspec
from msgspec.structs import replace

from pdf.errors import MissingGlyphError
from pdf.fonts import Style, face
from pdf.layouts import Area, Slot
from pdf.paths import circle, filling, line, rectangle, stroking
from pdf.receipt.content import Fact, ReceiptContent, StatedRow, Tone, Words
from pdf.structure import HEADING, PARAGRAPH, TITLE
from pdf.typesetting import Line, natural_width, set_line

PAGE: Final = Area(0, 0, 210, 297)
QR: Final = Area(158, 34, 30, 30)
LEFT: Final = 22.0
RIGHT: Final = 188.0
MIDDLE: Final = PAGE.width / 2
NAVY: Final = "#143a66"
GOLD: Final = "#8a6d2f"
INK: Final = "#15233a"
MUTED: Final = "#59677c"
RULE: Final = "#b9b19c"

TONES: Final = {
    Tone.VALID: ("#0b6647", "#e6f2ed"),
    Tone.REVOKED: ("#98291f", "#fbeeec"),
    Tone.SUPERSEDED: (NAVY, "#e9f0f8"),
    Tone.NOT_FOUND: ("#79510f", "#fbf3e0"),
    Tone.SEVERAL: ("#46536a", "#eceff3"),
}
"""Ink and ground of each."""

_PANEL: Final = Area(LEFT, 205, RIGHT - LEFT, 23)
_VALUE: Final = 84.0
_FACT_PITCH: Final = 7.2
_ROW_PITCH: Final = 13.6
_DETAIL_PITCH: Final = 4.0
_COLUMNS: Final = (LEFT + 2, 90.0, 115.0, 142.0, RIGHT)
"""Left edges of the table's columns, and its right edge."""
_FOOT: Final = 69.5
_NOTE_PITCH: Final = 7.6


class PlacedLine(msgspec.Struct, frozen=True):
    """One line of the page, and what it is in its structure."""

    line: Line
    colour: str
    role: str = PARAGRAPH
    is_english: bool = False

    @property
    def text(self) -> str:
        """What it reads."""
        return "".join(run.text for run in self.line.runs)


class Composition(msgspec.Struct, frozen=True):
    """A page: its lines in reading order, and the operators of the shapes behind them."""

    lines: tuple[PlacedLine, ...]
    shapes: tuple[str, ...]


def printable(text: str) -> bool:
    """Whether one of the faces that every installation has draws the whole text."""
    return any(not face(style).missing(text) for style in (Style.TEXT, Style.KAI))


def receipt_lines(content: ReceiptContent) -> tuple[PlacedLine, ...]:
    """Return every line of a receipt, in reading order, which is that of drawing.

    Raises:
        MissingGlyphError, TextTooLongError: a text that cannot be set.
    """
    return compose(content).lines


def compose(content: ReceiptContent) -> Composition:
    """Return the lines and shapes of a receipt; refuse as `receipt_lines`."""
    page = _Page()
    page.head(content)
    page.panel(content)
    page.asked(content)
    page.answered(content)
    page.foot(content)
    return Composition(tuple(page.lines), tuple(page.shapes))


class _Page:
    """A page as it grows downwards; `_y` is where the next section begins."""

    def __init__(self) -> None:
        self.lines: list[PlacedLine] = []
        self.shapes: list[str] = []
        self._y = 196.0

    def head(self, content: ReceiptContent) -> None:
        self._centred(content.issuer, (269.5, 265.2), Style.TEXT, (11.5, 7.2), NAVY)
        self._centred(content.heading, (249.8, 242.8), Style.TITLE, (30, 9.6), NAVY, role=TITLE, tracking=(4.5, 2.4))
        self._centred(content.caution, (236.6, 232.8), Style.TEXT, (9, 7), MUTED)

    def panel(self, content: ReceiptContent) -> None:
        """The answer in one word, by colour and words."""
        ink, ground = TONES[content.tone]
        area = _PANEL
        self.shapes += [
            f"{filling(ground)} {rectangle(area.left, area.bottom, area.width, area.height)} f",
            f"{filling(ink)} {rectangle(area.left, area.bottom, 2.4, area.height)} f",
        ]
        word, sentence = (
            Slot("state", LEFT + 9, 214.4, 64, Style.HEADING, 24, 1.5),
            Slot("sentence", 100, 217.4, 84, Style.TEXT, 10.5),
        )
        self._add(word, content.state.chinese, ink, role=HEADING)
        self._add(_english(word, 208.6, 10), content.state.english, ink, english=True)
        self._add(sentence, content.sentence.chinese, INK)
        self._add(_english(sentence, 211.6, 7.6), content.sentence.english, INK, english=True)

    def asked(self, content: ReceiptContent) -> None:
        self._section(content.asked_heading)
        for fact in content.asked:
            self._fact(fact, self._y)
            self._y -= _FACT_PITCH
        self._y -= 2.6

    def answered(self, content: ReceiptContent) -> None:
        self._section(content.answered_heading)
        if content.rows:
            for left, column in zip(_COLUMNS, content.columns, strict=False):
                self._pair(column, left, self._y, (8, 6.6), MUTED)
            self._y -= 6.4
        for row in content.rows:
            self._row(row)
        for remark in content.remarks:
            self._stacked(remark, LEFT + 2, self._y, RIGHT - LEFT - 4, (9.5, 7.2))
            self._y -= 8.8
        blank = Slot("blank", MIDDLE, self._y - 1.5, 80, Style.TEXT, 7.6, 0.6, centred=True)
        self._add(blank, f"{content.blank.chinese} {content.blank.english}", MUTED)

    def foot(self, content: ReceiptContent) -> None:
        self.shapes.append(f"{stroking(NAVY, 0.3)} {line((LEFT, _FOOT), (RIGHT, _FOOT))}")
        for place, fact in enumerate(content.facts):
            self._fact(fact, _FOOT - 6.3 - place * 6.6, value=78)
        for place, note in enumerate(content.notes):
            self._stacked(note, LEFT + 2, _FOOT - 26.6 - place * _NOTE_PITCH, 128, (8.2, 6.6))
        hint = Slot("scan_hint", QR.centre[0], QR.bottom - 4, 40, Style.TEXT, 8, 0.4, centred=True)
        self._add(hint, content.scan_hint.chinese, MUTED)
        self._add(_english(hint, QR.bottom - 7, 6.4), content.scan_hint.english, MUTED, english=True)

    def _section(self, heading: Words) -> None:
        self._pair(heading, LEFT, self._y, (11.5, 8), NAVY, role=HEADING, style=Style.TEXT)
        self.shapes.append(f"{stroking(RULE, 0.2)} {line((LEFT, self._y - 2.6), (RIGHT, self._y - 2.6))}")
        self.shapes.append(f"{filling(GOLD)} {circle(LEFT, self._y - 2.6, 0.5)} f")
        self._y -= 8.6

    def _fact(self, fact: Fact, y: float, *, value: float = _VALUE) -> None:
        self._add(Slot("label", LEFT + 2, y, 26, Style.TEXT, 9), fact.label.chinese, MUTED)
        self._add(Slot("label", 48, y, value - 50, Style.TEXT, 7), fact.label.english, MUTED, english=True)
        right = RIGHT if value == _VALUE else QR.left - 4
        self._add(Slot("value", value, y, right - value, Style.TEXT, 10.5, 0.2), fact.value, INK)

    def _row(self, row: StatedRow) -> None:
        ink, _ = TONES[row.tone]
        title, issued, status, details, end = _COLUMNS
        y = self._y
        self._add(Slot("title", title, y, issued - title - 3, Style.TEXT, 10), row.title, INK)
        self._add(Slot("number", title, y - 5, issued - title - 3, Style.TEXT, 9.5, 0.3), row.number, INK)
        self._add(Slot("issued_on", issued, y, status - issued - 3, Style.TEXT, 9.5), row.issued_on, INK)
        self._add(Slot("status", status, y, details - status - 2, Style.HEADING, 10), row.status.chinese, ink)
        english = Slot("status", status, y - 4.6, details - status - 2, Style.TEXT, 7.4)
        self._add(english, row.status.english, ink, english=True)
        for place, text in enumerate(row.details):
            self._add(Slot("details", details, y - place * _DETAIL_PITCH, end - details, Style.TEXT, 8), text, INK)
        self._y -= _ROW_PITCH
        self.shapes.append(f"{stroking(RULE, 0.13)} {line((LEFT, self._y + 4.5), (RIGHT, self._y + 4.5))}")

    def _centred(
        self,
        words: Words,
        baselines: tuple[float, float],
        style: Style,
        sizes: tuple[float, float],
        colour: str,
        *,
        role: str = PARAGRAPH,
        tracking: tuple[float, float] = (0.6, 0.0),
    ) -> None:
        slot = Slot("heading", MIDDLE, baselines[0], RIGHT - LEFT, style, sizes[0], tracking[0], centred=True)
        self._add(slot, words.chinese, colour, role=role)
        english = replace(_english(slot, baselines[1], sizes[1]), tracking_pt=tracking[1])
        self._add(english, words.english, GOLD if colour == NAVY else colour, english=True)

    def _stacked(self, words: Words, x: float, y: float, width: float, sizes: tuple[float, float]) -> None:
        slot = Slot("note", x, y, width, Style.TEXT, sizes[0])
        self._add(slot, words.chinese, INK)
        self._add(_english(slot, y - 3.05 * sizes[0] / 8, sizes[1]), words.english, MUTED, english=True)

    def _pair(
        self,
        words: Words,
        x: float,
        y: float,
        sizes: tuple[float, float],
        colour: str,
        *,
        role: str = PARAGRAPH,
        style: Style = Style.TEXT,
    ) -> None:
        """Both languages on one line, the English after the Chinese."""
        placed = self._add(Slot("heading", x, y, 60, style, sizes[0]), words.chinese, colour, role=role)
        width = natural_width(placed.runs, placed.size_pt, placed.tracking_pt)
        self._add(Slot("heading", x + width + 1.6, y, 60, Style.TEXT, sizes[1]), words.english, colour, english=True)

    def _add(self, slot: Slot, text: str, colour: str, *, role: str = PARAGRAPH, english: bool = False) -> Line:
        placed = set_line(replace(slot, style=_style(slot.style, text)), text)
        self.lines.append(PlacedLine(placed, colour, role, english))
        return placed


def _english(slot: Slot, baseline: float, size: float) -> Slot:
    return replace(slot, baseline=baseline, size_pt=size, style=Style.TEXT, tracking_pt=0.0)


def _style(wanted: Style, text: str) -> Style:
    """Return the first style whose face draws the whole text."""
    for style in (wanted, Style.TEXT, Style.KAI):
        if not face(style).missing(text):
            return style
    raise MissingGlyphError(face(wanted).missing(text))
