"""Lines of text as the operators that show them (ISO 32000-1, 9.4)."""

from collections.abc import Sequence

from reportlab.lib.units import mm

from pdf.embedding import FontSet
from pdf.paths import filling, number, numbers
from pdf.typesetting import Line


def show_lines(lines: Sequence[Line], colour: str, fonts: FontSet, *, reads_as: str | None = None) -> str:
    """Return what shows the lines in one colour; `reads_as` is what copying and searching find when the lines alone
    would not do: a name broken in two, or tracked so widely that a reader sees a blank.

    It becomes ActualText (ISO 32000-1, 14.9.4), but only without characters beyond U+FFFF: PDFium, and so Chrome
    and Edge, leaves those out of ActualText, while it reads them right from ToUnicode.

    Raises:
        MissingGlyphError: a face lacks a character.
    """
    operators = [_show(line, fonts) for line in lines]
    if reads_as is not None and max(reads_as) <= "\uffff":
        actual = reads_as.encode("utf-16-be").hex().upper()
        operators = [f"/Span <</ActualText <FEFF{actual}>>> BDC", *operators, "EMC"]
    return "\n".join([filling(colour), *operators])


def _show(line: Line, fonts: FontSet) -> str:
    shown = []
    for run in line.runs:
        embedded = fonts.face_for(run.face, run.text)
        shown.append(f"/{embedded.resource} {number(line.size_pt)} Tf <{embedded.encode(run.text)}> Tj")
    place = numbers(line.x * mm, line.baseline * mm)
    return f"BT 1 0 0 1 {place} Tm {number(line.tracking_pt)} Tc {' '.join(shown)} ET"
