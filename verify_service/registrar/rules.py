"""How far one person has come, in which order classes want attention, and the pages of a list."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from verify_service.exams.model import Conclusion
from verify_service.exams.rules.eligibility import LEAVES_A_MAKE_UP
from verify_service.registrar.model import CohortLine, Entry, EntryState, Page

PAGE_LINES: Final = 100
_LAST: Final = date.max


def entry_state(entry: Entry, *, has_photo: bool) -> EntryState:
    """Return how far somebody has come; a certificate speaks before the results, which retention ends sooner."""
    if entry.certificate is not None:
        return EntryState(entry.certificate.status)
    latest = entry.make_up or entry.first
    if latest is None:
        return EntryState.NO_RESULT
    if latest.conclusion is Conclusion.PASSED:
        return EntryState.NO_PHOTO if entry.requires_photo and not has_photo else EntryState.TO_ISSUE
    return EntryState.MAKE_UP_OPEN if may_make_up(entry) else EntryState.FAILED


def may_make_up(entry: Entry) -> bool:
    """Tell whether the one free make-up is still to be sat."""
    return entry.make_up is None and entry.first is not None and entry.first.conclusion in LEAVES_A_MAKE_UP


def by_urgency(lines: Iterable[CohortLine]) -> list[CohortLine]:
    """Return classes as they want attention.

    Late ones first, then what waits by its due date, then exams to come by their day, then the rest, the newest code
    first.
    """
    newest_first = sorted(lines, key=lambda line: line.listed.code, reverse=True)
    return sorted(newest_first, key=_urgency)


def page_of(asked: int, lines: int) -> Page:
    """Return the page asked for, or the nearest there is; a list without lines has one empty page."""
    pages = max(1, -(-lines // PAGE_LINES))
    return Page(min(max(asked, 1), pages), pages)


def _urgency(line: CohortLine) -> tuple[int, date]:
    listed = line.listed
    if listed.late:
        return 0, listed.due_on or _LAST
    if listed.to_issue:
        return 1, listed.due_on or _LAST
    if listed.results.missing or listed.make_up_open:
        return 2, listed.exam_on or _LAST
    return 3, _LAST
