"""A4 on its side: the photo beside the fields, the seal at the lower right."""

from typing import Final

from pdf.fonts import Style
from pdf.layouts.model import Area, Divider, Field, Layout, Orientation, Slot

_CENTRE: Final = 148.5
# Content keeps 14 mm from the inner rule on both sides.
_LEFT: Final = 33.5
_RIGHT: Final = 263.5
_TEXT_LEFT: Final = 78.0
_FIELD_LEFT: Final = 107.0
_TEXT_WIDTH: Final = _RIGHT - _TEXT_LEFT
# Unit and date stand under the seal, which is set off to the right so that it does not hide the date.
_ISSUE_CENTRE: Final = 226.0

LANDSCAPE: Final = Layout(
    orientation=Orientation.LANDSCAPE,
    page=Area(0, 0, 297, 210),
    band_periods=(36, 24),
    underprint_centre=(_CENTRE, 103.5),
    underprint_radii=(80, 44),
    logo=Area(_LEFT, 170, 20, 16),
    # Neither the issuer at its widest nor the title at its highest reaches the logo.
    issuer=Slot("issuer", _CENTRE, 177.0, 186, Style.HEADING, 13.5, 3.2, centred=True),
    title=Slot("title", _CENTRE, 157.6, 226, Style.TITLE, 38, 3.0, centred=True),
    title_english=Slot("title_english", _CENTRE, 149.4, 200, Style.HEADING, 9.6, 2.3, centred=True),
    subtitle_english=Slot("subtitle_english", _CENTRE, 144.2, 200, Style.TEXT, 8, 1.3, centred=True),
    divider=Divider(height=138.6, gap=5, reach=63),
    # As wide as the QR code below, its lower edge on the last field's rule.
    photo_frame=Area(_LEFT, 92.8, 30, 40),
    photo=Area(_LEFT + 2.5, 92.8 + 2.5, 25, 35),
    name_field=Field(_TEXT_LEFT, _FIELD_LEFT, 194.0, row=122.6),
    sex_field=Field(206.0, 224.0, _RIGHT, row=122.6),
    id_field=Field(_TEXT_LEFT, _FIELD_LEFT, _RIGHT, row=108.8),
    certificate_field=Field(_TEXT_LEFT, _FIELD_LEFT, _RIGHT, row=95.0),
    statement=Slot("statement", _TEXT_LEFT, 79.6, _TEXT_WIDTH, Style.TEXT, 14.5, 0.3),
    statement_english=Slot("statement_english", _TEXT_LEFT, 73.8, _TEXT_WIDTH, Style.TEXT, 8.2),
    qr=Area(_LEFT, 34.6, 30, 30),
    scan_hint=Slot("scan_hint", _LEFT + 15, 29.6, 40, Style.TEXT, 8, 0.6, centred=True),
    scan_hint_english=Slot("scan_hint_english", _LEFT + 15, 26.4, 40, Style.TEXT, 6, centred=True),
    lookup_hint=Slot("lookup_hint", _TEXT_LEFT, 38.8, 112, Style.TEXT, 7.6),
    lookup_hint_english=Slot("lookup_hint_english", _TEXT_LEFT, 35.2, 112, Style.TEXT, 6.6),
    unit=Slot("unit", _ISSUE_CENTRE, 54.6, 76, Style.HEADING, 15, 1.4, centred=True),
    issued_on=Slot("issued_on", _ISSUE_CENTRE, 42.6, 76, Style.HEADING, 13, 1.2, centred=True),
    seal=Area(214, 28.6, 42, 42),
)
