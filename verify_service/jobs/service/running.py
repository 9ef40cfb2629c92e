"""A worker as a process of its own: it takes the oldest job that is due, and goes on where the last one was cut off.

Whoever works on a job holds an advisory lock of its database session, which ends with the process, however that ends:
there is no lease to run out, and no clock to agree on. Several may run; each job has one of them.
"""

import asyncio
import contextlib
import time
from collections.abc import Coroutine
from typing import Any, Final
from uuid import UUID

import structlog

from verify_service.database import DATABASE_FAILURES, Connection, connected
from verify_service.errors import ServiceError
from verify_service.jobs.model import STAGES, JobState
from verify_service.jobs.queries import working as queries
from verify_service.jobs.queries.standing import CHANNEL
from verify_service.jobs.service.stages import batches
from verify_service.jobs.service.steering import get_progress
from verify_service.jobs.service.workshop import Workshop
from verify_service.migrate import load_migrations, require_migrated

LOOK_SECONDS: Final = 5.0
"""Between two looks, for what becomes due by itself, and for a job whose worker died."""
RETRY_SECONDS: Final = 15.0
"""After a job broke off for a reason that may pass, such as a signer or a key that is away."""
RECONNECT_SECONDS: Final = 2.0

log = structlog.get_logger()


async def work_until(ended: Coroutine[Any, Any, object], workshop: Workshop, database_url: str) -> None:
    """Work on jobs until `ended` returns; refuse to start on tables that are not migrated."""
    ending = asyncio.ensure_future(ended)
    working: asyncio.Task[None] | None = None
    try:
        async with connected(database_url, "CONSOLE_DATABASE_URL") as connection:
            await require_migrated(connection, load_migrations())
        log.info("jobs_ready")
        working = asyncio.create_task(_keep_working(workshop, database_url))
        done, _ = await asyncio.wait((ending, working), return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        tasks = [ending] if working is None else [ending, working]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def work_once(workshop: Workshop, database_url: str) -> int:
    """Work on whatever is due now, and return how many jobs were taken up."""
    taken = 0
    async with connected(database_url, "CONSOLE_DATABASE_URL") as connection:
        await queries.lift_timeout(connection)
        while await work_on_next(workshop, connection):
            taken += 1
    return taken


async def work_on_next(workshop: Workshop, connection: Connection) -> bool:
    """Work on the oldest job that is due and nobody works on; False where there is none.

    It ends done, paused, or to be tried again with the reason; a fault of ours is raised after that is noted.
    """
    job_id = await queries.take_next(connection)
    if job_id is None:
        return False
    try:
        await _work(workshop, connection, job_id)
    except Exception as error:
        if connection.is_closed():  # whoever connects next takes it up again
            raise
        code = error.code if isinstance(error, ServiceError) else type(error).__name__
        await queries.retry_later(connection, job_id, code, RETRY_SECONDS)
        log.warning("job_broke_off", job=str(job_id), code=code)
        if not isinstance(error, (ServiceError, *DATABASE_FAILURES)):
            raise
    finally:
        if not connection.is_closed():
            await queries.let_go(connection, job_id)
    return True


async def _work(workshop: Workshop, connection: Connection, job_id: UUID) -> None:
    job = (await get_progress(connection, job_id)).job
    for stage in STAGES[job.kind]:
        since = time.monotonic()
        async with contextlib.aclosing(batches(workshop, connection, job, stage)) as each:
            async for _ in each:
                now = time.monotonic()
                await queries.count_stage(connection, job_id, stage, now - since)
                since = now
                if await queries.beat(connection, job_id) is not JobState.RUNNING:
                    return
        await queries.end_stage(connection, job_id, stage)
    await queries.end_job(connection, job_id)


async def _keep_working(workshop: Workshop, database_url: str) -> None:
    """Work for ever; a database that is away is waited for."""
    while True:
        try:
            await _work_while_connected(workshop, database_url)
        except (ServiceError, *DATABASE_FAILURES) as error:
            code = error.code if isinstance(error, ServiceError) else type(error).__name__
            log.warning("jobs_wait", code=code)
        await asyncio.sleep(RECONNECT_SECONDS)


async def _work_while_connected(workshop: Workshop, database_url: str) -> None:
    wake = asyncio.Event()
    async with connected(database_url, "CONSOLE_DATABASE_URL") as connection:
        await queries.lift_timeout(connection)
        await connection.add_listener(CHANNEL, lambda *_: wake.set())
        while True:
            wake.clear()
            while await work_on_next(workshop, connection):
                pass
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(wake.wait(), LOOK_SECONDS)
