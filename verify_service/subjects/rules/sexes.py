"""Column 性别, and what the ID number says about it."""

from typing import Final

from verify_service.errors import FieldError
from verify_service.subjects.model import IdNumber, Sex
from verify_service.subjects.rules.folding import fold_word

_PLAIN: Final = {sex.value: sex for sex in Sex}
# GB/T 2261.1 codes and habits of other forms. Circled and squared characters are refused: a compatibility fold would
# turn ㊚ into 男, and nobody types it into this column on purpose.
_CODES: Final = {
    "1": Sex.MALE,
    "2": Sex.FEMALE,
    "M": Sex.MALE,
    "F": Sex.FEMALE,
    "MALE": Sex.MALE,
    "FEMALE": Sex.FEMALE,
    "男性": Sex.MALE,
    "女性": Sex.FEMALE,
}


def parse_sex(text: str) -> tuple[Sex, tuple[str, ...]]:
    """Return the sex and its warnings: GENDER_CODE for anything but 男 and 女.

    Raises FieldError EMPTY or GENDER_VALUE; 未知 (GB/T 2261.1 code 0) cannot be printed and is GENDER_VALUE.
    """
    word = fold_word(text)
    if not word:
        raise FieldError("EMPTY")
    if (plain := _PLAIN.get(word)) is not None:
        return plain, ()
    coded = _CODES.get(word.upper())
    if coded is None:
        raise FieldError("GENDER_VALUE")
    return coded, ("GENDER_CODE",)


def require_sex_matches(sex: Sex, id_number: IdNumber) -> None:
    """Refuse a sex other than the number's seventeenth digit with FieldError GENDER_MISMATCH.

    Documents whose number says nothing about sex pass.
    """
    if id_number.sex is not None and id_number.sex is not sex:
        raise FieldError("GENDER_MISMATCH")
