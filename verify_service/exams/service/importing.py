"""Importing exam results: every row fits the register and the exam rules, or nothing is recorded."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from verify_service.audit.model import Actor, Approval, ApprovedObject, AuditEvent
from verify_service.audit.service import approve, record
from verify_service.database import Connection
from verify_service.exams import queries
from verify_service.exams.rules.results_file import CheckedResults, ResultsReport
from verify_service.exams.service.deciding import Decision, Enrolled, Recorded, decide
from verify_service.sealing.model import Secrets
from verify_service.subjects import service as subjects
from verify_service.tables.model import Difference, RowChanges, Table
from verify_service.tables.rules.reports import with_findings


class ResultsOutcome(msgspec.Struct, frozen=True):
    """The report with what the register adds to it, and how many rows changed something or stood already."""

    report: ResultsReport
    imported: int = 0
    unchanged: int = 0
    changes: tuple[RowChanges, ...] = ()
    """Of each row that changed something."""


class ResultsComparison(msgspec.Struct, frozen=True):
    """The report with what the register adds to it, and with an amendment what it changes of what stands."""

    report: ResultsReport
    differences: tuple[Difference, ...] = ()


async def import_results(
    connection: Connection,
    secrets: Secrets,
    actor: Actor,
    *,
    cohort_id: UUID,
    results: Table,
    checked: CheckedResults,
    amendment: str | None = None,
) -> ResultsOutcome:
    """Record every sitting of a results file, or none if any row is refused.

    `amendment`: why sittings may be replaced on which no certificate rests; None where they may not.
    """
    async with connection.transaction():
        # One import at a time, for a sitting is decided once; a batch of certificates takes this lock too, and must not
        # rest on what is being amended.
        await subjects.hold_registration(connection)
        enrolled = await _enrolled(connection, secrets, cohort_id)
        decision = await _decide(connection, enrolled, checked, amending=amendment is not None)
        report = with_findings(checked.report, results, errors=decision.refused, language=checked.language)
        if report.summary.rejected:
            return ResultsOutcome(report)
        await _record(connection, actor, decision.recorded, amendment)
    changes = sorted((one.changes() for one in decision.recorded), key=lambda changes: changes.row)
    return ResultsOutcome(report, len(changes), decision.unchanged, tuple(changes))


async def compare_results(
    connection: Connection,
    secrets: Secrets,
    *,
    cohort_id: UUID,
    results: Table,
    checked: CheckedResults,
    amending: bool,
) -> ResultsComparison:
    """Return the report with what the register adds to it now; nothing is held, and an import asks again."""
    enrolled = await _enrolled(connection, secrets, cohort_id)
    decision = await _decide(connection, enrolled, checked, amending=amending)
    report = with_findings(checked.report, results, errors=decision.refused, language=checked.language)
    return ResultsComparison(report, tuple(change for one in decision.recorded for change in one.differences()))


async def _decide(connection: Connection, enrolled: Enrolled, checked: CheckedResults, *, amending: bool) -> Decision:
    standing = await queries.find_sittings(connection, [entry.exam_entry_id for entry, _ in enrolled.values()])
    return decide(checked, enrolled, standing, amending=amending)


async def _enrolled(connection: Connection, secrets: Secrets, cohort_id: UUID) -> Enrolled:
    entries = await queries.list_cohort_entries(connection, cohort_id)
    people = await subjects.find_by_ids(connection, secrets, [entry.subject_id for entry in entries])
    return {
        (people[entry.subject_id].person.id_number, entry.kind): (entry, people[entry.subject_id])
        for entry in entries
        if entry.subject_id in people
    }


async def _record(connection: Connection, actor: Actor, recorded: Sequence[Recorded], amendment: str | None) -> None:
    """Add or replace sittings; what is replaced is approved, once for each person, the note sealed for that person."""
    approvals: dict[UUID, Approval] = {}
    events = []
    for one in recorded:
        if one.replaced is None:
            await queries.add_sitting(connection, one.entry.exam_entry_id, one.sitting)
            events.append(_recorded_event(one))
            continue
        subject_id = one.subject.subject_id
        if subject_id not in approvals:
            about = ApprovedObject("subject", str(subject_id))
            approvals[subject_id] = await approve(
                connection, actor, "amend_result", about=about, note=amendment, cipher=one.subject.cipher
            )
        await queries.amend_sitting(connection, one.entry.exam_entry_id, one.sitting)
        events.append(_amended_event(one, approvals[subject_id]))
    if events:
        await record(connection, actor, *events)


def _recorded_event(one: Recorded) -> AuditEvent:
    detail = {"sitting": one.sitting.kind.value, "conclusion": one.sitting.conclusion.value}
    return AuditEvent("sitting_recorded", "exam_entry", str(one.entry.exam_entry_id), detail)


def _amended_event(one: Recorded, approval: Approval) -> AuditEvent:
    """Return the event of an amendment: which conclusion became which, never the scores."""
    detail = {
        "sitting": one.sitting.kind.value,
        "from": one.replaced and one.replaced.conclusion.value,
        "to": one.sitting.conclusion.value,
        "changes": one.changes().changes,
        "approval": str(approval.approval_id),
    }
    return AuditEvent("sitting_amended", "exam_entry", str(one.entry.exam_entry_id), detail)
