"""Where each text of the page begins, for whoever checks that a page shows what it should."""

from typing import Final

import msgspec

from pdf import layout
from pdf.layout import Slot

_TOLERANCE: Final = 0.3
_QR_SHIFT: Final = (layout.QR_MAX_SIDE - layout.QR_SIDE) / 2
"""Hints move with the middle of a symbol that is wider than usual."""
_SECOND_LINE: Final = (layout.NAME_ONE_LINE_MIN_PT - 2) * layout.NAME_LEADING / 72 * 25.4


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


def _label(left: float, row: float) -> tuple[Place, ...]:
    slots = (layout.LABEL, layout.LABEL_ENGLISH)
    return tuple(_place(msgspec.structs.replace(slot, x=left, baseline=row + slot.baseline)) for slot in slots)


PLACES: Final = (
    *(_place(slot) for slot in (layout.ISSUER, layout.TITLE, layout.TITLE_ENGLISH, layout.SUBTITLE_ENGLISH)),
    *_label(layout.TEXT_LEFT, layout.NAME_ROW),
    _place(layout.NAME, rise=_SECOND_LINE, is_one_piece=False),
    *_label(layout.SEX_LABEL_LEFT, layout.NAME_ROW),
    _place(layout.SEX),
    *_label(layout.TEXT_LEFT, layout.ID_ROW),
    _place(layout.ID_NUMBER),
    *_label(layout.TEXT_LEFT, layout.CERTIFICATE_ROW),
    _place(layout.CERTIFICATE_NUMBER),
    *(_place(slot) for slot in (layout.STATEMENT, layout.STATEMENT_ENGLISH)),
    *(_place(slot, shift=_QR_SHIFT) for slot in (layout.SCAN_HINT, layout.SCAN_HINT_ENGLISH)),
    *(_place(slot) for slot in (layout.LOOKUP_HINT, layout.LOOKUP_HINT_ENGLISH, layout.UNIT, layout.ISSUED_ON)),
)
"""Every text of a certificate is in exactly one of them, in drawing order."""
