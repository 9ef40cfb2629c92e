"""Where everything stands on the page: landscape A4 in millimetres, origin at the lower left; type in points."""

from typing import Final

import msgspec

from pdf.fonts import Style

PAGE_WIDTH: Final = 297.0
PAGE_HEIGHT: Final = 210.0
CENTRE: Final = PAGE_WIDTH / 2


class Slot(msgspec.Struct, frozen=True):
    """The place of one line of text."""

    field: str
    """What stands here, for the message when it does not fit."""
    x: float
    """Left end of the line, or its middle when `centred`."""
    baseline: float
    width: float
    """A longer text is set smaller, down to 60 %."""
    style: Style
    size_pt: float
    tracking_pt: float = 0.0
    centred: bool = False


class Area(msgspec.Struct, frozen=True):
    """An upright rectangle."""

    left: float
    bottom: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.left + self.width

    @property
    def top(self) -> float:
        """Its upper edge."""
        return self.bottom + self.height

    @property
    def centre(self) -> tuple[float, float]:
        """Its middle."""
        return self.left + self.width / 2, self.bottom + self.height / 2

    def meets(self, other: "Area") -> bool:
        """Whether the two share any point."""
        return (
            self.left <= other.right
            and other.left <= self.right
            and self.bottom <= other.top
            and other.bottom <= self.top
        )


# The frame, from the edge inwards: gold rule, band between two fine rules, gold rule, microtext.
OUTER_RULE: Final = 9.0
BAND_OUTER: Final = 11.2
BAND_INNER: Final = 18.2
INNER_RULE: Final = 19.3
MICROTEXT: Final = 20.7
MICROTEXT_EM: Final = 0.72
CORNER_RADIUS: Final = 6.9
BAND_MIDDLE: Final = (BAND_OUTER + BAND_INNER) / 2
BAND_PERIODS_ACROSS: Final = 36
BAND_PERIODS_UP: Final = 24

UNDERPRINT_CENTRE: Final = (CENTRE, 103.5)
UNDERPRINT_RADII: Final = (80.0, 44.0)

# Content keeps 14 mm from the inner rule on both sides.
LEFT: Final = 33.5
RIGHT: Final = PAGE_WIDTH - LEFT
TEXT_LEFT: Final = 78.0
FIELD_LEFT: Final = 107.0

ISSUER: Final = Slot("issuer", CENTRE, 177.0, 220, Style.HEADING, 13.5, 3.2, centred=True)
TITLE: Final = Slot("title", CENTRE, 157.6, 226, Style.TITLE, 38, 3.0, centred=True)
TITLE_ENGLISH: Final = Slot("title_english", CENTRE, 149.4, 200, Style.HEADING, 9.6, 2.3, centred=True)
SUBTITLE_ENGLISH: Final = Slot("subtitle_english", CENTRE, 144.2, 200, Style.TEXT, 8, 1.3, centred=True)
DIVIDER: Final = 138.6
DIVIDER_GAP: Final = 5.0
DIVIDER_REACH: Final = 63.0

# As wide as the QR code below, its lower edge on the last field's rule.
PHOTO_FRAME: Final = Area(LEFT, 92.8, 30.0, 40.0)
PHOTO: Final = Area(LEFT + 2.5, 92.8 + 2.5, 25.0, 35.0)

NAME_ROW: Final = 122.6
ID_ROW: Final = 108.8
CERTIFICATE_ROW: Final = 95.0
RULE_DROP: Final = 2.2
NAME_RIGHT: Final = 194.0
SEX_LABEL_LEFT: Final = 206.0
SEX_LEFT: Final = 224.0
FIELD_INDENT: Final = 2.5

NAME: Final = Slot("name", FIELD_LEFT + FIELD_INDENT, NAME_ROW, NAME_RIGHT - FIELD_LEFT - 4, Style.KAI, 28, 3.0)
# A third of an em: from 12 pt on, poppler reads 张𠮷 as two words.
NAME_TWO_CHARACTERS_TRACKING_PT: Final = 9.0
NAME_ONE_LINE_MIN_PT: Final = 17.0
NAME_MIN_PT: Final = 8.0
NAME_LEADING: Final = 1.12
SEX: Final = Slot("sex", SEX_LEFT + FIELD_INDENT, NAME_ROW + 0.3, RIGHT - SEX_LEFT - 4, Style.KAI, 20)
ID_NUMBER: Final = Slot("id_number", NAME.x, ID_ROW, RIGHT - NAME.x, Style.HEADING, 15.5, 1.9)
CERTIFICATE_NUMBER: Final = Slot(
    "certificate_number", NAME.x, CERTIFICATE_ROW, RIGHT - NAME.x, Style.HEADING, 15.5, 1.9
)

# Placed per field: x is the field's, the baseline is counted from its row.
LABEL: Final = Slot("label", TEXT_LEFT, 1.6, FIELD_LEFT - TEXT_LEFT - 1, Style.TEXT, 11)
LABEL_ENGLISH: Final = Slot("label", TEXT_LEFT, -1.5, FIELD_LEFT - TEXT_LEFT - 1, Style.TEXT, 6.6)

STATEMENT: Final = Slot("statement", TEXT_LEFT, 79.6, RIGHT - TEXT_LEFT, Style.TEXT, 14.5, 0.3)
STATEMENT_ENGLISH: Final = Slot("statement_english", TEXT_LEFT, 73.8, RIGHT - TEXT_LEFT, Style.TEXT, 8.2)

# 30 mm with the quiet zone of 4 modules, as long as a module stays as large as in version 13 (69 modules).
QR_LEFT: Final = LEFT
QR_BOTTOM: Final = 34.6
QR_SIDE: Final = 30.0
QR_QUIET_MODULES: Final = 4
QR_SMALLEST_MODULE: Final = QR_SIDE / (69 + 2 * QR_QUIET_MODULES)
QR_MAX_SIDE: Final = 41.0
# Centred under the symbol, so their x moves with its width.
SCAN_HINT: Final = Slot("scan_hint", LEFT + QR_SIDE / 2, 29.6, 40, Style.TEXT, 8, 0.6, centred=True)
SCAN_HINT_ENGLISH: Final = Slot("scan_hint_english", LEFT + QR_SIDE / 2, 26.4, 40, Style.TEXT, 6, centred=True)

LOOKUP_HINT: Final = Slot("lookup_hint", TEXT_LEFT, 38.8, 112, Style.TEXT, 7.6)
LOOKUP_HINT_ENGLISH: Final = Slot("lookup_hint_english", TEXT_LEFT, 35.2, 112, Style.TEXT, 6.6)

UNIT: Final = Slot("unit", 226.0, 54.6, 76, Style.HEADING, 15, 1.4, centred=True)
ISSUED_ON: Final = Slot("issued_on", 226.0, 42.6, 76, Style.HEADING, 13, 1.2, centred=True)
SEAL_DIAMETER: Final = 42.0
SEAL: Final = Area(235.0 - SEAL_DIAMETER / 2, 49.6 - SEAL_DIAMETER / 2, SEAL_DIAMETER, SEAL_DIAMETER)
