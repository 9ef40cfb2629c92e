"""Ending what the policy says is due, a batch a transaction: a run that is killed has ended whole batches."""

import datetime
from typing import Final
from uuid import UUID

import msgspec

from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import approve, record
from verify_service.budgets.service.ending import count_old, end_old
from verify_service.database import Connection
from verify_service.retention.model import ClassReport, DataClass, FailuresReport, Policy, RetentionReport
from verify_service.retention.queries import due as queries
from verify_service.retention.rules import FAILURES_RULE, RULES, cut_off, kept_days
from verify_service.retention.service.erasing import erase_people
from verify_service.subjects import service as subjects

BATCH: Final = 500
"""Imports and issuing wait for one transaction: with 50,000 people on the register, about a second."""


class _Run(msgspec.Struct, frozen=True):
    """What every batch of one run shares."""

    connection: Connection
    actor: Actor
    approval_id: UUID


async def preview_retention(connection: Connection, policy: Policy) -> RetentionReport:
    """Return what is due today in each class; nothing is changed.

    Each class is counted by itself: whoever is due for erasure may also have a photo that is due.
    """
    today = await queries.get_today(connection)
    classes = [await _count(connection, policy, data_class, today) for data_class in RULES]
    failures = FailuresReport(due=await count_old(connection), ended=0, rule=FAILURES_RULE)
    return RetentionReport(applied=False, checked_on=today, classes=tuple(classes), failed_questions=failures)


async def apply_retention(connection: Connection, actor: Actor, policy: Policy) -> RetentionReport:
    """End everything that is due today, and return how much of each class; where nothing is, nothing is recorded."""
    found = await preview_retention(connection, policy)
    classes = found.classes
    if any(line.due for line in classes):
        approval = await approve(connection, actor, "retention")
        run = _Run(connection, actor, approval.approval_id)
        classes = tuple([await _end(run, line) for line in classes])
    failures = msgspec.structs.replace(found.failed_questions, ended=await end_old(connection))
    return RetentionReport(applied=True, checked_on=found.checked_on, classes=classes, failed_questions=failures)


async def _count(connection: Connection, policy: Policy, data_class: DataClass, today: datetime.date) -> ClassReport:
    term = policy.term(data_class)
    before = cut_off(term, today)
    return ClassReport(
        data_class=data_class,
        keep_days=kept_days(term),
        cut_off_on=before,
        due=0 if before is None else await queries.count_due(connection, data_class, before),
        ended=0,
        rule=RULES[data_class],
        reason=term.reason,
    )


async def _end(run: _Run, line: ClassReport) -> ClassReport:
    ended, batch = 0, BATCH
    while line.cut_off_on is not None and batch == BATCH:
        batch = await _end_batch(run, line.data_class, line.cut_off_on)
        ended += batch
    return msgspec.structs.replace(line, ended=ended)


async def _end_batch(run: _Run, data_class: DataClass, before: datetime.date) -> int:
    """End up to `BATCH` things of a class and record how many, or nothing of either."""
    detail = {"approval": str(run.approval_id), "class": data_class.value, "before": before.isoformat()}
    async with run.connection.transaction():
        # No import, issue or correction runs beside it: each could be about to use what is found due here.
        await subjects.hold_registration(run.connection)
        if data_class is DataClass.ROSTERS:
            people = await queries.find_due_people(run.connection, before, BATCH)
            await erase_people(run.connection, run.actor, people, dict(detail))
            ended = len(people)
        else:
            ended = await queries.delete_due(run.connection, data_class, before, BATCH)
        if ended:
            event = AuditEvent("retention_ended", "approval", str(run.approval_id), {**detail, "count": ended})
            await record(run.connection, run.actor, event)
    return ended
