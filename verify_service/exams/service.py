"""Importing exam results: every row fits the register and the exam rules, or nothing is recorded."""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import record
from verify_service.database import Connection
from verify_service.errors import FieldError
from verify_service.exams import queries
from verify_service.exams.model import Sitting
from verify_service.exams.queries import ExamEntry
from verify_service.exams.rules.eligibility import Recording, require_recordable
from verify_service.exams.rules.results_file import CheckedResults, ResultsReport, ResultValue
from verify_service.sealing.model import Secrets
from verify_service.subjects import service as subjects
from verify_service.subjects.rules.names import match_key
from verify_service.tables.model import Finding, RowReport, Table
from verify_service.tables.rules.reports import with_findings

Row = RowReport[ResultValue]
Enrolled = Mapping[tuple[str | None, str | None], tuple[ExamEntry, str]]
"""ID number and kind to the exam entry and the registered name."""

FIELD_OF: dict[str, str] = {"SITTING_ORDER": "sitting", "ALREADY_DECIDED": "conclusion"}


class ResultsOutcome(msgspec.Struct, frozen=True):
    """The report with what the register adds to it, and how many rows were new or stood already."""

    report: ResultsReport
    imported: int
    unchanged: int


async def import_results(
    connection: Connection, secrets: Secrets, actor: Actor, *, cohort_id: UUID, results: Table, checked: CheckedResults
) -> ResultsOutcome:
    """Record every sitting of a results file, or none if any row is refused."""
    async with connection.transaction():
        await queries.lock_results(connection)
        enrolled = await _enrolled(connection, secrets, cohort_id)
        standing = await queries.find_sittings(connection, [entry.exam_entry_id for entry, _ in enrolled.values()])
        new, findings, unchanged = _decide(checked, enrolled, standing)
        report = with_findings(checked.report, results, errors=findings)
        if report.summary.rejected:
            return ResultsOutcome(report, 0, 0)
        for exam_entry_id, sitting in new:
            await queries.add_sitting(connection, exam_entry_id, sitting)
        if new:
            await record(connection, actor, *(_event(exam_entry_id, sitting) for exam_entry_id, sitting in new))
    return ResultsOutcome(report, len(new), unchanged)


async def _enrolled(connection: Connection, secrets: Secrets, cohort_id: UUID) -> Enrolled:
    entries = await queries.list_cohort_entries(connection, cohort_id)
    people = await subjects.find_by_ids(connection, secrets, [entry.subject_id for entry in entries])
    return {
        (people[entry.subject_id].person.id_number, entry.kind): (entry, people[entry.subject_id].person.name)
        for entry in entries
        if entry.subject_id in people
    }


def _decide(
    checked: CheckedResults, enrolled: Enrolled, standing: Mapping[UUID, list[Sitting]]
) -> tuple[list[tuple[UUID, Sitting]], list[Finding], int]:
    """Return what to record, what to refuse and how many rows stand already; a first sitting before its make-up."""
    sittings = {entry_id: list(of_entry) for entry_id, of_entry in standing.items()}
    new: list[tuple[UUID, Sitting]] = []
    findings: list[Finding] = []
    unchanged = 0
    rows = [row for row in checked.report.rows if not row.errors and row.row in checked.sittings]
    for row in sorted(rows, key=lambda row: checked.sittings[row.row].kind):
        entry, refusal = _entry_of(row, enrolled)
        if entry is None:
            findings.append(refusal)
            continue
        sitting, of_entry = checked.sittings[row.row], sittings.setdefault(entry.exam_entry_id, [])
        try:
            recording = require_recordable(of_entry, sitting, issued=entry.issued)
        except FieldError as error:
            findings.append(Finding(row.row, error.code, FIELD_OF[error.code]))
            continue
        if recording is Recording.UNCHANGED:
            unchanged += 1
        else:
            of_entry.append(sitting)
            new.append((entry.exam_entry_id, sitting))
    return new, findings, unchanged


def _entry_of(row: Row, enrolled: Enrolled) -> tuple[ExamEntry | None, Finding]:
    found = enrolled.get((row.value.id_number, row.value.kind))
    if found is None:
        return None, Finding(row.row, "NOT_ENROLLED", "idNumber")
    entry, name = found
    if match_key(name) != match_key(str(row.value.name)):
        return None, Finding(row.row, "NAME_MISMATCH", "name")
    return entry, Finding(row.row, "", "")


def _event(exam_entry_id: UUID, sitting: Sitting) -> AuditEvent:
    detail = {"sitting": sitting.kind.value, "conclusion": sitting.conclusion.value}
    return AuditEvent("sitting_recorded", "exam_entry", str(exam_entry_id), detail)
