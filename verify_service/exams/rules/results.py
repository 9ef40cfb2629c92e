"""The fixed vocabulary of a results file: 考次, 结论, and scores."""

import re
from collections.abc import Mapping
from typing import Final, TypeVar

from verify_service.errors import FieldError
from verify_service.exams.model import Conclusion, SittingKind
from verify_service.subjects.rules.folding import fold_word

_Term = TypeVar("_Term")

_SITTING_KINDS: Final = {"首考": SittingKind.FIRST, "补考": SittingKind.MAKE_UP}
_CONCLUSIONS: Final = {
    "合格": Conclusion.PASSED,
    "不合格": Conclusion.FAILED,
    "缺考": Conclusion.ABSENT,
    "作废": Conclusion.VOID,
}
_SCORE: Final = re.compile(r"([0-9]{1,3})(?:\.([0-9])0*)?")
_FULL_MARKS_TENTHS: Final = 1000


def parse_sitting_kind(text: str) -> SittingKind:
    """Return what 首考 or 补考 stands for. Raises FieldError EMPTY, or PATTERN for any other word."""
    return _look_up(text, _SITTING_KINDS)


def parse_conclusion(text: str) -> Conclusion:
    """Return what 合格, 不合格, 缺考 or 作废 stands for. Raises FieldError EMPTY, or PATTERN for any other word."""
    return _look_up(text, _CONCLUSIONS)


def parse_score(text: str) -> int | None:
    """Return a score of 0 to 100 points with at most one decimal in tenths, None for an empty cell.

    Raises FieldError PATTERN for anything else: a rounded score would be a score nobody gave.
    """
    word = fold_word(text)
    if not word:
        return None
    match = _SCORE.fullmatch(word)
    tenths = int(match[1]) * 10 + int(match[2] or 0) if match else _FULL_MARKS_TENTHS + 1
    if tenths > _FULL_MARKS_TENTHS:
        raise FieldError("PATTERN")
    return tenths


def format_score(tenths: int | None) -> str:
    """Return a score as a file may say it, empty where there is none."""
    return "" if tenths is None else f"{tenths / 10:g}"


def _look_up(text: str, vocabulary: Mapping[str, _Term]) -> _Term:
    word = fold_word(text)
    if not word:
        raise FieldError("EMPTY")
    if word not in vocabulary:
        raise FieldError("PATTERN")
    return vocabulary[word]
