"""A person's name in its field: widely tracked when short, smaller when long, on two lines when longer still."""

from itertools import accumulate
from typing import Final

from msgspec.structs import replace

from pdf.errors import TextTooLongError
from pdf.layouts import Slot
from pdf.name_faces import NameFaces, is_latin
from pdf.typesetting import Line, Run, natural_width

ONE_LINE_MIN_PT: Final = 17.0
LEADING: Final = 1.12
_MIN_PT: Final = 6.0
_LATIN_SHARE: Final = 6 / 7
_ONE_WORD_MIN_PT: Final = 11.0
"""Smaller than two lines would be, but a word that nobody tore apart."""
# Where a long name may be broken: after a blank, a hyphen, or the dots of transcribed names (U+00B7, U+2027, U+2022,
# U+30FB).
_BREAK_AFTER: Final = frozenset(" -·‧•・")


def set_name(name: str, slot: Slot, faces: NameFaces) -> tuple[Line, ...]:
    """One line or two, inside the slot; the lower line stands on its baseline.

    Raises:
        MissingGlyphError: no face draws a character of the name.
        TextTooLongError: two lines at the smallest size do not hold it.
    """
    runs = faces.runs(name)
    slot = _with_latin_size(slot) if any(map(is_latin, name)) else slot
    tracking = _tracking(name, runs, slot)
    if natural_width(runs, slot.size_pt, tracking) <= slot.width:
        return (Line(slot.x, slot.baseline, slot.size_pt, tracking, runs),)
    size = _fitting_size(runs, slot)
    if size >= (_ONE_WORD_MIN_PT if _is_one_word(name) else ONE_LINE_MIN_PT):
        return (Line(slot.x, slot.baseline, size, 0, runs),)
    return _set_two_lines(name, slot, faces)


def _tracking(name: str, runs: tuple[Run, ...], slot: Slot) -> float:
    """Two Han stand an em apart, as in 张　伟, but not where PDFium would read a blank between them.

    It does so between two faces without ActualText, which characters beyond U+FFFF cannot have: see `show_lines`.
    """
    is_read_as_one = len(runs) == 1 or max(name) <= "\uffff"
    is_wide = len(name) == 2 and is_read_as_one and slot.tracking_pt > 0
    return slot.size_pt if is_wide else slot.tracking_pt


def _with_latin_size(slot: Slot) -> Slot:
    """Latin letters as large as Han would reach below the rule, and make words only side by side."""
    return replace(slot, size_pt=slot.size_pt * _LATIN_SHARE, tracking_pt=0)


def _is_one_word(name: str) -> bool:
    return all(map(is_latin, name)) and not _breaks(name)


def _breaks(name: str) -> list[int]:
    return [at for at in range(1, len(name)) if name[at - 1] in _BREAK_AFTER]


def _set_two_lines(name: str, slot: Slot, faces: NameFaces) -> tuple[Line, Line]:
    at = _break(name, faces)
    first, second = faces.runs(name[:at]), faces.runs(name[at:])
    size = min(ONE_LINE_MIN_PT - 2, _fitting_size(first, slot), _fitting_size(second, slot))
    if size < _MIN_PT:
        raise TextTooLongError(slot.field)
    leading = size * LEADING / 72 * 25.4
    return (
        Line(slot.x, slot.baseline + leading, size, 0, first),
        Line(slot.x, slot.baseline, size, 0, second),
    )


def _break(name: str, faces: NameFaces) -> int:
    """Where the wider of the two lines is narrowest; inside a word only when no other break is near enough."""
    ends = [0, *accumulate(advance for run in faces.runs(name) for advance in run.face.advances(run.text))]
    wider = [max(end, ends[-1] - end) for end in ends]
    natural = min(_breaks(name), key=wider.__getitem__, default=0)
    return natural if wider[natural] <= 0.7 * ends[-1] else min(range(len(ends)), key=wider.__getitem__)


def _fitting_size(runs: tuple[Run, ...], slot: Slot) -> float:
    """The size in points, without tracking, at which the runs are as wide as the slot; the usual size at most."""
    at_one_point = natural_width(runs, 1, 0)
    return min(slot.size_pt, slot.width / at_one_point) if at_one_point else slot.size_pt
