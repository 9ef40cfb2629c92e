"""Mobile numbers of mainland China, by shape: carriers get new prefixes faster than any library learns them."""

import re
from typing import Final

from verify_service.errors import FieldError
from verify_service.subjects.model import Phone
from verify_service.subjects.rules.folding import fold_number, is_scientific

_BRACKETS: Final = str.maketrans(dict.fromkeys("()[]"))
_LABEL: Final = re.compile("(?:TEL|PHONE|MOBILE|(?:联系)?电话(?:号码)?|手机(?:号码?)?)[:.]?")
_SEVERAL: Final = re.compile(r"\+?[0-9]{7,}(?:[,;/|\\、和或]\+?[0-9]{7,})+|(?:1[3-9][0-9]{9}){2,}")
_DIGITS: Final = re.compile(r"\+?[0-9]+")
_TRUNK_PREFIX: Final = re.compile(r"\A(?:\+86|0086|86|0)(?=[0-9]{11}\Z)")
_MOBILE: Final = re.compile("1[3-9][0-9]{9}")
_MOBILE_START: Final = re.compile("1[3-9]")
# Excel writes 1.94E+10 for a number wider than its column; expanded again, its tail is zeros.
_ZEROED_TAIL: Final = "000000"


def parse_phone(text: str) -> Phone:
    """Return the eleven digits of one mobile number, without label, country code and separators.

    Raises FieldError, the first that applies: EMPTY, SCIENTIFIC, MULTIPLE (two numbers), CHARSET, REGION (a country
    code other than +86), NOT_MOBILE (7, 8 or 11 digits that begin otherwise than a mobile number), LENGTH.
    """
    if _MOBILE.fullmatch(text):
        return Phone(value=text, warnings=_warnings(text))
    number = _digits(text)
    number = _TRUNK_PREFIX.sub("", number)
    if _MOBILE.fullmatch(number):
        return Phone(value=number, warnings=_warnings(number))
    is_landline = len(number) in {7, 8, 11} and not _MOBILE_START.match(number)
    raise FieldError("NOT_MOBILE" if is_landline else "LENGTH")


def _digits(text: str) -> str:
    """Return the digits of the one number in a text, "+86" still in front if it was written."""
    number = fold_number(text).translate(_BRACKETS)
    label = _LABEL.match(number)
    if label:
        number = number[label.end() :]
    if not number:
        raise FieldError("EMPTY")
    if is_scientific(number):
        raise FieldError("SCIENTIFIC")
    if _SEVERAL.fullmatch(number):
        raise FieldError("MULTIPLE")
    if not _DIGITS.fullmatch(number):
        raise FieldError("CHARSET")
    if number.startswith("+") and not number.startswith("+86"):
        raise FieldError("REGION")
    return number


def _warnings(value: str) -> tuple[str, ...]:
    return ("TAIL_ZEROS",) if value.endswith(_ZEROED_TAIL) else ()
