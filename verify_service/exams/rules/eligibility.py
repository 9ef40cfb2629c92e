"""Which sitting earned the certificate, and whether one may be added to those that stand, or replace one."""

from collections.abc import Iterable, Sequence
from enum import Enum, auto
from typing import Final

import msgspec

from verify_service.errors import FieldError
from verify_service.exams.model import Conclusion, Sitting, SittingChange, SittingKind

LEAVES_A_MAKE_UP: Final = frozenset({Conclusion.FAILED, Conclusion.ABSENT})


class Recording(Enum):
    """What importing a sitting amounts to."""

    NEW = auto()
    UNCHANGED = auto()
    AMENDED = auto()


def passed_sitting(sittings: Iterable[Sitting]) -> Sitting | None:
    """Return the sitting that was passed, from which the due date runs; None when nothing is earned."""
    return next((sitting for sitting in sittings if sitting.conclusion is Conclusion.PASSED), None)


def require_recordable(existing: Sequence[Sitting], new: Sitting, *, issued: bool, amending: bool = False) -> Recording:
    """Return whether `new` adds to one exam entry's sittings, repeats one of them exactly, or replaces one.

    `issued`: the entry has a credential, so only revocation or correction can follow. Raises FieldError:
    ALREADY_DECIDED when something else stands that is not to be amended, a pass before a make-up included;
    SITTING_ORDER where the result would hold a make-up without an earlier first sitting that was failed or missed.
    """
    standing = find_sitting(existing, new.kind)
    if standing is not None and (new == standing or (issued and _without_ended_scores(new, standing) == standing)):
        return Recording.UNCHANGED
    if issued or (passed_sitting(existing) if standing is None else not amending):
        raise FieldError("ALREADY_DECIDED")
    result = {sitting.kind: sitting for sitting in (*existing, new)}
    if (make_up := result.get(SittingKind.MAKE_UP)) is not None:
        _require_make_up_allowed(result.get(SittingKind.FIRST), make_up)
    return Recording.NEW if standing is None else Recording.AMENDED


def _without_ended_scores(new: Sitting, standing: Sitting) -> Sitting:
    """Return the sitting less the scores that no longer stand: retention ends them, and the old file still has them."""
    return msgspec.structs.replace(
        new,
        theory_score_tenths=None if standing.theory_score_tenths is None else new.theory_score_tenths,
        practice_score_tenths=None if standing.practice_score_tenths is None else new.practice_score_tenths,
    )


def find_sitting(sittings: Iterable[Sitting], kind: SittingKind) -> Sitting | None:
    """Return the first sitting or the make-up among an exam entry's sittings, or None."""
    return next((sitting for sitting in sittings if sitting.kind is kind), None)


def differences(standing: Sitting, new: Sitting) -> tuple[SittingChange, ...]:
    """Return in what a sitting ended otherwise."""
    members = {
        SittingChange.CONCLUSION: ("conclusion",),
        SittingChange.DATE: ("held_on",),
        SittingChange.SCORES: ("theory_score_tenths", "practice_score_tenths"),
    }
    return tuple(
        change for change, names in members.items() if any(getattr(standing, n) != getattr(new, n) for n in names)
    )


def _require_make_up_allowed(first: Sitting | None, make_up: Sitting) -> None:
    if first is None or first.conclusion not in LEAVES_A_MAKE_UP or make_up.held_on <= first.held_on:
        raise FieldError("SITTING_ORDER")
