"""The faces of the page: what they cover, how wide they set, their outlines and their subsets.

Files are read through HarfBuzz, memory-mapped and never modified. Text is set without shaping, one glyph a
character: Han, Latin and digits need none here, and what was checked for coverage is exactly what is drawn.
"""

import unicodedata
from enum import Enum
from functools import cache, cached_property
from pathlib import Path
from typing import Final

import msgspec
import uharfbuzz as hb  # type: ignore[import-untyped]  # ships no py.typed

from pdf.errors import FontError, MissingGlyphError

FONT_FOLDER: Final = Path(__file__).parent / "assets" / "fonts"

_DRAWING_TABLES: Final = frozenset({"glyf", "head", "hhea", "hmtx", "loca", "maxp"})
_SUBSET_FLAGS: Final = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NO_LAYOUT_CLOSURE | hb.SubsetFlags.NOTDEF_OUTLINE

# Controls, format characters (zero-width joiners, direction overrides), surrogates and private use: some faces map
# them to an empty glyph, so a name could hide what the eye cannot see. Unassigned code points are not among them:
# faces know Han of a later Unicode than Python's tables.
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co"})


class Style(Enum):
    """The faces of the page, by their file in the package."""

    TITLE = "NotoSerifSC-Black-GB2312.ttf"
    HEADING = "NotoSerifSC-SemiBold-GB2312.ttf"
    TEXT = "NotoSerifSC-Regular.ttf"
    KAI = "LXGWWenKai-Regular.ttf"
    LATIN = "NotoSerif-Regular.ttf"


class FaceMetrics(msgspec.Struct, frozen=True):
    """What a PDF font descriptor asks for, in thousandths of an em."""

    ascent: int
    descent: int
    cap_height: int
    box: tuple[int, int, int, int]


class Subset(msgspec.Struct, frozen=True):
    """A TrueType program with only some glyphs, and where each of the asked-for glyphs now stands."""

    program: bytes
    positions: tuple[int, ...]


class Face:
    """One TrueType file. Holds no cursor and no per-document state, so threads may share it."""

    def __init__(self, path: Path) -> None:
        try:
            self._face = hb.Face(hb.Blob.from_file_path(path))
        except (hb.HarfBuzzError, OSError) as error:
            raise FontError(f"cannot read {path.name}") from error
        if "glyf" not in self._face.table_tags:
            raise FontError(f"{path.name} has no TrueType outlines")
        if not _is_whole(self._face):
            raise FontError(f"{path.name} is cut off or damaged")
        self._font = hb.Font(self._face)
        self._em: int = self._face.upem
        self.name: str = self._face.get_name(hb.OTNameIdPredefined.POSTSCRIPT_NAME) or path.stem

    @cached_property
    def _drawable(self) -> hb.Face:
        return _keep_drawing_tables(self._face)

    def glyph(self, character: str) -> int | None:
        """The glyph's number, or None where the face would print an empty box, or what the eye cannot see."""
        if unicodedata.category(character) in _INVISIBLE:
            return None
        return self._font.get_nominal_glyph(ord(character)) or None

    def draws(self, character: str) -> bool:
        """Whether the character leaves ink, or is a blank: fonts of large coverage map some to an empty glyph."""
        number = self.glyph(character)
        if number is None or character.isspace():
            return number is not None
        extents = self._font.get_glyph_extents(number)
        return extents is not None and bool(extents.width and extents.height)

    def missing(self, text: str) -> tuple[str, ...]:
        """The distinct characters of the text this face cannot draw, in order of appearance."""
        return tuple(character for character in dict.fromkeys(text) if self.glyph(character) is None)

    def glyphs(self, text: str) -> list[int]:
        """One glyph a character.

        Raises:
            MissingGlyphError: names every character of the text that the face lacks.
        """
        numbers = [number for number in map(self.glyph, text) if number is not None]
        if len(numbers) != len(text):
            raise MissingGlyphError(self.missing(text))
        return numbers

    def advances(self, text: str) -> list[int]:
        """Advance widths in thousandths of an em."""
        return [round(self._font.get_glyph_h_advance(number) * 1000 / self._em) for number in self.glyphs(text)]

    def width(self, text: str) -> float:
        """The text's width in ems, without tracking."""
        return sum(self.advances(text)) / 1000

    @property
    def metrics(self) -> FaceMetrics:
        """Vertical measures and the box that holds every glyph."""
        extents = self._font.get_font_extents("ltr")
        cap_height = self._font.get_metric_position_with_fallback(hb.OTMetricsTag.CAP_HEIGHT)
        head = self._face.reference_table("head").data
        box = [int.from_bytes(head[at : at + 2], "big", signed=True) for at in range(36, 44, 2)]
        left, bottom, right, top = (self._thousandths(value) for value in box)
        return FaceMetrics(
            ascent=self._thousandths(extents.ascender),
            descent=self._thousandths(extents.descender),
            cap_height=self._thousandths(cap_height),
            box=(left, bottom, right, top),
        )

    def outline(self, character: str) -> list[tuple[str, tuple[float, ...]]]:
        """PDF path operators (`m`, `l`, `c`, `h`) with coordinates in ems, baseline at y = 0."""
        pen = _PathPen(1 / self._em)
        (number,) = self.glyphs(character)
        self._font.draw_glyph_with_pen(number, pen)
        return pen.segments

    def subset(self, glyphs: tuple[int, ...]) -> Subset:
        """The program holding these glyphs and .notdef, without hints, names or layout tables."""
        wanted = hb.SubsetInput()
        wanted.glyph_set.update(glyphs)
        wanted.flags = _SUBSET_FLAGS
        plan = hb.SubsetPlan(self._drawable, wanted)
        positions = dict(plan.old_to_new_glyph_mapping)
        return Subset(program=plan.execute().blob.data, positions=tuple(positions[number] for number in glyphs))

    def _thousandths(self, units: float) -> int:
        return round(units * 1000 / self._em)


class _PathPen:
    """Collects outlines as PDF operators: quadratic curves become the same cubic ones (PDF has no others)."""

    def __init__(self, scale: float) -> None:
        self._scale = scale
        self._point = (0.0, 0.0)
        self.segments: list[tuple[str, tuple[float, ...]]] = []

    def moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802 - HarfBuzz calls pens by fontTools' names
        self._add("m", point)

    def lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._add("l", point)

    def curveTo(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self._add("c", *points)

    def qCurveTo(self, control: tuple[float, float], end: tuple[float, float]) -> None:  # noqa: N802
        (x0, y0), (x1, y1), (x2, y2) = self._point, control, end
        first = ((x0 + 2 * x1) / 3, (y0 + 2 * y1) / 3)
        second = ((x2 + 2 * x1) / 3, (y2 + 2 * y1) / 3)
        self._add("c", first, second, end)

    def closePath(self) -> None:  # noqa: N802
        self.segments.append(("h", ()))

    def _add(self, operator: str, *points: tuple[float, float]) -> None:
        self._point = points[-1]
        self.segments.append((operator, tuple(value * self._scale for point in points for value in point)))


def _is_whole(face: hb.Face) -> bool:
    """Whether the outlines are all there: of a file cut off in the middle, the last glyphs would be empty."""
    offsets = face.reference_table("loca").data
    head = face.reference_table("head").data
    width = 4 if head[50:52] == b"\0\1" else 2
    end = int.from_bytes(offsets[-width:], "big") * (1 if width == 4 else 2)
    return len(offsets) >= (face.glyph_count + 1) * width and len(face.reference_table("glyf")) >= end > 0


def _keep_drawing_tables(face: hb.Face) -> hb.Face:
    """The same glyphs under the same numbers without cmap and layout tables.

    Made once per process (some 40 ms a font): planning a subset of the whole file parses its cmap and layout
    tables anew each time, 1.5 ms against 0.05 ms from this one.
    """
    wanted = hb.SubsetInput()
    wanted.keep_everything()
    wanted.unicode_set.clear()
    wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.RETAIN_GIDS | hb.SubsetFlags.NO_LAYOUT_CLOSURE
    unneeded = set(face.table_tags) - _DRAWING_TABLES
    wanted.drop_table_tag_set.update(int.from_bytes(tag.encode("ascii"), "big") for tag in unneeded)
    return hb.subset(face, wanted)


@cache
def load_face(path: Path) -> Face:
    """The face in this file, read once per process."""
    return Face(path)


def face(style: Style) -> Face:
    """The face of one style."""
    return load_face(FONT_FOLDER / style.value)
