"""网络视听主播: indigo and gold on cool paper."""

from typing import Final

from pdf.designs.model import Design, Palette

ONLINE_HOST: Final = Design(
    code="online_host",
    palette=Palette(
        accent="#17365D",
        gold="#A98B4A",
        paper="#FBFCFD",
        band="#E6EDF3",
        underprint="#DAE4EC",
        label="#5C6B7A",
        ink="#101418",
        muted="#4F5A66",
    ),
    outer_lobes=20,
    inner_lobes=18,
    corner_lobes=14,
)
