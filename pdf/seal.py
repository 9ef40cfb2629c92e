"""The specimen ring: shows where a seal goes and can be mistaken for none.

No star, no emblem and no issuer's name: drawing a seal that looks official is an offence, so the real one is an
image that operations mount. The ring is outlines, so that the page's text does not contain it.
"""

import math
from functools import cache
from typing import Final

from pdf.artwork import Artwork, draw
from pdf.fonts import Face, Style, face
from pdf.ornaments import text_outlines
from pdf.paths import circle, filling, stroking, turned

SEAL_RED: Final = "#D8262C"
_RADIUS: Final = 21.0
_RING_TEXT: Final = "SPECIMEN·样章·SPECIMEN·样章·"
_RING_EM: Final = 4.4
_RING_BASELINE: Final = 14.9
_CENTRE_TEXT: Final = "样章"
_CENTRE_EM: Final = 4.2
_CENTRE_BASELINE: Final = -0.65


@cache
def specimen_seal() -> Artwork:
    """The ring with its centre at the origin, 42 mm wide as a seal is."""
    heading = face(Style.HEADING)
    operators = [
        stroking(SEAL_RED, 1.15),
        f"{circle(0, 0, _RADIUS - 0.6)} S",
        stroking(SEAL_RED, 0.3),
        f"{circle(0, 0, _RADIUS - 1.9)} S",
        f"{circle(0, 0, 13.4)} S",
        filling(SEAL_RED),
        *_ring(heading),
        *_centre(heading),
    ]
    return draw("seal", (-_RADIUS, -_RADIUS, _RADIUS, _RADIUS), operators)


def _ring(heading: Face) -> list[str]:
    """The text clockwise, each character upright on the circle, spread by width over the full turn."""
    advances = heading.advances(_RING_TEXT)
    total, passed, operators = sum(advances), 0, []
    # The first word stands on top, the second one opposite.
    top = sum(advances[: len("SPECIMEN")]) / 2
    for character, advance in zip(_RING_TEXT, advances, strict=True):
        degrees = 360 * (top - passed - advance / 2) / total
        angle = math.radians(90 + degrees)
        origin = turned(_RING_BASELINE * math.cos(angle), _RING_BASELINE * math.sin(angle), degrees)
        glyph = text_outlines(character, heading, _RING_EM, x=-advance / 2000 * _RING_EM, y=0)
        operators += [f"q {origin}", *glyph, "Q"]
        passed += advance
    return operators


def _centre(heading: Face) -> list[str]:
    left = -heading.width(_CENTRE_TEXT) * _CENTRE_EM / 2
    return text_outlines(_CENTRE_TEXT, heading, _CENTRE_EM, x=left, y=_CENTRE_BASELINE)
