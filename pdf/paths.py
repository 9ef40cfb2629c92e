"""PDF path operators (ISO 32000-1, 8.5) as text. The unit is the caller's; the page's artwork uses millimetres."""

import math
from collections.abc import Callable
from itertools import pairwise

Point = tuple[float, float]

# A circle as four Bézier arcs: distance of the control points, as a share of the radius.
_ARC = 4 / 3 * (math.sqrt(2) - 1)


def number(value: float) -> str:
    """A PDF number with three decimals, a micrometre on the page; never in exponent form, which PDF lacks."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def whole(value: float) -> str:
    """The nearest whole number, where the unit is small enough for it."""
    return str(round(value))


def numbers(*values: float) -> str:
    """Numbers separated by blanks, as operands are."""
    return " ".join(map(number, values))


def colour(hexadecimal: str) -> str:
    """Operands of `rg` and `RG` for `#RRGGBB`."""
    return numbers(*(int(hexadecimal[at : at + 2], 16) / 255 for at in (1, 3, 5)))


def stroking(hexadecimal: str, width: float) -> str:
    """Sets colour and width of the lines that follow."""
    return f"{colour(hexadecimal)} RG {number(width)} w"


def filling(hexadecimal: str) -> str:
    """Sets the colour of the areas that follow."""
    return f"{colour(hexadecimal)} rg"


def turned(x: float, y: float, degrees: float, height_scale: float = 1) -> str:
    """Moves the origin to (x, y), turns anticlockwise and stretches the new y axis."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    # Six decimals: a thousandth of a radian would shift the far end of a strand by a quarter of a millimetre.
    matrix = " ".join(f"{value:.6f}" for value in (cosine, sine, -sine * height_scale, cosine * height_scale))
    return f"{matrix} {numbers(x, y)} cm"


def line(start: Point, end: Point) -> str:
    """One stroked segment."""
    return f"{numbers(*start)} m {numbers(*end)} l S"


def rectangle(left: float, bottom: float, width: float, height: float) -> str:
    """A closed path, neither stroked nor filled yet."""
    return f"{numbers(left, bottom, width, height)} re"


def frame(inset: float, width: float, height: float) -> str:
    """The rectangle at one distance from all edges of an area that starts at the origin."""
    return rectangle(inset, inset, width - 2 * inset, height - 2 * inset)


def circle(x: float, y: float, radius: float) -> str:
    """A closed path, neither stroked nor filled yet."""
    k = radius * _ARC
    arcs = (
        (x + radius, y + k, x + k, y + radius, x, y + radius),
        (x - k, y + radius, x - radius, y + k, x - radius, y),
        (x - radius, y - k, x - k, y - radius, x, y - radius),
        (x + k, y - radius, x + radius, y - k, x + radius, y),
    )
    return " ".join([f"{numbers(x + radius, y)} m", *(f"{numbers(*arc)} c" for arc in arcs), "h"])


def curve(point_at: Callable[[float], Point], start: float, stop: float, knots: int) -> str:
    """A smooth open path through `knots` + 1 points of a parametric curve.

    Between neighbours it is the cubic with the curve's own tangents at both ends (Hermite form): a sine needs
    four knots a period; two would flatten it by a fifth.
    """
    step = (stop - start) / knots
    parameters = [start + step * knot for knot in range(knots + 1)]
    stations = [(point_at(parameter), _tangent(point_at, parameter)) for parameter in parameters]
    segments = [f"{numbers(*stations[0][0])} m"]
    for ((x0, y0), (dx0, dy0)), ((x1, y1), (dx1, dy1)) in pairwise(stations):
        h = step / 3
        segments.append(f"{numbers(x0 + dx0 * h, y0 + dy0 * h, x1 - dx1 * h, y1 - dy1 * h, x1, y1)} c")
    return "\n".join(segments)


def _tangent(point_at: Callable[[float], Point], parameter: float) -> Point:
    nudge = 1e-4
    (x0, y0), (x1, y1) = point_at(parameter - nudge), point_at(parameter + nudge)
    return (x1 - x0) / (2 * nudge), (y1 - y0) / (2 * nudge)
