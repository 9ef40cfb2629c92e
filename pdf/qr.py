"""A QR symbol as vector squares, in its box with the quiet zone."""

import re
import zlib
from collections.abc import Iterator
from typing import Final

from reportlab.pdfbase.pdfdoc import PDFStream

from pdf.errors import QrError
from pdf.layouts import Area
from pdf.objects import compressed_stream, form_entries
from pdf.paths import filling, numbers, rectangle, stroking

Matrix = tuple[tuple[bool, ...], ...]

MAX_SIDE: Final = 41.0
_HAIRLINE: Final = 0.18
_DARK: Final = re.compile(b"\x01+")
QUIET_MODULES: Final = 4
"""Around the symbol, each side (ISO/IEC 18004, 5.3.8)."""
_MODULES_IN_FULL: Final = 69 + 2 * QUIET_MODULES
"""Of version 13, the largest that stays in the usual area."""
_VERSION_SIDES: Final = frozenset(range(21, 178, 4))  # ISO/IEC 18004, 5.3.1: 17 + 4 modules a version


def qr_area(matrix: Matrix, usual: Area) -> Area:
    """The symbol's place including the quiet zone of 4 modules.

    As wide as `usual`, and wider from version 14 on, so that in 30 mm modules never fall below 0.39 mm, what a phone
    reads from paper.

    Raises:
        QrError: the matrix is no QR symbol, or would need more than 41 mm (version 21 and above).
    """
    modules = len(matrix)
    if modules not in _VERSION_SIDES or any(len(row) != modules for row in matrix):
        raise QrError("the matrix is not a square of 17 + 4 x version modules")
    side = max(usual.width, (modules + 2 * QUIET_MODULES) * usual.width / _MODULES_IN_FULL)
    if side > MAX_SIDE:
        raise QrError(f"a symbol of {modules} modules needs {side:.0f} mm, more than the page leaves")
    # Grows to the right and upwards: the left edge keeps its distance from the frame, the caption its place.
    return Area(usual.left, usual.bottom, side, side)


def qr_symbol(matrix: Matrix, side: float, frame_colour: str) -> PDFStream:
    """The symbol on white with a hairline around its quiet zone, as a form measured in millimetres from its corner."""
    module = side / (len(matrix) + 2 * QUIET_MODULES)
    offset = QUIET_MODULES * module
    operators = [
        f"{filling('#FFFFFF')} {stroking(frame_colour, _HAIRLINE)} {rectangle(0, 0, side, side)} B",
        # One path in units of modules, filled at once: separate fills would show seams between rows on screens.
        f"{filling('#000000')} {module:.6f} 0 0 {-module:.6f} {numbers(offset, side - offset)} cm",
        *_dark_runs(matrix),
        "f",
    ]
    box = (-_HAIRLINE, -_HAIRLINE, side + _HAIRLINE, side + _HAIRLINE)
    return compressed_stream(zlib.compress("\n".join(operators).encode("ascii")), form_entries(box))


def _dark_runs(matrix: Matrix) -> Iterator[str]:
    """A rectangle for each stretch of dark modules in a row."""
    for y, row in enumerate(matrix):
        for run in _DARK.finditer(bytes(row)):
            yield f"{run.start()} {y} {run.end() - run.start()} 1 re"
