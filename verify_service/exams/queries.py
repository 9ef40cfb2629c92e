"""SQL on sittings."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from verify_service.database import Connection
from verify_service.exams.model import Conclusion, Sitting, SittingKind

SELECT_COHORT_ENTRIES: Final = """
select exam_entry.exam_entry_id, enrolment.subject_id, exam_entry.kind,
       exists (select from credential where credential.exam_entry_id = exam_entry.exam_entry_id) as issued
  from enrolment
  join exam_entry on exam_entry.enrolment_id = enrolment.enrolment_id
 where enrolment.cohort_id = $1
"""
SELECT_SITTINGS: Final = """
select exam_entry_id, kind, held_on, conclusion, theory_score_tenths, practice_score_tenths
  from sitting
 where exam_entry_id = any($1)
 order by exam_entry_id, kind
"""
INSERT_SITTING: Final = """
insert into sitting (exam_entry_id, kind, held_on, conclusion, theory_score_tenths, practice_score_tenths)
values ($1, $2, $3, $4, $5, $6)
"""
UPDATE_SITTING: Final = """
update sitting
   set held_on = $3, conclusion = $4, theory_score_tenths = $5, practice_score_tenths = $6
 where exam_entry_id = $1 and kind = $2
"""


class ExamEntry(msgspec.Struct, frozen=True):
    """What one person of a cohort sits for, and whether a certificate exists for it."""

    exam_entry_id: UUID
    subject_id: UUID
    kind: str
    issued: bool


async def list_cohort_entries(connection: Connection, cohort_id: UUID) -> list[ExamEntry]:
    """Return every exam entry of a cohort."""
    return [ExamEntry(**dict(row)) for row in await connection.fetch(SELECT_COHORT_ENTRIES, cohort_id)]


async def find_sittings(connection: Connection, exam_entry_ids: Sequence[UUID]) -> dict[UUID, list[Sitting]]:
    """Return the recorded sittings of exam entries, the first one first."""
    found: dict[UUID, list[Sitting]] = {}
    for row in await connection.fetch(SELECT_SITTINGS, exam_entry_ids):
        columns = dict(row)
        exam_entry_id = columns.pop("exam_entry_id")
        columns |= {"kind": SittingKind(columns["kind"]), "conclusion": Conclusion(columns["conclusion"])}
        found.setdefault(exam_entry_id, []).append(Sitting(**columns))
    return found


async def add_sitting(connection: Connection, exam_entry_id: UUID, sitting: Sitting) -> None:
    """Record how one sitting ended."""
    await connection.execute(INSERT_SITTING, *_columns(exam_entry_id, sitting))


async def amend_sitting(connection: Connection, exam_entry_id: UUID, sitting: Sitting) -> None:
    """Let a recorded sitting have ended otherwise."""
    await connection.execute(UPDATE_SITTING, *_columns(exam_entry_id, sitting))


def _columns(exam_entry_id: UUID, sitting: Sitting) -> tuple[object, ...]:
    return (
        exam_entry_id,
        sitting.kind.value,
        sitting.held_on,
        sitting.conclusion.value,
        sitting.theory_score_tenths,
        sitting.practice_score_tenths,
    )
