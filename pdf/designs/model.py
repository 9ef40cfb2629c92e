"""What one design may vary: colours and the counts that shape its rosettes. All drawing code is shared."""

import re
from typing import Final

import msgspec

_COLOUR: Final = re.compile(r"#([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})")
_GROUNDS: Final = ("paper", "band", "underprint")
_LIGHTEST_TEXT: Final = 0.65
_LIGHTEST_INK: Final = 0.35
"""A name in it must stand out from every rule and ornament, also for whoever looks at a picture of the page."""
_DARKEST_GROUND: Final = 0.85


class Palette(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The colours of a page, each as `#RRGGBB`.

    Raises ValueError naming a colour of another form, a text too light to be read, or a ground too dark to read on.
    """

    accent: str
    """Issuer line, title and the dominant strands of the frame."""
    gold: str
    """Rules, English titles and the finer strands."""
    paper: str
    band: str
    """Ground of the guilloche band and of the empty photo frame."""
    underprint: str
    """The large rosettes behind the text: just darker than the paper, so that text stays legible."""
    label: str
    """Captions and hints."""
    ink: str
    """What is certified: name, numbers, statement, unit, date."""
    muted: str
    """The English statement."""

    def __post_init__(self) -> None:
        for name, colour in msgspec.structs.asdict(self).items():
            brightness = _brightness(name, colour)
            if name in _GROUNDS:
                if brightness < _DARKEST_GROUND:
                    raise ValueError(f"{name} is too dark to read on")
            elif brightness > (_LIGHTEST_INK if name == "ink" else _LIGHTEST_TEXT):
                raise ValueError(f"{name} is too light to be read")


def _brightness(name: str, colour: str) -> float:
    """Of 1, as the eye weighs red, green and blue (ITU-R BT.601)."""
    parts = _COLOUR.fullmatch(colour)
    if parts is None:
        raise ValueError(f"{name} is not a colour of the form #RRGGBB")
    red, green, blue = (int(part, 16) for part in parts.groups())
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


class Design(msgspec.Struct, frozen=True):
    """One design; lobes are petals per full turn."""

    code: str
    palette: Palette
    outer_lobes: int
    inner_lobes: int
    corner_lobes: int
