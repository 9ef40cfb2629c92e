"""Numbers of identity documents: GB 11643-1999 and its relatives, and the documents without a check character."""

import re
from datetime import date
from operator import mul
from typing import Final

from verify_service.errors import FieldError
from verify_service.subjects.model import DocumentType, IdNumber, Sex
from verify_service.subjects.rules.characters import BLANKS, DASHES
from verify_service.subjects.rules.folding import fold_number, is_scientific

# County codes are not checked: one lives as long as its holder, tables of them go stale, and a table read by year of
# birth refuses most people born before their county was renamed.
_PROVINCE: Final = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71")
_HMT_REGIONS: Final = frozenset({"810000", "820000", "830000"})
_EARLIEST_BIRTH_YEAR: Final = 1900

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS: Final = "10X98765432"
_X_LOOKALIKES: Final = frozenset("\u00d7\u0425\u0445\u2169\u2179\u03a7\u03c7")  # ×, Cyrillic Ha, Roman ten, Greek chi
_CITIZEN_CHARSET: Final = re.compile("[0-9]*[0-9X]")

# Documents whose number carries no check character. The group is the part that stays with the person: a permit's
# last two of eleven characters count how often the card was issued.
_SHAPES: Final = {
    DocumentType.FOREIGN_PR_2017: re.compile("([A-Z]{3}[0-9]{12})"),
    DocumentType.HM_PERMIT: re.compile("([HM][0-9]{8})(?:[0-9]{2})?"),
    DocumentType.TW_PERMIT: re.compile("([0-9]{8})"),
    DocumentType.PASSPORT_CN: re.compile("((?:E[A-Z]?|[GDSP])[0-9]{7,8})"),
}

# What would make of a number the end of another kind of document's, where no check character tells the two apart.
_NO_PREFIX: Final = {
    DocumentType.HM_PERMIT: "(?<!(?<![A-Z])E)",
    DocumentType.TW_PERMIT: "(?<!(?<![A-Z])[DEGHMPS])(?<!(?<![A-Z])E[A-Z])",
    DocumentType.PASSPORT_CN: "(?<!(?<![A-Z])E)",
}
_BETWEEN: Final = f"[{re.escape(BLANKS + DASHES)}]*"


def parse_id_number(text: str, *, today: date, document_type: DocumentType | None = None) -> IdNumber:
    """Return the number of a document whose type is stated, or of an 18- or 15-digit one if none is.

    Among resident, hmt_residence and foreign_pr the number itself decides, whichever of them was stated; foreign_pr
    also admits the card of 2017. Raises FieldError, the first that applies: EMPTY, SCIENTIFIC (E notation: digits are
    lost), then PATTERN for the other types, else CHARSET, LENGTH, CHECKSUM, PROVINCE, BIRTH_DATE (no such day),
    BIRTH_TOO_OLD (before 1900), BIRTH_FUTURE (after `today`).
    """
    number = _fold(text)
    if document_type in _SHAPES:
        return _of_shape(number, document_type)
    if document_type is DocumentType.FOREIGN_PR and _SHAPES[DocumentType.FOREIGN_PR_2017].fullmatch(number):
        return _of_shape(number, DocumentType.FOREIGN_PR_2017)
    return _of_citizen(number, today)


def parse_lookup_id_number(text: str, *, today: date) -> IdNumber:
    """Return a number typed where nobody is asked for its document type.

    A guess by shape would be wrong in a roster, where it is stored; in a lookup it only decides what is not found.
    Raises FieldError as `parse_id_number` does for a number of no known shape.
    """
    number = _fold(text)
    for document_type, shape in _SHAPES.items():
        if shape.fullmatch(number):
            return _of_shape(number, document_type)
    return _of_citizen(number, today)


def sex_of(number: str | None, document_type: DocumentType | None) -> Sex | None:
    """Return what a checked number says of its holder's sex; None without one, and where its document says nothing."""
    is_telling = document_type in {DocumentType.RESIDENT, DocumentType.HMT_RESIDENCE}
    return _sex(number) if number is not None and is_telling else None


def written_forms(number: IdNumber) -> re.Pattern[str]:
    """Return what a text folded by `fold_beside_number` is searched with for this number, however it is written.

    With blanks and dashes inside, with the letters that resemble X, with the 15 digits of a first-generation card, with
    the count at the end of a permit. It may stand beside any punctuation, blank or word, and beside a number that these
    set apart; never within a longer run of digits, nor as the end of another document's number.
    """
    value, document_type = number.value, number.document_type
    forms = [[*value[:17], f"[X{''.join(_X_LOOKALIKES)}]"] if value[17:] == "X" else [*value]]
    if document_type is DocumentType.RESIDENT and value[6:8] == "19":
        forms.append([*value[:6], *value[8:17]])
    if document_type is DocumentType.HM_PERMIT:
        forms.append([*value, "[0-9]", "[0-9]"])
    before = _NO_PREFIX.get(document_type, "") + ("(?<![0-9])" if value[0].isdigit() else "")
    return re.compile(f"{before}(?:{'|'.join(map(_BETWEEN.join, forms))})(?![0-9])")


def check_character(first_seventeen: str) -> str:
    """Return the eighteenth character, "0" to "9" or "X", over 17 ASCII digits (ISO 7064 MOD 11-2)."""
    total = sum(map(mul, _WEIGHTS, map(int, first_seventeen)))
    return _CHECK_CHARACTERS[total % 11]


def _fold(text: str) -> str:
    number = fold_number(text)
    if not number:
        raise FieldError("EMPTY")
    if is_scientific(number):
        raise FieldError("SCIENTIFIC")
    return number


def _of_shape(number: str, document_type: DocumentType) -> IdNumber:
    match = _SHAPES[document_type].fullmatch(number)
    if match is None:
        raise FieldError("PATTERN")
    return IdNumber(value=match[1], document_type=document_type)


def _of_citizen(number: str, today: date) -> IdNumber:
    value, warnings = _expand(number)
    if value[17] != check_character(value[:17]):
        raise FieldError("CHECKSUM")
    document_type = _document_type(value)
    if "LEGACY_15" in warnings and document_type is not DocumentType.RESIDENT:
        raise FieldError("PROVINCE")  # only residents ever had first-generation cards
    birth_on = _birth_on(value, today)
    if _years_between(birth_on, today) < 16:
        warnings.append("UNDER_16")
    return IdNumber(
        value=value,
        document_type=document_type,
        birth_on=birth_on,
        sex=None if document_type is DocumentType.FOREIGN_PR else _sex(value),
        warnings=tuple(warnings),
    )


def _expand(number: str) -> tuple[str, list[str]]:
    """Return the 18-character form of 15 or 18 characters, and what was done to get there."""
    warnings = []
    if len(number) == 18 and number[17] in _X_LOOKALIKES:
        number = number[:17] + "X"
        warnings.append("X_LOOKALIKE")
    if not _CITIZEN_CHARSET.fullmatch(number) or (len(number) == 15 and number[14] == "X"):
        raise FieldError("CHARSET")
    if len(number) == 15:
        seventeen = f"{number[:6]}19{number[6:]}"
        return seventeen + check_character(seventeen), ["LEGACY_15"]
    if len(number) != 18:
        raise FieldError("LENGTH")
    if number.endswith("000"):
        # Excel keeps 15 digits of a number and zeroes the rest; one in eleven of these passes the check.
        warnings.append("TAIL_000")
    return number, warnings


def _document_type(value: str) -> DocumentType:
    if value[0] == "9":
        return DocumentType.FOREIGN_PR
    if value[:6] in _HMT_REGIONS:
        return DocumentType.HMT_RESIDENCE
    if _PROVINCE.match(value):
        return DocumentType.RESIDENT
    raise FieldError("PROVINCE")


def _birth_on(value: str, today: date) -> date:
    try:
        birth_on = date(int(value[6:10]), int(value[10:12]), int(value[12:14]))
    except ValueError:
        raise FieldError("BIRTH_DATE") from None
    if birth_on.year < _EARLIEST_BIRTH_YEAR:
        raise FieldError("BIRTH_TOO_OLD")
    if birth_on > today:
        raise FieldError("BIRTH_FUTURE")
    return birth_on


def _years_between(earlier: date, later: date) -> int:
    return later.year - earlier.year - ((later.month, later.day) < (earlier.month, earlier.day))


def _sex(value: str) -> Sex:
    return Sex.MALE if int(value[16]) % 2 else Sex.FEMALE
