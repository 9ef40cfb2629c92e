"""Recognising what was typed: numbers by their shape and check character, the rest as a name, a code or a partner."""

import datetime
import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from signing import SigningError, parse_certificate_number
from verify_service.errors import FieldError
from verify_service.searches.model import Hint, Typed
from verify_service.subjects.model import IdNumber
from verify_service.subjects.rules.id_numbers import parse_lookup_id_number
from verify_service.subjects.rules.names import parse_name
from verify_service.subjects.rules.phones import parse_phone

MAX_CHARACTERS: Final = 200
_LABELS: Final = re.compile(
    r"(?:证书编号|证书号|身份证号码|身份证号|身份证|证件号码|证件号|手机号码|手机号|手机|电话|联系电话|姓名|合作机构名称|合作机构|班级"
    r"|certificate(?: number)?|id(?: number)?|phone(?: number)?|name|cohort|partner)\s*[:：=]",
    re.IGNORECASE,
)
_SEPARATORS: Final = re.compile(r"[\s,，;；、|]+")
_CERTIFICATE_SHAPE: Final = re.compile(r"[A-Z]{2,4}20[0-9]{2}[0-9A-Z]{7}")
_ID_NUMBER_SHAPE: Final = re.compile(r"[1-9][0-9]{16}[0-9X]")
_HAS_DIGIT: Final = re.compile(r"[0-9]")


def recognise(text: str, today: datetime.date) -> Typed:
    """Return what a text may mean; labels such as 姓名： and 身份证号： are read past. Never fails."""
    unlabelled = _LABELS.sub(" ", text[:MAX_CHARACTERS].replace("\0", " "))
    parts = [part for part in _SEPARATORS.split(unlabelled) if part]
    found, rest, hints = Typed(), list[str](), list[Hint]()
    for part in parts:
        taken = _take(found, part, today)
        if taken is None:
            rest.append(part)
            hints += _looks_like(part)
        else:
            found = taken
    return Typed(
        certificate_number=found.certificate_number,
        id_number=found.id_number,
        name=_name(rest),
        phone=found.phone,
        words=_words(unlabelled, parts),
        hints=tuple(dict.fromkeys(hints)),
    )


def _take(found: Typed, part: str, today: datetime.date) -> Typed | None:
    """Return `found` with one part recognised as a number that was not there yet; None if it is none."""
    folded = unicodedata.normalize("NFKC", part).upper()
    if found.certificate_number is None and _is_certificate_number(folded):
        return Typed(folded, found.id_number, None, found.phone)
    phone = None if found.phone else _phone(part)
    if phone is not None:
        return Typed(found.certificate_number, found.id_number, None, phone)
    number = None if found.id_number else _id_number(part, today)
    if number is not None:
        return Typed(found.certificate_number, number, None, found.phone)
    return None


def _is_certificate_number(text: str) -> bool:
    try:
        parse_certificate_number(text)
    except SigningError:
        return False
    return True


def _phone(text: str) -> str | None:
    try:
        return parse_phone(text).value
    except FieldError:
        return None


def _id_number(text: str, today: datetime.date) -> IdNumber | None:
    try:
        return parse_lookup_id_number(text, today=today)
    except FieldError:
        return None


def _name(rest: Sequence[str]) -> str | None:
    """Return what is left as the name of a person, if it may be one."""
    try:
        return parse_name(" ".join(rest)).value
    except FieldError:
        return None


def _words(unlabelled: str, parts: Sequence[str]) -> str:
    """Return the text as a code or a partner's name: neither holds an ID number or phone beside other words."""
    return " ".join(unlabelled.split()) if len(parts) <= 1 or not _HAS_DIGIT.search(unlabelled) else ""


def _looks_like(part: str) -> list[Hint]:
    folded = unicodedata.normalize("NFKC", part).upper()
    if _ID_NUMBER_SHAPE.fullmatch(folded):
        return [Hint.BAD_ID_NUMBER]
    return [Hint.BAD_NUMBER] if _CERTIFICATE_SHAPE.fullmatch(folded) else []
