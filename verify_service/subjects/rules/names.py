"""Names: the form that is printed and signed, and the key under which an employer's typing finds it.

Never NFKC, never traditional to simplified, never one variant for another: each is another registered name
(于 and 於, 钟 and 锺, 䶮 and 龑).
"""

import re
import unicodedata
from typing import Final, TypeAlias

from verify_service.errors import FieldError
from verify_service.subjects.model import Name
from verify_service.subjects.rules import characters, folding

MAXIMUM_LENGTH: Final = 50  # code points; 民委发〔2016〕33号 asks for 25 Han
# Normalising sorts runs of combining marks in quadratic time: 60,000 of them hold a processor for seconds. No letter
# of a name decomposes into more than three code points.
_LONGEST_DECOMPOSED: Final = 3 * MAXIMUM_LENGTH

# Each step rewrites the text; a step that changed something leaves its warning.
_Steps: TypeAlias = tuple[tuple[str, folding.Fold], ...]
_CHARACTER_STEPS: Final[_Steps] = (
    ("INVISIBLE", folding.drop_invisible),
    ("COMPAT_IDEOGRAPH", folding.fold_compatibility),
    ("RADICAL", folding.fold_radicals),
    ("PUA_MAPPED", folding.fold_private_use),
)
_HAN_STEPS: Final[_Steps] = (
    ("DOT_VARIANT", folding.fold_separators),
    ("SPACE", folding.drop_blanks),
    ("FULLWIDTH", folding.fold_full_width),
)
_LATIN_STEPS: Final[_Steps] = (
    ("DOT_VARIANT", folding.fold_dots),
    ("FULLWIDTH", folding.fold_full_width),
    ("SPACE", folding.collapse_blanks),
)

_PLAIN: Final = re.compile(f"[{characters.HAN}]{{2,{MAXIMUM_LENGTH}}}")
_HAN: Final = re.compile(f"[{characters.HAN}]")
_LATIN: Final = re.compile(f"[{characters.LATIN}]")
_HAN_NAME: Final = re.compile(f"[{characters.HAN}{characters.LATIN}{characters.MIDDLE_DOT}]+")
_LATIN_NAME: Final = re.compile(f"[{characters.LATIN}{characters.MIDDLE_DOT} '.-]+")
# A dot at an edge or beside another dot: a part of the name is missing, and nobody can say which.
_LOOSE_DOT: Final = re.compile(r"^[.·]|·[.·]|·$")
_REFUSALS: Final = (
    ("REPLACEMENT", re.compile("[?\u25a1\ufffd]")),  # what software writes where it lost a character
    ("PUA", re.compile(f"[{characters.PRIVATE_USE}]")),
    ("DIGIT", re.compile("[0-9]")),
)

_UNCOMPARED: Final = "".join(
    (
        *characters.INVISIBLE,
        characters.BLANKS,
        characters.DASHES,
        characters.APOSTROPHES,
        characters.DOT_VARIANTS,
        characters.FULL_STOPS,
        characters.MIDDLE_DOT,
    )
)
_KEY: Final = (
    characters.FULL_WIDTH
    | characters.COMPATIBILITY
    | characters.RADICALS
    | characters.MAPPED_PRIVATE_USE
    | str.maketrans(dict.fromkeys(_UNCOMPARED))
)
_ACCENTS: Final = dict.fromkeys(range(0x0300, 0x0370))
_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def parse_name(text: str) -> Name:
    """Return the name to print and sign, with a warning for each repair.

    Parsing the value again gives the same value. Raises FieldError, the first that applies: EMPTY, REPLACEMENT (a lost
    character), PUA (a private character nobody can map), DIGIT, CHARSET, DOT_EDGE, TOO_LONG; beyond three times the
    permitted length TOO_LONG comes first.
    """
    if _PLAIN.fullmatch(text):
        return Name(value=text)
    value, warnings = _apply(_CHARACTER_STEPS, text)
    is_han = _HAN.search(value) is not None
    value, more_warnings = _apply(_HAN_STEPS if is_han else _LATIN_STEPS, value)
    if len(value) > _LONGEST_DECOMPOSED:
        raise FieldError("TOO_LONG")
    value = folding.compose(value)
    _require_printable(value, _HAN_NAME if is_han else _LATIN_NAME)
    return Name(value=value, warnings=(*warnings, *more_warnings, *_remarks(value, is_han=is_han)))


def match_key(text: str) -> str:
    """Return what two spellings of one name have in common; never fails, and always encodes in UTF-8.

    Separators, blanks, dashes, apostrophes, case and accents are gone: the second factor of a lookup makes that safe.
    A text of nothing else gives "". `match_key(parse_name(text).value) == match_key(text)` for every accepted name.
    """
    if _PLAIN.fullmatch(text):
        return text
    key = text.translate(_KEY)
    if len(key) <= _LONGEST_DECOMPOSED:
        # Decomposing before and after casefolding makes canonically equal spellings equal (Unicode, D145).
        key = unicodedata.normalize("NFD", unicodedata.normalize("NFD", key).casefold()).translate(_ACCENTS)
    return _LONE_SURROGATE.sub("\ufffd", key)


def _apply(steps: _Steps, text: str) -> tuple[str, list[str]]:
    warnings = []
    for warning, step in steps:
        folded = step(text)
        if folded != text:
            warnings.append(warning)
        text = folded
    return text, warnings


def _require_printable(value: str, charset: re.Pattern[str]) -> None:
    if not value:
        raise FieldError("EMPTY")
    for code, pattern in _REFUSALS:
        if pattern.search(value):
            raise FieldError(code)
    if not charset.fullmatch(value):
        raise FieldError("CHARSET")
    if _LOOSE_DOT.search(value):
        raise FieldError("DOT_EDGE")
    if not (_HAN.search(value) or _LATIN.search(value)):
        raise FieldError("CHARSET")
    if len(value) > MAXIMUM_LENGTH:
        raise FieldError("TOO_LONG")


def _remarks(value: str, *, is_han: bool) -> list[str]:
    """Return what staff should look at although nothing was changed."""
    remarks = []
    if is_han and _LATIN.search(value):
        remarks.append("MIXED_SCRIPT")
    if len(value) == 1:
        remarks.append("SHORT")
    return remarks
