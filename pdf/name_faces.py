"""Which face draws which character of a person's name."""

from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Final

import msgspec

from pdf.errors import FontError, MissingGlyphError
from pdf.fonts import Face, Style, face, load_face
from pdf.typesetting import Run

_SUFFIXES: Final = frozenset({".ttf", ".ttc", ".otf"})
_MIDDLE_DOT: Final = "·"
_LATIN: Final = frozenset(map(chr, (*range(0x20, 0x7F), *range(0xC0, 0x250), *range(0x1E00, 0x1F00), 0x2019)))
"""Letters, and what stands between them: blank, apostrophe, hyphen, full stop."""


class NameFaces(msgspec.Struct, frozen=True):
    """The faces tried for a character, in order; equal contents drawn with other faces are other bytes."""

    han: tuple[Face, ...]
    latin: tuple[Face, ...]
    """Kai has Latin letters too, but they look like a child's hand."""

    def missing(self, name: str) -> tuple[str, ...]:
        """The distinct characters of a name that no face draws, in order; empty when all can be printed."""
        return tuple(character for character in dict.fromkeys(name) if _first(self.han, character) is None)

    def runs(self, name: str) -> tuple[Run, ...]:
        """The name cut where the first face that draws a character changes.

        Raises:
            MissingGlyphError: names every character that no face draws.
        """
        is_latin = all(character in _LATIN or character == _MIDDLE_DOT for character in name)
        faces = [self._face(character, is_latin=is_latin) for character in name]
        if None in faces:
            raise MissingGlyphError(self.missing(name))
        grouped = groupby(zip(faces, name, strict=True), key=lambda drawn: drawn[0])
        return tuple(Run(one, "".join(character for _, character in drawn)) for one, drawn in grouped if one)

    def _face(self, character: str, *, is_latin: bool) -> Face | None:
        return _first(self.latin if is_latin or character in _LATIN else self.han, character)


def is_latin(character: str) -> bool:
    """Whether it is set as Latin: a letter, or the blank, apostrophe, hyphen or full stop between letters."""
    return character in _LATIN


@cache
def open_name_faces(folder: Path | None = None) -> NameFaces:
    """The package's faces, then those of a folder's files `.ttf`, `.ttc` (its first face) and `.otf`, by file name.

    The folder is read once per process. Its files stay memory-mapped: replace them by renaming, never in place.

    Raises:
        FontError: no folder, or none of these in it; names a file that is damaged or has no TrueType outlines.
    """
    kai, song, latin = (face(style) for style in (Style.KAI, Style.TEXT, Style.LATIN))
    added = () if folder is None else tuple(load_face(path) for path in _files(folder))
    return NameFaces(han=(kai, song, latin, *added), latin=(latin, kai, song, *added))


def _files(folder: Path) -> list[Path]:
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix.lower() in _SUFFIXES)
    except OSError as error:
        raise FontError(f"the font folder cannot be read: {error.strerror}") from None
    if not found:
        raise FontError("the font folder has no .ttf, .ttc or .otf file")
    return found


def _first(faces: tuple[Face, ...], character: str) -> Face | None:
    return next((one for one in faces if one.draws(character)), None)
