"""What one design may vary: colours and the counts that shape its rosettes. All drawing code is shared."""

import re
from typing import Final

import msgspec

_COLOUR: Final = re.compile(r"#[0-9A-Fa-f]{6}")


class Palette(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The colours of a page, each as `#RRGGBB`. Raises ValueError for anything else, naming the colour."""

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
            if not _COLOUR.fullmatch(colour):
                raise ValueError(f"{name} is not a colour of the form #RRGGBB")


class Design(msgspec.Struct, frozen=True):
    """One design; lobes are petals per full turn."""

    code: str
    palette: Palette
    outer_lobes: int
    inner_lobes: int
    corner_lobes: int
