"""Where each text of the page begins, for whoever checks that a page shows what it should."""

from typing import Final

import msgspec

from pdf.layouts import LAYOUTS, Area, Field, Layout, Orientation, Slot
from pdf.names import LEADING, ONE_LINE_MIN_PT
from pdf.qr import MAX_SIDE

_TOLERANCE: Final = 0.3
_SECOND_LINE: Final = (ONE_LINE_MIN_PT - 2) * LEADING / 72 * 25.4


class Place(msgspec.Struct, frozen=True):
    """A box in millimetres from the lower left corner; the texts of a field begin, on their baseline, inside it."""

    field: str
    """As in `CertificateContent` and its texts; labels are `label`."""
    left: float
    right: float
    bottom: float
    top: float
    is_one_piece: bool = True
    """False for a name: two lines, or several faces."""

    def holds(self, x: float, baseline: float) -> bool:
        """Whether a text that begins there stands in this place."""
        return self.left <= x <= self.right and self.bottom <= baseline <= self.top


def _place(slot: Slot, *, shift: float = 0, rise: float = 0, is_one_piece: bool = True) -> Place:
    """Return where texts of a slot may begin: at its left end, or before its middle when it is centred."""
    left = slot.x - slot.width / 2 if slot.centred else slot.x
    right = slot.x + slot.width if not is_one_piece else slot.x
    return Place(
        field=slot.field,
        left=left - _TOLERANCE,
        right=right + shift + _TOLERANCE,
        bottom=slot.baseline - _TOLERANCE,
        top=slot.baseline + rise + _TOLERANCE,
        is_one_piece=is_one_piece,
    )


def _labels(field: Field) -> tuple[Place, ...]:
    return tuple(_place(slot) for slot in field.labels)


def _places(layout: Layout) -> tuple[Place, ...]:
    # Hints move with the middle of a symbol that is wider than usual.
    shift = (MAX_SIDE - layout.qr.width) / 2
    return (
        *(_place(slot) for slot in (layout.issuer, layout.title, layout.title_english, layout.subtitle_english)),
        *_labels(layout.name_field),
        _place(layout.name, rise=_SECOND_LINE, is_one_piece=False),
        *_labels(layout.sex_field),
        _place(layout.sex),
        *_labels(layout.id_field),
        _place(layout.id_number),
        *_labels(layout.certificate_field),
        _place(layout.certificate_number),
        *(_place(slot) for slot in (layout.statement, layout.statement_english)),
        *(_place(slot, shift=shift) for slot in (layout.scan_hint, layout.scan_hint_english)),
        *(_place(slot) for slot in (layout.lookup_hint, layout.lookup_hint_english, layout.unit, layout.issued_on)),
    )


class PageForm(msgspec.Struct, frozen=True):
    """A page as certificates have it."""

    width_mm: float
    height_mm: float
    places: tuple[Place, ...]
    """Every text of a certificate is in exactly one of them, in drawing order."""
    pictures: tuple[Area, ...]
    """Where photo, seal and logo may be, one picture in each."""

    def place(self, field: str) -> Place:
        """The only place of a field, which is not `label`."""
        (place,) = (place for place in self.places if place.field == field)
        return place


_FORMS: Final = {
    orientation: PageForm(
        layout.page.width, layout.page.height, _places(layout), (layout.photo, layout.seal, layout.logo)
    )
    for orientation, layout in LAYOUTS.items()
}


def page_form(width: float, height: float) -> PageForm:
    """The form whose orientation a page of this width and height, in whatever unit, has; its size may differ."""
    return _FORMS[Orientation.PORTRAIT if height > width else Orientation.LANDSCAPE]
