"""Lines of text ready to be shown: which face sets what, how large and where."""

import msgspec
from reportlab.lib.units import mm

from pdf.errors import TextTooLongError
from pdf.fonts import Face, face
from pdf.layouts import Slot

_SMALLEST_SHARE = 0.6


class Run(msgspec.Struct, frozen=True):
    """Characters in a row that one face draws."""

    face: Face
    text: str


class Line(msgspec.Struct, frozen=True):
    """One line; x and baseline in millimetres, sizes in points."""

    x: float
    baseline: float
    size_pt: float
    tracking_pt: float
    runs: tuple[Run, ...]


def natural_width(runs: tuple[Run, ...], size_pt: float, tracking_pt: float) -> float:
    """Width in millimetres; tracking stands between characters, not after the last."""
    characters = sum(len(run.text) for run in runs)
    ems = sum(run.face.width(run.text) for run in runs)
    return (ems * size_pt + tracking_pt * max(characters - 1, 0)) / mm


def set_line(slot: Slot, text: str) -> Line:
    """The text in its slot, size and tracking reduced alike until it fits.

    Raises:
        MissingGlyphError: the slot's face lacks a character.
        TextTooLongError: it does not fit at 60 % of its size.
    """
    runs = (Run(face(slot.style), text),)
    width = natural_width(runs, slot.size_pt, slot.tracking_pt)
    share = min(1.0, slot.width / width) if width else 1.0
    if share < _SMALLEST_SHARE:
        raise TextTooLongError(slot.field)
    return Line(
        x=slot.x - width * share / 2 if slot.centred else slot.x,
        baseline=slot.baseline,
        size_pt=slot.size_pt * share,
        tracking_pt=slot.tracking_pt * share,
        runs=runs,
    )
