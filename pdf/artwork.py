"""Drawings that are made once and placed often: PDF form XObjects (ISO 32000-1, 8.10), measured in millimetres."""

import zlib
from collections.abc import Callable, Iterable

import msgspec

from pdf.paths import number, turned

Box = tuple[float, float, float, float]


class Artwork(msgspec.Struct, frozen=True):
    """A finished drawing, compressed already, so that a certificate only refers to it."""

    name: str
    """Its name in the file: letters and digits, unique on the page."""
    box_mm: Box
    """Left, bottom, right, top; what lies outside is clipped."""
    deflated: bytes
    parts: tuple["Artwork", ...] = ()
    """Drawings this one places."""


def draw(name: str, box_mm: Box, operators: Iterable[str], parts: tuple[Artwork, ...] = ()) -> Artwork:
    """The drawing made of these operators; every part they place must be among `parts`."""
    content = "\n".join(operators).encode("ascii")
    return Artwork(name=name, box_mm=box_mm, deflated=zlib.compress(content, 9), parts=parts)


def shrink(part: Artwork, x: float, y: float, scale: float) -> str:
    """The operators that put a part's origin at (x, y), its unit being `scale` of ours."""
    return f"q {scale:.6f} 0 0 {scale:.6f} {number(x)} {number(y)} cm /{part.name} Do Q"


def place(part: Artwork, x: float, y: float, *, degrees: float = 0, height_scale: float = 1) -> str:
    """The operators that put a part's origin at (x, y), turned anticlockwise, its own y axis stretched."""
    return f"q {turned(x, y, degrees, height_scale)} /{part.name} Do Q"


def outlined(
    segments: Iterable[tuple[str, tuple[float, ...]]], em: float, written: Callable[[float], str] = number
) -> str:
    """Glyph outlines given in ems as path operators, the glyph at the origin."""
    return "\n".join(
        " ".join([*(written(value * em) for value in coordinates), operator]) for operator, coordinates in segments
    )
