"""全媒体运营师: vermilion and gold on warm paper."""

from typing import Final

from pdf.designs.model import Design, Palette

OMNIMEDIA_OPERATOR: Final = Design(
    code="omnimedia_operator",
    palette=Palette(
        accent="#8E1B1F",
        gold="#B08A3C",
        paper="#FFFCF5",
        band="#F6ECD6",
        underprint="#F0E6CF",
        label="#7A6A4A",
        ink="#141210",
        muted="#5F574A",
    ),
    outer_lobes=24,
    inner_lobes=16,
    corner_lobes=12,
)
