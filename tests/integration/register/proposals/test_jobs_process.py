"""The process that works on jobs may die at any moment: the next goes on, and everyone is issued to exactly once."""

import asyncio
import os
import signal
import subprocess
import sys
from uuid import UUID

import msgspec

from tests.colleagues import Colleagues
from tests.factories import enrol_passed, trainees
from tests.integration.register.machine import UNFINISHED
from tests.integration.register.proposals.test_issuing import propose
from tests.integration.register.wholeness import require_whole
from tests.office import environment_of
from verify_service.database import Connection
from verify_service.embedded.server import DatabaseUrls
from verify_service.jobs.model import JobState
from verify_service.jobs.service.running import work_once
from verify_service.jobs.service.steering import get_progress
from verify_service.sealing.model import Secrets
from verify_service.settings import Settings

CLASS = 34  # two batches of the print gate
RECORDED = "select count(*) > 0 from credential"
PRINTED = "select count(*) > 0 from print_check"
DONE = "select state = 'done' from job"
ONCE = "select count(*) = count(distinct credential_id) and count(*) = $1 from print_check where held_for is null"


async def test_killed_while_issuing_and_while_drawing_the_next_process_does_the_rest_once(
    colleagues: Colleagues, settings: Settings, database: DatabaseUrls, operator: Connection, secrets: Secrets
) -> None:
    cohort_id = await enrol_passed(operator, secrets, "C2", trainees(CLASS))
    outcome = await colleagues.approve(await propose(colleagues, cohort_id))
    assert outcome.job_id is not None
    environment = environment_of(msgspec.structs.replace(settings, console_database_url=database.console))

    for moment in (RECORDED, PRINTED, DONE):
        await kill_at(moment, operator, environment)

    progress = await get_progress(colleagues.connection, outcome.job_id)
    assert progress.job.state is JobState.DONE
    assert [(stage.done, stage.total, stage.held) for stage in progress.stages] == [(CLASS, CLASS, 0)] * 2
    assert await require_whole(operator, secrets) == CLASS
    assert await operator.fetchval(UNFINISHED) == 0
    assert await operator.fetchval(ONCE, CLASS), "each was drawn, looked at and noted once"


async def kill_at(moment: str, watch: Connection, environment: dict[str, str]) -> None:
    """Let the process work until something stands in the database, and kill it there and then."""
    process = subprocess.Popen(  # noqa: ASYNC220  # nothing else waits for this loop
        [sys.executable, "-m", "verify_service", "jobs"],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not await watch.fetchval(moment):  # another process has no event
            assert process.poll() is None, "it ended by itself"
            await asyncio.sleep(0.005)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


async def test_two_workers_do_not_work_on_one_job(
    colleagues: Colleagues, cohort_id: UUID, database: DatabaseUrls, operator: Connection, secrets: Secrets
) -> None:
    await colleagues.approve(await propose(colleagues, cohort_id))

    taken = await asyncio.gather(*(work_once(colleagues.workshop, database.console) for _ in range(2)))

    assert sorted(taken) == [0, 1]
    assert await require_whole(operator, secrets) == await operator.fetchval("select count(*) from exam_entry")
