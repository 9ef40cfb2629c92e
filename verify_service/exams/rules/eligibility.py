"""Which sitting earned the certificate, and whether a new one may be added to those that stand."""

from collections.abc import Iterable, Sequence
from enum import Enum, auto
from typing import Final

from verify_service.errors import FieldError
from verify_service.exams.model import Conclusion, Sitting, SittingKind

_LEAVES_A_MAKE_UP: Final = frozenset({Conclusion.FAILED, Conclusion.ABSENT})


class Recording(Enum):
    """What importing a sitting amounts to."""

    NEW = auto()
    UNCHANGED = auto()


def passed_sitting(sittings: Iterable[Sitting]) -> Sitting | None:
    """Return the sitting that was passed, from which the due date runs; None when nothing is earned."""
    return next((sitting for sitting in sittings if sitting.conclusion is Conclusion.PASSED), None)


def require_recordable(existing: Sequence[Sitting], new: Sitting, *, issued: bool) -> Recording:
    """Return whether `new` adds to one exam entry's sittings or repeats one of them exactly.

    `issued`: the entry has a credential, so only revocation or correction can follow. Raises FieldError:
    ALREADY_DECIDED when something else stands, a pass included; SITTING_ORDER for a make-up without an earlier first
    sitting that was failed or missed.
    """
    if new in existing:
        return Recording.UNCHANGED
    if issued or passed_sitting(existing) or _find(existing, new.kind):
        raise FieldError("ALREADY_DECIDED")
    if new.kind is SittingKind.MAKE_UP:
        _require_make_up_allowed(_find(existing, SittingKind.FIRST), new)
    elif existing:
        raise FieldError("SITTING_ORDER")  # a make-up stands whose first sitting was never recorded
    return Recording.NEW


def _find(sittings: Iterable[Sitting], kind: SittingKind) -> Sitting | None:
    return next((sitting for sitting in sittings if sitting.kind is kind), None)


def _require_make_up_allowed(first: Sitting | None, make_up: Sitting) -> None:
    if first is None or first.conclusion not in _LEAVES_A_MAKE_UP or make_up.held_on <= first.held_on:
        raise FieldError("SITTING_ORDER")
