"""SQL of whoever works on jobs: which is next, whom it leaves out, how far it has come."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from verify_service.database import Connection
from verify_service.jobs.model import JobState, Stage

SELECT_RUNNABLE: Final = """
select job_id from job where state in ('waiting', 'running') and retry_at <= now() order by created_at limit 50
"""
# Of the session, not of the transaction: it ends with the process that holds it, also by kill -9 or a lost connection.
TRY_LOCK: Final = "select pg_try_advisory_lock(hashtextextended('job ' || $1::uuid::text, 0))"
UNLOCK: Final = "select pg_advisory_unlock(hashtextextended('job ' || $1::uuid::text, 0))"
BEGIN_WORK: Final = """
update job set state = 'running', started_at = coalesce(started_at, now()), beat_at = now()
 where job_id = $1 and state in ('waiting', 'running') and retry_at <= now()
returning job_id
"""
BEAT: Final = "update job set beat_at = now(), trouble = null where job_id = $1 returning state"
END_JOB: Final = """
update job set state = 'done', ended_at = now(), trouble = null where job_id = $1 and state in ('running', 'paused')
"""
# What broke off before anything was done has not begun, and may be cancelled.
RETRY_LATER: Final = """
update job set state = case state when 'running' then 'waiting' else state end, trouble = $2,
       retry_at = now() + make_interval(secs => $3),
       started_at = case
           when exists (select from job_stage where job_stage.job_id = job.job_id and job_stage.done > 0)
             or exists (
                    select
                      from proposal_item
                      join credential on credential.exam_entry_id = proposal_item.object_id
                     where proposal_item.proposal_id = job.proposal_id and credential.approval_id = job.approval_id
                ) then started_at
       end
 where job_id = $1 and state in ('running', 'paused')
"""
NO_TIMEOUT: Final = "set statement_timeout = 0"
UPSERT_HELD: Final = """
insert into job_held (job_id, stage, object_id, reason) values ($1, $2, $3, $4) on conflict do nothing
"""
# Held for want of a signature, and signed since.
DELETE_SIGNED: Final = """
delete from job_held
 using credential
  join credential_signature on credential_signature.credential_id = credential.credential_id
 where job_held.job_id = $1 and job_held.stage = 'sign' and credential.exam_entry_id = job_held.object_id
"""
# Counted in the register each time: after a crash nothing has to be remembered, and nothing is counted twice.
COUNT_SIGN: Final = """
update job_stage
   set busy_seconds = busy_seconds + $2,
       held = (select count(*) from job_held where job_held.job_id = $1 and job_held.stage = 'sign'),
       done = (
           select count(*)
             from job
             join proposal_item on proposal_item.proposal_id = job.proposal_id
             join credential on credential.exam_entry_id = proposal_item.object_id and credential.version = 1
             join credential_signature on credential_signature.credential_id = credential.credential_id
            where job.job_id = $1
       )
 where job_id = $1 and stage = 'sign'
"""
COUNT_PRINT: Final = """
update job_stage
   set busy_seconds = busy_seconds + $2, total = counted.total, done = counted.passed, held = counted.held
  from (
           select count(*) as total, count(*) filter (where newest.held_for is null and newest.seen) as passed,
                  count(*) filter (where newest.held_for is not null) as held
             from job
             join proposal_item on proposal_item.proposal_id = job.proposal_id
             join credential
               on credential.exam_entry_id = proposal_item.object_id and credential.approval_id = job.approval_id
             join credential_signature on credential_signature.credential_id = credential.credential_id
             left join lateral (
                      select held_for, true as seen
                        from print_check
                       where print_check.credential_id = credential.credential_id and edition = 'full'
                       order by print_check_id desc
                       limit 1
                  ) as newest on true
            where job.job_id = $1
              and not exists (
                      select from credential_event where credential_event.credential_id = credential.credential_id
                  )
       ) as counted
 where job_id = $1 and stage = 'print'
"""
COUNT_REVOKE: Final = """
update job_stage
   set busy_seconds = busy_seconds + $2,
       held = (select count(*) from job_held where job_held.job_id = $1 and job_held.stage = 'revoke'),
       done = (
           select count(*)
             from job
             join proposal_item on proposal_item.proposal_id = job.proposal_id
             join credential_event
               on credential_event.credential_id = proposal_item.object_id and credential_event.event = 'revoked'
            where job.job_id = $1
       )
 where job_id = $1 and stage = 'revoke'
"""
END_STAGE: Final = """
update job_stage set ended_at = now() where job_id = $1 and stage = $2 and ended_at is null
"""
_COUNTS: Final = {Stage.SIGN: COUNT_SIGN, Stage.PRINT: COUNT_PRINT, Stage.REVOKE: COUNT_REVOKE}


async def lift_timeout(connection: Connection) -> None:
    """Let statements of this session last: a page's limit is not a job's."""
    await connection.execute(NO_TIMEOUT)


async def take_next(connection: Connection) -> UUID | None:
    """Return the oldest job that is due and nobody works on, held by this session alone until `let_go`; or None."""
    for row in await connection.fetch(SELECT_RUNNABLE):
        job_id: UUID = row["job_id"]
        if not await connection.fetchval(TRY_LOCK, job_id):
            continue
        if await connection.fetchval(BEGIN_WORK, job_id) is not None:
            return job_id
        await let_go(connection, job_id)  # paused, cancelled or done by another meanwhile
    return None


async def let_go(connection: Connection, job_id: UUID) -> None:
    """Let others work on a job."""
    await connection.execute(UNLOCK, job_id)


async def beat(connection: Connection, job_id: UUID) -> JobState:
    """Say that it goes on, and return what the job's state is by now."""
    return JobState(await connection.fetchval(BEAT, job_id))


async def end_job(connection: Connection, job_id: UUID) -> None:
    """Note that all of it is done."""
    await connection.execute(END_JOB, job_id)


async def retry_later(connection: Connection, job_id: UUID, trouble: str, seconds: float) -> None:
    """Note why it broke off, to be tried again after so many seconds."""
    await connection.execute(RETRY_LATER, job_id, trouble, seconds)


async def add_held(connection: Connection, job_id: UUID, stage: Stage, reasons: Mapping[UUID, str]) -> None:
    """Note whom a stage leaves out, and why."""
    await connection.executemany(UPSERT_HELD, [(job_id, stage.value, *one) for one in reasons.items()])


async def forget_signed(connection: Connection, job_id: UUID) -> None:
    """Let nobody count as left out whose signature came after all."""
    await connection.execute(DELETE_SIGNED, job_id)


async def count_stage(connection: Connection, job_id: UUID, stage: Stage, busy_seconds: float) -> None:
    """Count how far a stage has come, in the register, and add the time it took."""
    await connection.execute(_COUNTS[stage], job_id, busy_seconds)


async def end_stage(connection: Connection, job_id: UUID, stage: Stage) -> None:
    """Note that a stage has nothing left to do."""
    await connection.execute(END_STAGE, job_id, stage.value)
