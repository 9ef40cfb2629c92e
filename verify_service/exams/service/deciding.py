"""What each row of a results file amounts to, beside what the register holds."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec

from verify_service.errors import FieldError
from verify_service.exams.model import Sitting, SittingChange
from verify_service.exams.queries import ExamEntry
from verify_service.exams.rules.eligibility import Recording, differences, find_sitting, require_recordable
from verify_service.exams.rules.results import format_score
from verify_service.exams.rules.results_file import CheckedResults, ResultValue
from verify_service.subjects.rules.names import match_key
from verify_service.subjects.service import OpenedSubject
from verify_service.tables.model import Difference, Finding, RowChanges, RowReport

Row = RowReport[ResultValue]
Enrolled = Mapping[tuple[str | None, str | None], tuple[ExamEntry, OpenedSubject]]
"""ID number and kind to the exam entry and the registered person."""

FIELD_OF: dict[str, str] = {"SITTING_ORDER": "sitting", "ALREADY_DECIDED": "conclusion"}
TOLD: Final[Mapping[str, Callable[[Sitting], str]]] = {
    "examOn": lambda sitting: sitting.held_on.isoformat(),
    "theoryScore": lambda sitting: format_score(sitting.theory_score_tenths),
    "practiceScore": lambda sitting: format_score(sitting.practice_score_tenths),
    "conclusion": lambda sitting: sitting.conclusion.value,
}
"""What columns say of a sitting."""


class Recorded(msgspec.Struct, frozen=True):
    """A sitting that is to be recorded, and the one it replaces."""

    row: int
    entry: ExamEntry
    subject: OpenedSubject
    sitting: Sitting
    replaced: Sitting | None

    def changes(self) -> RowChanges:
        """Return what is another now."""
        replaced = self.replaced
        words = (SittingChange.SITTING,) if replaced is None else differences(replaced, self.sitting)
        return RowChanges(self.row, words)

    def differences(self) -> Iterator[Difference]:
        """Yield what takes the place of what stood; a sitting that is new takes the place of nothing."""
        if self.replaced is None:
            return
        for field, told in TOLD.items():
            old, new = told(self.replaced), told(self.sitting)
            if old != new:
                yield Difference(self.row, field, old, new)


class Decision(msgspec.Struct, frozen=True):
    """What to record, a first sitting before its make-up, what to refuse, and how many rows stand already."""

    recorded: Sequence[Recorded]
    refused: Sequence[Finding]
    unchanged: int


def decide(
    checked: CheckedResults, enrolled: Enrolled, standing: Mapping[UUID, Sequence[Sitting]], *, amending: bool
) -> Decision:
    """Return what the rows without errors amount to; a make-up may stand before its first sitting in the file."""
    sittings = dict(standing)
    recorded: list[Recorded] = []
    refused: list[Finding] = []
    rows = [row for row in checked.report.rows if not row.errors and row.row in checked.sittings]
    for row in sorted(rows, key=lambda row: checked.sittings[row.row].kind):
        decided = _decide_row(row, checked.sittings[row.row], enrolled, sittings, amending=amending)
        if isinstance(decided, Finding):
            refused.append(decided)
        elif decided is not None:
            recorded.append(decided)
            of_entry = sittings.get(decided.entry.exam_entry_id, ())
            kept = [sitting for sitting in of_entry if sitting is not decided.replaced]
            sittings[decided.entry.exam_entry_id] = [*kept, decided.sitting]
    return Decision(recorded, refused, len(rows) - len(recorded) - len(refused))


def _decide_row(
    row: Row, sitting: Sitting, enrolled: Enrolled, sittings: Mapping[UUID, Sequence[Sitting]], *, amending: bool
) -> Recorded | Finding | None:
    """Return what to record of a row, or why it is refused; None where it stands already."""
    found = enrolled.get((row.value.id_number, row.value.kind))
    if found is None:
        return Finding(row.row, "NOT_ENROLLED", "idNumber")
    entry, subject = found
    if match_key(subject.person.name) != match_key(str(row.value.name)):
        return Finding(row.row, "NAME_MISMATCH", "name")
    existing = sittings.get(entry.exam_entry_id, ())
    try:
        recording = require_recordable(existing, sitting, issued=entry.issued, amending=amending)
    except FieldError as error:
        # About the certificate, where there is one: its sentence says that only revoking or correcting it is left.
        return Finding(row.row, error.code, "kind" if entry.issued else FIELD_OF[error.code])
    if recording is Recording.UNCHANGED:
        return None
    return Recorded(row.row, entry, subject, sitting, find_sitting(existing, sitting.kind))
