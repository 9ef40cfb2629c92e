"""A4 upright: the photo in the middle over the fields, the seal at the lower right."""

from typing import Final

from pdf.fonts import Style
from pdf.layouts.model import Area, Divider, Field, Layout, Orientation, Slot

_CENTRE: Final = 105.0
# Content keeps 14 mm from the inner rule on both sides.
_LEFT: Final = 33.5
_RIGHT: Final = 176.5
_WIDTH: Final = _RIGHT - _LEFT
_FIELD_LEFT: Final = 61.0
_HINT_LEFT: Final = 78.0
_ISSUE_CENTRE: Final = 137.0

PORTRAIT: Final = Layout(
    orientation=Orientation.PORTRAIT,
    page=Area(0, 0, 210, 297),
    band_periods=(24, 36),
    underprint_centre=(_CENTRE, 148.5),
    underprint_radii=(80, 44),
    logo=Area(_LEFT, 250.6, 16, 16),
    # At its widest the issuer does not reach the logo.
    issuer=Slot("issuer", _CENTRE, 257.0, 107, Style.HEADING, 13, 3.0, centred=True),
    title=Slot("title", _CENTRE, 236.5, 148, Style.TITLE, 31, 2.4, centred=True),
    title_english=Slot("title_english", _CENTRE, 227.4, 140, Style.HEADING, 9.6, 2.3, centred=True),
    subtitle_english=Slot("subtitle_english", _CENTRE, 222.0, 140, Style.TEXT, 8, 1.3, centred=True),
    divider=Divider(height=215, gap=5, reach=52),
    photo_frame=Area(_CENTRE - 15, 167, 30, 40),
    photo=Area(_CENTRE - 12.5, 169.5, 25, 35),
    name_field=Field(_LEFT, _FIELD_LEFT, 139.0, row=149.4),
    sex_field=Field(145.0, 157.5, _RIGHT, row=149.4),
    id_field=Field(_LEFT, _FIELD_LEFT, _RIGHT, row=135.6),
    certificate_field=Field(_LEFT, _FIELD_LEFT, _RIGHT, row=121.8),
    statement=Slot("statement", _CENTRE, 105.0, _WIDTH, Style.TEXT, 13.2, 0.2, centred=True),
    statement_english=Slot("statement_english", _CENTRE, 99.2, _WIDTH, Style.TEXT, 8, centred=True),
    qr=Area(_LEFT, 39.6, 30, 30),
    scan_hint=Slot("scan_hint", _LEFT + 15, 34.6, 40, Style.TEXT, 8, 0.6, centred=True),
    scan_hint_english=Slot("scan_hint_english", _LEFT + 15, 31.4, 40, Style.TEXT, 6, centred=True),
    lookup_hint=Slot("lookup_hint", _HINT_LEFT, 34.6, _RIGHT - _HINT_LEFT, Style.TEXT, 7),
    lookup_hint_english=Slot("lookup_hint_english", _HINT_LEFT, 31.4, _RIGHT - _HINT_LEFT, Style.TEXT, 6.2),
    unit=Slot("unit", _ISSUE_CENTRE, 70.0, 76, Style.HEADING, 15, 1.4, centred=True),
    issued_on=Slot("issued_on", _ISSUE_CENTRE, 58.0, 76, Style.HEADING, 13, 1.2, centred=True),
    seal=Area(125, 44, 42, 42),
)
