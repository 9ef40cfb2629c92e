"""The part of the page that is the same on every certificate of a design, drawn once per process."""

from functools import lru_cache

from pdf import layout
from pdf.artwork import Artwork, draw, place
from pdf.designs import Design
from pdf.fonts import Style, face
from pdf.layout import Area
from pdf.ornaments import diamond, guilloche_band, microtext_line, rosette
from pdf.paths import circle, filling, frame, line, rectangle, stroking

_WIDTH, _HEIGHT = layout.PAGE_WIDTH, layout.PAGE_HEIGHT
_PAGE = (0.0, 0.0, _WIDTH, _HEIGHT)


@lru_cache(maxsize=16)
def background(design: Design, microtext: str) -> Artwork:
    """Paper, underprint, frame and rules.

    Raises:
        MissingGlyphError: the microtext has a character that the text face lacks.
    """
    layers = (_underprint(design), _frame(design), _corners(design), _microtext(design, microtext))
    operators = [f"{filling(design.paper)} {rectangle(0, 0, _WIDTH, _HEIGHT)} f"]
    operators += [place(layer, 0, 0) for layer in layers]
    operators += [*_divider(design), *_field_rules(design), *_photo_frame(design)]
    return draw("background", _PAGE, operators, layers)


def _underprint(design: Design) -> Artwork:
    outer_radius, inner_radius = layout.UNDERPRINT_RADII
    outer = rosette("outer", outer_radius, design.outer_lobes, 6, depth=0.62, colour=design.underprint, width=0.13)
    inner = rosette("inner", inner_radius, design.inner_lobes, 6, depth=0.80, colour=design.underprint, width=0.13)
    return draw(
        "underprint", _PAGE, [place(part, *layout.UNDERPRINT_CENTRE) for part in (outer, inner)], (outer, inner)
    )


def _frame(design: Design) -> Artwork:
    middle = layout.BAND_MIDDLE
    height = layout.BAND_INNER - layout.BAND_OUTER
    inks = (design.accent, design.gold)
    across, up = _WIDTH - 2 * middle, _HEIGHT - 2 * middle
    horizontal = guilloche_band("across", across, height, layout.BAND_PERIODS_ACROSS, ground=design.band, inks=inks)
    vertical = guilloche_band("up", up, height, layout.BAND_PERIODS_UP, ground=design.band, inks=inks)
    operators = [
        place(horizontal, middle, middle),
        place(horizontal, middle, _HEIGHT - middle),
        place(vertical, middle, middle, degrees=90),
        place(vertical, _WIDTH - middle, middle, degrees=90),
        stroking(design.gold, 0.46),
        f"{frame(layout.OUTER_RULE, _WIDTH, _HEIGHT)} S",
        stroking(design.accent, 0.18),
        f"{frame(layout.BAND_OUTER, _WIDTH, _HEIGHT)} S",
        f"{frame(layout.BAND_INNER, _WIDTH, _HEIGHT)} S",
        stroking(design.gold, 0.36),
        f"{frame(layout.INNER_RULE, _WIDTH, _HEIGHT)} S",
    ]
    return draw("frame", _PAGE, operators, (horizontal, vertical))


def _corners(design: Design) -> Artwork:
    """Medallions that cover the meeting ends of the bands."""
    radius = layout.CORNER_RADIUS
    flower = rosette("flower", radius - 0.7, design.corner_lobes, 4, depth=0.55, colour=design.accent, width=0.125)
    heart = rosette("heart", radius / 2 - 0.3, 8, 3, depth=0.8, colour=design.gold, width=0.105)
    disc = f"{circle(0, 0, radius)} B"
    medallion = draw(
        "medallion",
        (-radius - 0.5, -radius - 0.5, radius + 0.5, radius + 0.5),
        [filling(design.paper), stroking(design.gold, 0.32), disc, place(flower, 0, 0), place(heart, 0, 0)],
        (flower, heart),
    )
    near, far_x, far_y = layout.BAND_MIDDLE, _WIDTH - layout.BAND_MIDDLE, _HEIGHT - layout.BAND_MIDDLE
    operators = [place(medallion, x, y) for x in (near, far_x) for y in (near, far_y)]
    return draw("corners", _PAGE, operators, (medallion,))


def _microtext(design: Design, text: str) -> Artwork:
    inset, em = layout.MICROTEXT, layout.MICROTEXT_EM
    # The medallions reach a little beyond the inner rule; the lines start clear of them.
    start = layout.BAND_MIDDLE + layout.CORNER_RADIUS + 1
    length = _WIDTH - 2 * start
    row = microtext_line("microtext", text, face(Style.TEXT), length=length, em=em, colour=design.gold)
    operators = [place(row, start, inset - em / 2), place(row, start, _HEIGHT - inset - em / 2)]
    return draw("microtextrows", _PAGE, operators, (row,))


def _divider(design: Design) -> list[str]:
    x, y = layout.CENTRE, layout.DIVIDER
    near, far = layout.DIVIDER_GAP, layout.DIVIDER_REACH
    return [
        stroking(design.gold, 0.2),
        line((x - far, y), (x - near, y)),
        line((x + near, y), (x + far, y)),
        f"{filling(design.gold)} {circle(x - far, y, 0.32)} {circle(x + far, y, 0.32)} f",
        f"{filling(design.accent)} {diamond(x, y, 1.3)} f",
        f"{stroking(design.gold, 0.18)} {diamond(x, y, 2.15)} S",
    ]


def _field_rules(design: Design) -> list[str]:
    rules = (
        (layout.FIELD_LEFT, layout.NAME_RIGHT, layout.NAME_ROW),
        (layout.SEX_LEFT, layout.RIGHT, layout.NAME_ROW),
        (layout.FIELD_LEFT, layout.RIGHT, layout.ID_ROW),
        (layout.FIELD_LEFT, layout.RIGHT, layout.CERTIFICATE_ROW),
    )
    drop = layout.RULE_DROP
    return [stroking(design.gold, 0.13), *(line((left, row - drop), (right, row - drop)) for left, right, row in rules)]


def _photo_frame(design: Design) -> list[str]:
    return [
        f"{filling(design.band)} {_area(layout.PHOTO)} f",
        f"{stroking(design.gold, 0.18)} {_area(layout.PHOTO_FRAME)} S",
    ]


def _area(area: Area) -> str:
    return rectangle(area.left, area.bottom, area.width, area.height)
