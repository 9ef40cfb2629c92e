"""What one layout fixes: the page and the place of everything on it, in millimetres from the lower left corner."""

from enum import StrEnum
from typing import Final

import msgspec
from msgspec.structs import replace

from pdf.fonts import Style

RULE_DROP: Final = 2.2
"""How far the rule under a field stands below the baseline."""
FIELD_INDENT: Final = 2.5
_LABEL_RISE: Final = 1.6
_ENGLISH_LABEL_DROP: Final = 1.5
_FIELD_END: Final = 1.5


class Orientation(StrEnum):
    """How A4 is held."""

    LANDSCAPE = "landscape"
    PORTRAIT = "portrait"


class Slot(msgspec.Struct, frozen=True):
    """The place of one line of text; type in points."""

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

    def fitted(self, width: float, height: float) -> "Area":
        """The largest area of this shape inside, against the left edge and at half the height."""
        scale = min(self.width / width, self.height / height)
        return Area(self.left, self.centre[1] - height * scale / 2, width * scale, height * scale)

    def meets(self, other: "Area") -> bool:
        """Whether the two share any point."""
        return (
            self.left <= other.right
            and other.left <= self.right
            and self.bottom <= other.top
            and other.bottom <= self.top
        )


class Field(msgspec.Struct, frozen=True):
    """A captioned line: the caption from `label_left`, the value on a rule from `left` to `right`."""

    label_left: float
    left: float
    right: float
    row: float
    """The value's baseline."""

    @property
    def labels(self) -> tuple[Slot, Slot]:
        """Where the caption stands: Chinese, and English below it."""
        width = self.left - self.label_left - 1
        return (
            Slot("label", self.label_left, self.row + _LABEL_RISE, width, Style.TEXT, 11),
            Slot("label", self.label_left, self.row - _ENGLISH_LABEL_DROP, width, Style.TEXT, 6.6),
        )

    @property
    def rule(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Both ends of the rule under the value."""
        return (self.left, self.row - RULE_DROP), (self.right, self.row - RULE_DROP)

    def value(self, slot: Slot) -> Slot:
        """The slot, whose baseline counts from the row, as it stands on the rule."""
        x = self.left + FIELD_INDENT
        width = self.right - x - (_FIELD_END if slot.style is Style.KAI else 0)
        return replace(slot, x=x, baseline=self.row + slot.baseline, width=width)


class Divider(msgspec.Struct, frozen=True):
    """The ornament under the heading: a diamond in the middle of the page and a rule to either side."""

    height: float
    gap: float
    reach: float


class Layout(msgspec.Struct, frozen=True):
    """One page. Everything that is drawn stands here; `pdf.background` adds the frame, which runs along every edge."""

    orientation: Orientation
    page: Area
    band_periods: tuple[int, int]
    """Waves of the guilloche along the width and along the height."""
    underprint_centre: tuple[float, float]
    underprint_radii: tuple[float, float]
    logo: Area
    issuer: Slot
    title: Slot
    title_english: Slot
    subtitle_english: Slot
    divider: Divider
    photo_frame: Area
    photo: Area
    name_field: Field
    sex_field: Field
    id_field: Field
    certificate_field: Field
    statement: Slot
    statement_english: Slot
    qr: Area
    """The usual symbol with its quiet zone; a larger one grows to the right and upwards."""
    scan_hint: Slot
    """Centred under the symbol, so that its x moves with the symbol's width; so does the English one's."""
    scan_hint_english: Slot
    lookup_hint: Slot
    lookup_hint_english: Slot
    unit: Slot
    issued_on: Slot
    seal: Area

    @property
    def fields(self) -> tuple[Field, Field, Field, Field]:
        """The captioned lines in reading order."""
        return self.name_field, self.sex_field, self.id_field, self.certificate_field

    @property
    def name(self) -> Slot:
        """Where the name stands."""
        return self.name_field.value(Slot("name", 0, 0, 0, Style.KAI, 28, 3.0))

    @property
    def sex(self) -> Slot:
        """Where the sex stands."""
        return self.sex_field.value(Slot("sex", 0, 0.3, 0, Style.KAI, 20))

    @property
    def id_number(self) -> Slot:
        """Where the ID number stands."""
        return self.id_field.value(Slot("id_number", 0, 0, 0, Style.HEADING, 15.5, 1.9))

    @property
    def certificate_number(self) -> Slot:
        """Where the certificate number stands."""
        return self.certificate_field.value(Slot("certificate_number", 0, 0, 0, Style.HEADING, 15.5, 1.9))
