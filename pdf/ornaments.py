"""Guilloche, rosettes and microtext: the forms that are hard to copy by hand and easy to compare by eye."""

import math
from collections.abc import Callable, Sequence
from typing import Final

from pdf.artwork import Artwork, draw, outlined, place, shrink
from pdf.fonts import Face
from pdf.paths import Point, curve, filling, number, numbers, rectangle, stroking, whole

_QUARTER_TURNS = (0.0, 0.25, 0.5, 0.75)
# So many to the em, written without decimals: 4 micrometres, at a third of the bytes.
_MICROTEXT_UNITS: Final = 200
# Height of the wide strands and the phases in which each height is repeated: the flatter pair runs inside.
_BRAID = ((1.0, _QUARTER_TURNS), (0.62, (0.0, 0.5)))


def guilloche_band(
    name: str, length: float, height: float, periods: int, *, ground: str, inks: Sequence[str]
) -> Artwork:
    """A horizontal band of interlaced sine strands, its origin at the left end of its middle line.

    `inks` are the colours of the wide strands and of the narrow ones of twice their frequency.
    """
    wide = _strand(f"{name}wide", length, height * 0.45, periods, colour=inks[0], width=0.135)
    narrow = _strand(f"{name}narrow", length, height * 0.225, periods * 2, colour=inks[1], width=0.105)
    operators = [f"{filling(ground)} {rectangle(0, -height / 2, length, height)} f"]
    operators += [place(narrow, -turn * length / (periods * 2), 0) for turn in _QUARTER_TURNS]
    operators += [
        place(wide, -turn * length / periods, 0, height_scale=scale) for scale, turns in _BRAID for turn in turns
    ]
    return draw(name, (0, -height / 2, length, height / 2), operators, (wide, narrow))


def _strand(name: str, length: float, amplitude: float, periods: int, *, colour: str, width: float) -> Artwork:
    """One sine, a period longer than the band, so that shifting it by a phase leaves no gap at the right end."""
    reach = length * (periods + 1) / periods

    def wave(x: float) -> Point:
        return x, amplitude * math.sin(2 * math.pi * periods * x / length)

    operators = [stroking(colour, width), curve(wave, 0, reach, (periods + 1) * 4), "S"]
    return draw(name, (0, -amplitude - width, reach, amplitude + width), operators)


def rosette(name: str, radius: float, lobes: int, turns: int, *, depth: float, colour: str, width: float) -> Artwork:
    """A wavy ring repeated in `turns` positions, centred on its origin.

    `depth` is the share of the radius between the outermost and the innermost point of the wave.
    """

    def petal(angle: float) -> Point:
        distance = radius * (1 - depth / 2 + depth / 2 * math.cos(lobes * angle))
        return distance * math.cos(angle), distance * math.sin(angle)

    reach = radius + width
    box = (-reach, -reach, reach, reach)
    ring = draw(f"{name}ring", box, [stroking(colour, width), curve(petal, 0, 2 * math.pi, lobes * 4), "s"])
    operators = [place(ring, 0, 0, degrees=360 * turn / turns / lobes) for turn in range(turns)]
    return draw(name, box, operators, (ring,))


def microtext_line(name: str, text: str, face: Face, *, length: float, em: float, colour: str) -> Artwork:
    """The text repeated to fill the length exactly, `em` millimetres high: a hairline until magnified.

    Outlines, not characters: otherwise copying or searching the page would find the phrase dozens of times.
    """
    natural = face.width(text) * em
    copies = max(1, round(length / natural))
    step = length / copies
    unit = em / _MICROTEXT_UNITS
    outlines = text_outlines(
        text, face, _MICROTEXT_UNITS, x=0, y=0, tracking=(step - natural) / len(text) / unit, written=whole
    )
    box = (0, -_MICROTEXT_UNITS, step / unit, _MICROTEXT_UNITS)
    phrase = draw(f"{name}phrase", box, [filling(colour), *outlines])
    operators = [shrink(phrase, copy * step, 0, unit) for copy in range(copies)]
    return draw(name, (0, -em, length, em), operators, (phrase,))


def text_outlines(
    text: str,
    face: Face,
    em: float,
    *,
    x: float,
    y: float,
    tracking: float = 0,
    written: Callable[[float], str] = number,
) -> list[str]:
    """Filled outlines of the text, in the colour set before, its baseline starting at (x, y).

    Raises:
        MissingGlyphError: the face lacks a character.
    """
    operators = []
    for character, advance in zip(text, face.advances(text), strict=True):
        # Moved, not written where they stand: a character that comes again is the same text, which deflates to little.
        operators.append(f"q 1 0 0 1 {written(x)} {written(y)} cm {outlined(face.outline(character), em, written)} f Q")
        x += advance / 1000 * em + tracking
    return operators


def diamond(x: float, y: float, half: float) -> str:
    """A square standing on its corner: a closed path, neither stroked nor filled yet."""
    corners = ((x, y + half), (x + half, y), (x, y - half), (x - half, y))
    (first, *rest) = corners
    return " ".join([f"{numbers(*first)} m", *(f"{numbers(*corner)} l" for corner in rest), "h"])
