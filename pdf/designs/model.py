"""What one design may vary: colours and the counts that shape its rosettes. All drawing code is shared."""

import msgspec


class Design(msgspec.Struct, frozen=True):
    """Colours as `#RRGGBB`; lobes are petals per full turn."""

    code: str
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
    outer_lobes: int
    inner_lobes: int
    corner_lobes: int
