"""The part of the page that is the same on every certificate of a design, drawn once per process."""

from functools import lru_cache
from typing import Final

from pdf.artwork import Artwork, draw, place
from pdf.designs import Design
from pdf.fonts import Style, face
from pdf.layouts import Area, Layout
from pdf.ornaments import diamond, guilloche_band, microtext_line, rosette
from pdf.paths import circle, filling, frame, line, rectangle, stroking

# The frame, in millimetres from the edge inwards: gold rule, band between two fine rules, gold rule, microtext.
_OUTER_RULE: Final = 9.0
_BAND_OUTER: Final = 11.2
_BAND_INNER: Final = 18.2
_BAND_MIDDLE: Final = (_BAND_OUTER + _BAND_INNER) / 2
_INNER_RULE: Final = 19.3
MICROTEXT: Final = 20.7
_MICROTEXT_EM: Final = 0.72
_CORNER_RADIUS: Final = 6.9


@lru_cache(maxsize=16)
def background(layout: Layout, design: Design, microtext: str) -> Artwork:
    """Paper, underprint, frame and rules.

    Raises:
        MissingGlyphError: the microtext has a character that the text face lacks.
    """
    layers = (
        _underprint(layout, design),
        _frame(layout, design),
        _corners(layout, design),
        _microtext(layout, design, microtext),
    )
    operators = [f"{filling(design.palette.paper)} {_area(layout.page)} f"]
    operators += [place(layer, 0, 0) for layer in layers]
    operators += [*_divider(layout, design), *_field_rules(layout, design), *_photo_frame(layout, design)]
    return draw("background", _box(layout.page), operators, layers)


def _underprint(layout: Layout, design: Design) -> Artwork:
    outer_radius, inner_radius = layout.underprint_radii
    outer = rosette(
        "outer", outer_radius, design.outer_lobes, 6, depth=0.62, colour=design.palette.underprint, width=0.13
    )
    inner = rosette(
        "inner", inner_radius, design.inner_lobes, 6, depth=0.80, colour=design.palette.underprint, width=0.13
    )
    return draw(
        "underprint",
        _box(layout.page),
        [place(part, *layout.underprint_centre) for part in (outer, inner)],
        (outer, inner),
    )


def _frame(layout: Layout, design: Design) -> Artwork:
    page_width, page_height = layout.page.width, layout.page.height
    waves_across, waves_up = layout.band_periods
    middle = _BAND_MIDDLE
    height = _BAND_INNER - _BAND_OUTER
    inks = (design.palette.accent, design.palette.gold)
    across, up = page_width - 2 * middle, page_height - 2 * middle
    horizontal = guilloche_band("across", across, height, waves_across, ground=design.palette.band, inks=inks)
    vertical = guilloche_band("up", up, height, waves_up, ground=design.palette.band, inks=inks)
    operators = [
        place(horizontal, middle, middle),
        place(horizontal, middle, page_height - middle),
        place(vertical, middle, middle, degrees=90),
        place(vertical, page_width - middle, middle, degrees=90),
        stroking(design.palette.gold, 0.46),
        f"{frame(_OUTER_RULE, page_width, page_height)} S",
        stroking(design.palette.accent, 0.18),
        f"{frame(_BAND_OUTER, page_width, page_height)} S",
        f"{frame(_BAND_INNER, page_width, page_height)} S",
        stroking(design.palette.gold, 0.36),
        f"{frame(_INNER_RULE, page_width, page_height)} S",
    ]
    return draw("frame", _box(layout.page), operators, (horizontal, vertical))


def _corners(layout: Layout, design: Design) -> Artwork:
    """Medallions that cover the meeting ends of the bands."""
    radius = _CORNER_RADIUS
    flower = rosette(
        "flower", radius - 0.7, design.corner_lobes, 4, depth=0.55, colour=design.palette.accent, width=0.125
    )
    heart = rosette("heart", radius / 2 - 0.3, 8, 3, depth=0.8, colour=design.palette.gold, width=0.105)
    disc = f"{circle(0, 0, radius)} B"
    medallion = draw(
        "medallion",
        (-radius - 0.5, -radius - 0.5, radius + 0.5, radius + 0.5),
        [
            filling(design.palette.paper),
            stroking(design.palette.gold, 0.32),
            disc,
            place(flower, 0, 0),
            place(heart, 0, 0),
        ],
        (flower, heart),
    )
    near, far_x, far_y = _BAND_MIDDLE, layout.page.width - _BAND_MIDDLE, layout.page.height - _BAND_MIDDLE
    operators = [place(medallion, x, y) for x in (near, far_x) for y in (near, far_y)]
    return draw("corners", _box(layout.page), operators, (medallion,))


def _microtext(layout: Layout, design: Design, text: str) -> Artwork:
    inset, em = MICROTEXT, _MICROTEXT_EM
    # The medallions reach a little beyond the inner rule; the lines start clear of them.
    start = _BAND_MIDDLE + _CORNER_RADIUS + 1
    length = layout.page.width - 2 * start
    row = microtext_line("microtext", text, face(Style.TEXT), length=length, em=em, colour=design.palette.gold)
    operators = [place(row, start, inset - em / 2), place(row, start, layout.page.height - inset - em / 2)]
    return draw("microtextrows", _box(layout.page), operators, (row,))


def _divider(layout: Layout, design: Design) -> list[str]:
    x, y = layout.page.centre[0], layout.divider.height
    near, far = layout.divider.gap, layout.divider.reach
    return [
        stroking(design.palette.gold, 0.2),
        line((x - far, y), (x - near, y)),
        line((x + near, y), (x + far, y)),
        f"{filling(design.palette.gold)} {circle(x - far, y, 0.32)} {circle(x + far, y, 0.32)} f",
        f"{filling(design.palette.accent)} {diamond(x, y, 1.3)} f",
        f"{stroking(design.palette.gold, 0.18)} {diamond(x, y, 2.15)} S",
    ]


def _field_rules(layout: Layout, design: Design) -> list[str]:
    return [stroking(design.palette.gold, 0.13), *(line(*field.rule) for field in layout.fields)]


def _photo_frame(layout: Layout, design: Design) -> list[str]:
    return [
        f"{filling(design.palette.band)} {_area(layout.photo)} f",
        f"{stroking(design.palette.gold, 0.18)} {_area(layout.photo_frame)} S",
    ]


def _area(area: Area) -> str:
    return rectangle(area.left, area.bottom, area.width, area.height)


def _box(area: Area) -> tuple[float, float, float, float]:
    return area.left, area.bottom, area.right, area.top
