"""What is on each layout keeps clear of what is beside it."""

from itertools import combinations

import pytest

from pdf.layouts import LAYOUTS, Area, Layout, Slot

HAN_ASCENT_EM = 0.88
MM_PER_PT = 25.4 / 72


def at_its_largest(slot: Slot) -> Area:
    """Return the box of a centred line as wide as it may become."""
    return Area(slot.x - slot.width / 2, slot.baseline, slot.width, slot.size_pt * HAN_ASCENT_EM * MM_PER_PT)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_no_heading_reaches_the_logo(layout: Layout) -> None:
    for slot in (layout.issuer, layout.title, layout.title_english):
        assert not layout.logo.meets(at_its_largest(slot))


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_no_picture_stands_where_another_does(layout: Layout) -> None:
    """So a picture of a page belongs to one place at most."""
    for one, other in combinations((layout.photo_frame, layout.seal, layout.logo, layout.qr), 2):
        assert not one.meets(other)
