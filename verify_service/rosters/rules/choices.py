"""Columns that are answered with 是 or 否."""

from typing import Final

from verify_service.errors import FieldError
from verify_service.subjects.rules.folding import fold_word

CHOICES: Final = ("是", "否")
_ANSWERS: Final = {"": False, "否": False, "是": True}


def parse_choice(text: str) -> bool:
    """Return whether the answer is 是; a blank means 否. Raises FieldError PATTERN for anything else."""
    answer = _ANSWERS.get(fold_word(text))
    if answer is None:
        raise FieldError("PATTERN")
    return answer
