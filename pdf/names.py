"""A person's name in its field: widely tracked when short, smaller when long, on two lines when longer still."""

from itertools import groupby
from typing import Final

from pdf.errors import MissingGlyphError, TextTooLongError
from pdf.fonts import Face, missing_characters, name_chain
from pdf.layouts import Slot
from pdf.typesetting import Line, Run, natural_width

ONE_LINE_MIN_PT: Final = 17.0
LEADING: Final = 1.12
# A third of an em: from 12 pt on, poppler reads 张𠮷 as two words.
_TWO_CHARACTERS_TRACKING_PT: Final = 9.0
_MIN_PT: Final = 8.0
# Where a long name may be broken: after a blank, a hyphen, or the dots of transcribed names (U+00B7, U+2027, U+2022,
# U+30FB).
_BREAK_AFTER = frozenset(" -·‧•・")


def set_name(name: str, slot: Slot) -> tuple[Line, ...]:
    """One line or two, inside the slot; the lower line stands on its baseline.

    Raises:
        MissingGlyphError: no face of the chain draws a character of the name.
        TextTooLongError: two lines at the smallest size do not hold it.
    """
    missing = missing_characters(name)
    if missing:
        raise MissingGlyphError(missing)
    runs = _runs(name)
    tracking = _TWO_CHARACTERS_TRACKING_PT if len(name) == 2 else slot.tracking_pt
    if natural_width(runs, slot.size_pt, tracking) <= slot.width:
        return (Line(slot.x, slot.baseline, slot.size_pt, tracking, runs),)
    size = _fitting_size(runs, slot)
    if size >= ONE_LINE_MIN_PT:
        return (Line(slot.x, slot.baseline, size, 0, runs),)
    return _set_two_lines(name, slot)


def _set_two_lines(name: str, slot: Slot) -> tuple[Line, Line]:
    first, second = _halves(name)
    size = min(ONE_LINE_MIN_PT - 2, _fitting_size(_runs(first), slot), _fitting_size(_runs(second), slot))
    if size < _MIN_PT:
        raise TextTooLongError(slot.field)
    leading = size * LEADING / 72 * 25.4
    return (
        Line(slot.x, slot.baseline + leading, size, 0, _runs(first)),
        Line(slot.x, slot.baseline, size, 0, _runs(second)),
    )


def _halves(name: str) -> tuple[str, str]:
    """The name broken where its wider line is narrowest; only inside a word when no other break is near enough."""
    natural = [at for at in range(1, len(name)) if name[at - 1] in _BREAK_AFTER]
    for breaks in (natural, range(1, len(name))):
        if breaks:
            at = min(breaks, key=lambda at: max(_ems(name[:at]), _ems(name[at:])))
            if max(_ems(name[:at]), _ems(name[at:])) <= 0.7 * _ems(name):
                return name[:at], name[at:]
    return name, ""


def _runs(name: str) -> tuple[Run, ...]:
    """The name cut where the first face of the chain that draws a character changes."""
    grouped = groupby(name, key=_first_face)
    return tuple(Run(face, "".join(characters)) for face, characters in grouped)


def _first_face(character: str) -> Face:
    return next(candidate for candidate in name_chain() if candidate.glyph(character) is not None)


def _ems(text: str) -> float:
    return sum(run.face.width(run.text) for run in _runs(text))


def _fitting_size(runs: tuple[Run, ...], slot: Slot) -> float:
    """The size in points, without tracking, at which the runs are as wide as the slot; the usual size at most."""
    at_one_point = natural_width(runs, 1, 0)
    return min(slot.size_pt, slot.width / at_one_point) if at_one_point else slot.size_pt
