"""Text as people paste it -> text as rules compare it. Every function is total: any string in, a string out."""

import re
import unicodedata
from collections.abc import Callable
from typing import Final, TypeAlias

from verify_service.subjects.rules import characters

Fold: TypeAlias = Callable[[str], str]

_INVISIBLE: Final = str.maketrans(dict.fromkeys(characters.INVISIBLE))
_BLANK: Final = str.maketrans(dict.fromkeys(characters.BLANKS))
_DASH: Final = str.maketrans(dict.fromkeys(characters.DASHES))
_DOT: Final = str.maketrans(dict.fromkeys(characters.DOT_VARIANTS, characters.MIDDLE_DOT))
_FULL_STOP: Final = str.maketrans(dict.fromkeys(characters.FULL_STOPS, characters.MIDDLE_DOT))
_SEPARATOR: Final = _DOT | _FULL_STOP
_TYPOGRAPHY: Final = str.maketrans(dict.fromkeys(characters.APOSTROPHES, "'") | dict.fromkeys(characters.DASHES, "-"))
_CAPITAL: Final = {
    first + offset: ord("A") + offset
    for first in (ord("a"), 0xFF41)  # ASCII and full-width; str.upper() would also make S of U+017F
    for offset in range(26)
}
_BESIDE_NUMBER: Final = characters.FULL_WIDTH | _CAPITAL | _INVISIBLE
_NUMBER: Final = _BESIDE_NUMBER | _BLANK | _DASH
_WORD: Final = characters.FULL_WIDTH | _INVISIBLE | _BLANK
_SCIENTIFIC: Final = re.compile(r"[0-9]+(?:\.[0-9]*)?E\+?[0-9]+")
_LATIN_BLANKS: Final = re.compile(f"[{characters.BLANKS}]+")
_BLANK_BESIDE_DOT: Final = re.compile(f" ?{characters.MIDDLE_DOT} ?")


def drop_invisible(text: str) -> str:
    """Remove what draws nothing and takes no room: zero-width, bidi and variation marks, byte order marks."""
    return text.translate(_INVISIBLE)


def drop_blanks(text: str) -> str:
    """Remove every blank of any width, tabs and line breaks included: forms pad Han names with them."""
    return text.translate(_BLANK)


def collapse_blanks(text: str) -> str:
    """Leave one U+0020 between two Latin words, nothing at the edges and beside a dot."""
    return _BLANK_BESIDE_DOT.sub(characters.MIDDLE_DOT, _LATIN_BLANKS.sub(" ", text).strip(" "))


def fold_full_width(text: str) -> str:
    """Replace U+FF01-FF5E and U+3000 by the ASCII characters they widen."""
    return text.translate(characters.FULL_WIDTH)


def fold_compatibility(text: str) -> str:
    """Replace CJK compatibility ideographs by the unified ones, and a circle typed for 〇 by U+3007."""
    return text.translate(characters.COMPATIBILITY)


def fold_radicals(text: str) -> str:
    """Replace Kangxi and simplified supplementary radicals by the characters they look like."""
    return text.translate(characters.RADICALS)


def fold_private_use(text: str) -> str:
    """Replace GBK's eighty private characters by the standard ones; any other private character stays."""
    return text.translate(characters.MAPPED_PRIVATE_USE)


def fold_dots(text: str) -> str:
    """Write every separating dot as U+00B7 except the full stop, which abbreviates in a Latin name."""
    return text.translate(_DOT)


def fold_separators(text: str) -> str:
    """Write every separating dot as U+00B7, full stops too: between Han they have no other meaning."""
    return text.translate(_SEPARATOR)


def compose(text: str) -> str:
    """Write apostrophes and hyphens in ASCII and a letter with its combining accent as one code point.

    NFC is safe only here, after `fold_compatibility`: alone it would change 460 ideographs without a word.
    """
    return unicodedata.normalize("NFC", text.translate(_TYPOGRAPHY))


def fold_number(text: str) -> str:
    """Fold an ID or phone number to capitals without blanks, dashes and Excel's leading apostrophe.

    Digits of other scripts and letters that resemble digits stay: a repaired O or l could be somebody else's number.
    """
    return text.translate(_NUMBER).lstrip(characters.APOSTROPHES)


def fold_beside_number(text: str) -> str:
    """Fold a text in which a number may stand among others to capitals; blanks and dashes stay, they may end one."""
    return text.translate(_BESIDE_NUMBER)


def is_scientific(number: str) -> bool:
    """Say whether a folded number is what Excel shows of one too long for its cell, 1.10E+17: its digits are lost."""
    return _SCIENTIFIC.fullmatch(number) is not None


def fold_word(text: str) -> str:
    """Fold a cell that holds one word of a fixed vocabulary: full-width to ASCII, no blanks, nothing invisible."""
    return text.translate(_WORD)
