"""Setting jobs going, looking at them, and pausing, resuming or cancelling one."""

from uuid import UUID

from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import record
from verify_service.database import Connection, new_row_id
from verify_service.errors import ConflictError, NotFoundError
from verify_service.jobs.model import STAGES, Job, JobProgress, NewJob
from verify_service.jobs.queries import standing as queries


async def start(connection: Connection, actor: Actor, new: NewJob) -> UUID:
    """Add a job in the caller's transaction, and return its id: it begins when that commits, or never was."""
    job_id = new_row_id()
    await queries.add_job(connection, job_id, new)
    await queries.add_stages(connection, job_id, [(stage, new.total) for stage in STAGES[new.kind]])
    detail = {"kind": new.kind.value, "proposal": str(new.proposal_id), "total": new.total}
    await record(connection, actor, AuditEvent("job_started", "job", str(job_id), detail))
    return job_id


async def get_job(connection: Connection, job_id: UUID) -> Job:
    """Return a job; refuse an id that none has."""
    job = await queries.find_job(connection, job_id)
    if job is None:
        raise NotFoundError("UNKNOWN_JOB", "there is no such job")
    return job


async def get_progress(connection: Connection, job_id: UUID) -> JobProgress:
    """Return a job and how far its stages have come, read at one instant; refuse an id that none has."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        job = await get_job(connection, job_id)
        return JobProgress(job, tuple(await queries.list_stages(connection, job_id)))


async def pause(connection: Connection, actor: Actor, job_id: UUID) -> None:
    """Let a job pause after the batch it is at; refuse one that has ended or pauses already."""
    async with connection.transaction():
        await get_job(connection, job_id)
        if not await queries.pause(connection, job_id):
            raise ConflictError("JOB_NOT_RUNNING", "the job has ended, or pauses already")
        await _note(connection, actor, "job_paused", job_id)


async def resume(connection: Connection, actor: Actor, job_id: UUID) -> None:
    """Let a paused job go on, and whoever it left out be tried again; refuse one that does not pause."""
    async with connection.transaction():
        await get_job(connection, job_id)
        if not await queries.resume(connection, job_id):
            raise ConflictError("JOB_NOT_PAUSED", "the job does not pause")
        await queries.forget_held(connection, job_id)
        await _note(connection, actor, "job_resumed", job_id)


async def cancel(connection: Connection, actor: Actor, job_id: UUID) -> None:
    """End a job of which nothing was done; refuse one that has begun: what is issued is revoked, not cancelled."""
    async with connection.transaction():
        await get_job(connection, job_id)
        if not await queries.cancel(connection, job_id):
            raise ConflictError("JOB_BEGUN", "the job has begun: it can pause, and what it did can be revoked")
        await _note(connection, actor, "job_cancelled", job_id)


async def _note(connection: Connection, actor: Actor, action: str, job_id: UUID) -> None:
    await record(connection, actor, AuditEvent(action, "job", str(job_id)))
