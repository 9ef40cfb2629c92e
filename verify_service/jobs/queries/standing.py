"""SQL on job, job_stage and job_held."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from verify_service.database import Connection
from verify_service.jobs.model import HeldObject, Job, JobKind, JobState, NewJob, Stage, StageProgress

CHANNEL: Final = "verify_service_jobs"
"""Where the database says, with its id alone, that a job waits."""

JOBS: Final = """
select job.job_id, job.kind, job.proposal_id, job.approval_id, job.cohort_id, cohort.code as cohort, proposal.reason,
       proposal.proposer, proposal.decider, job.state, job.trouble, job.created_at, job.started_at, job.beat_at,
       job.ended_at
  from job
  join cohort on cohort.cohort_id = job.cohort_id
  join proposal on proposal.proposal_id = job.proposal_id
"""
SELECT_JOB: Final = f"{JOBS} where job.job_id = $1"
SELECT_LATEST: Final = f"{JOBS} order by job.created_at desc limit $1"
INSERT_JOB: Final = """
insert into job (job_id, kind, proposal_id, approval_id, cohort_id) values ($1, $2, $3, $4, $5)
"""
INSERT_STAGE: Final = "insert into job_stage (job_id, stage, position, total) values ($1, $2, $3, $4)"
SELECT_STAGES: Final = """
select stage, total, done, held, busy_seconds, ended_at from job_stage where job_id = $1 order by position
"""
SELECT_HELD: Final = "select stage, object_id, reason from job_held where job_id = $1 order by stage, object_id"
# Of exam entries, and of credentials.
SELECT_WHOSE: Final = """
select exam_entry.exam_entry_id as object_id, enrolment.subject_id,
       coalesce(credential.certificate_number, '') as number
  from exam_entry
  join enrolment on enrolment.enrolment_id = exam_entry.enrolment_id
  left join credential on credential.exam_entry_id = exam_entry.exam_entry_id and credential.version = 1
 where exam_entry.exam_entry_id = any($1)
 union all
select credential_id, subject_id, certificate_number from credential where credential_id = any($1)
"""
# Whoever takes it between the look and this has it: the state says who was first.
PAUSE: Final = "update job set state = 'paused' where job_id = $1 and state in ('waiting', 'running') returning job_id"
RESUME: Final = """
update job set state = 'waiting', retry_at = now(), trouble = null where job_id = $1 and state = 'paused'
returning job_id
"""
CANCEL: Final = """
update job set state = 'cancelled', ended_at = now()
 where job_id = $1 and state in ('waiting', 'paused') and started_at is null
returning job_id
"""
DELETE_HELD: Final = "delete from job_held where job_id = $1"


async def add_job(connection: Connection, job_id: UUID, job: NewJob) -> None:
    """Add a job that waits."""
    await connection.execute(INSERT_JOB, job_id, job.kind.value, job.proposal_id, job.approval_id, job.cohort_id)


async def add_stages(connection: Connection, job_id: UUID, totals: Sequence[tuple[Stage, int]]) -> None:
    """Add the stages of a job in their order, with how much there is to do."""
    rows = [(job_id, stage.value, position, total) for position, (stage, total) in enumerate(totals)]
    await connection.executemany(INSERT_STAGE, rows)


async def find_job(connection: Connection, job_id: UUID) -> Job | None:
    """Return a job, or None."""
    row = await connection.fetchrow(SELECT_JOB, job_id)
    return None if row is None else _job(dict(row))


async def list_jobs(connection: Connection, limit: int) -> list[Job]:
    """Return the newest jobs, the newest first."""
    return [_job(dict(row)) for row in await connection.fetch(SELECT_LATEST, limit)]


async def list_stages(connection: Connection, job_id: UUID) -> list[StageProgress]:
    """Return the stages of a job in their order."""
    rows = [dict(row) for row in await connection.fetch(SELECT_STAGES, job_id)]
    return [StageProgress(**row | {"stage": Stage(row["stage"])}) for row in rows]


async def list_held(connection: Connection, job_id: UUID) -> list[HeldObject]:
    """Return whom the stages of a job left out."""
    rows = await connection.fetch(SELECT_HELD, job_id)
    return [HeldObject(Stage(row["stage"]), row["object_id"], row["reason"]) for row in rows]


async def find_whose(connection: Connection, object_ids: Sequence[UUID]) -> dict[UUID, tuple[UUID, str]]:
    """Return by exam entry or credential whose it is, and the certificate's number or an empty text."""
    rows = await connection.fetch(SELECT_WHOSE, object_ids)
    return {row["object_id"]: (row["subject_id"], row["number"]) for row in rows}


async def pause(connection: Connection, job_id: UUID) -> bool:
    """Let a job pause after the batch it is at; False if it has ended or pauses already."""
    return await connection.fetchval(PAUSE, job_id) is not None


async def resume(connection: Connection, job_id: UUID) -> bool:
    """Let a paused job go on; False if it does not pause."""
    return await connection.fetchval(RESUME, job_id) is not None


async def cancel(connection: Connection, job_id: UUID) -> bool:
    """End a job that has not begun; False if it has."""
    return await connection.fetchval(CANCEL, job_id) is not None


async def forget_held(connection: Connection, job_id: UUID) -> None:
    """Let whoever was left out be tried again."""
    await connection.execute(DELETE_HELD, job_id)


def _job(row: Mapping[str, Any]) -> Job:
    return Job(**{**row, "kind": JobKind(row["kind"]), "state": JobState(row["state"])})
