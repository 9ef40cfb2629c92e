"""`/staff/jobs`: what runs in the background, live where there is a script, and pausing, resuming, cancelling it."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Final
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import ServerSentEvent, ServerSentEventMessage
from litestar.status_codes import HTTP_200_OK, HTTP_409_CONFLICT

from verify_service.accounts.queries.sessions import find_roles
from verify_service.audit.model import Actor
from verify_service.consoles.access import ACCESS
from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.pages import console_page, see_other
from verify_service.consoles.visitors import Visitor
from verify_service.database import Connection
from verify_service.errors import ConflictError
from verify_service.jobs.model import JobProgress
from verify_service.jobs.queries.standing import list_jobs
from verify_service.jobs.service import steering
from verify_service.jobs.service.describing import list_held_people
from verify_service.pages.responses import parse_language
from verify_service.translations import Language

TOPIC: Final = "console_proposals"
NEWEST: Final = 100
LOOK_SECONDS: Final = 1.0
"""Between two looks at one row, by its key: fewer than a reload costs, and nothing to lose when a word gets lost."""
ALIVE_SECONDS: Final = 15.0
"""So often something is said, or a proxy takes the silence for the end."""
CHECK_SECONDS: Final = 5.0
"""So often the session is looked at again: who is signed out, or lost the role, sees no more."""
LONGEST_SECONDS: Final = 600.0
"""Then the browser asks anew, through the guard."""
MAX_FORM_BYTES: Final = 8 * 1024
Steer = Callable[[Connection, Actor, UUID], Awaitable[None]]


class StageView(msgspec.Struct, frozen=True):
    """What the script shows of one stage."""

    stage: str
    done: int
    held: int
    total: int
    rate: float | None


class ProgressView(msgspec.Struct, frozen=True):
    """One event of the stream: numbers and codes alone."""

    state: str
    trouble: str | None
    stages: tuple[StageView, ...]


@get("/staff/jobs", include_in_schema=False)
async def show_jobs(
    visitor: NamedDependency[Visitor], console: NamedDependency[ConsoleContext], lang: FromQuery[str | None] = None
) -> Response[bytes]:
    """Return the newest jobs."""
    async with console.connection() as connection:
        jobs = await list_jobs(connection, NEWEST)
    return console_page("console/jobs.html", console, visitor, parse_language(lang), topic=TOPIC, jobs=jobs)


@get("/staff/jobs/{job:uuid}", include_in_schema=False)
async def show_job(
    job: FromPath[UUID],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
    notice: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Return how far a job has come, and whom it left out."""
    return await _job_page(console, visitor, parse_language(lang), job, notice=notice)


@get("/staff/jobs/{job:uuid}/events", include_in_schema=False)
async def stream_job(
    job: FromPath[UUID], visitor: NamedDependency[Visitor], console: NamedDependency[ConsoleContext]
) -> ServerSentEvent:
    """Stream a job's progress until it has ended, the session has, or for ten minutes."""
    async with console.connection() as connection:
        await steering.get_job(connection, job)
    return ServerSentEvent(_events(console, visitor, job))


@post("/staff/jobs/{job:uuid}/pause", include_in_schema=False, request_max_body_size=MAX_FORM_BYTES)
async def pause_job(
    job: FromPath[UUID],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Let it pause after the batch it is at."""
    return await _steer(console, visitor, parse_language(lang), job, steering.pause, "paused")


@post("/staff/jobs/{job:uuid}/resume", include_in_schema=False, request_max_body_size=MAX_FORM_BYTES)
async def resume_job(
    job: FromPath[UUID],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Let it go on."""
    return await _steer(console, visitor, parse_language(lang), job, steering.resume, "resumed")


@post("/staff/jobs/{job:uuid}/cancel", include_in_schema=False, request_max_body_size=MAX_FORM_BYTES)
async def cancel_job(
    job: FromPath[UUID],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """End it before it began."""
    return await _steer(console, visitor, parse_language(lang), job, steering.cancel, "cancelled")


async def _steer(
    console: ConsoleContext, visitor: Visitor, language: Language, job_id: UUID, steer: Steer, notice: str
) -> Response[bytes]:
    try:
        async with console.connection() as connection:
            await steer(connection, visitor.actor, job_id)
    except ConflictError as refused:
        return await _job_page(console, visitor, language, job_id, refusal=refused.code)
    return see_other(f"/staff/jobs/{job_id}", language, notice=notice)


async def _job_page(
    console: ConsoleContext,
    visitor: Visitor,
    language: Language,
    job_id: UUID,
    *,
    notice: str | None = None,
    refusal: str | None = None,
) -> Response[bytes]:
    async with console.connection() as connection:
        progress = await steering.get_progress(connection, job_id)
        held = await list_held_people(connection, await console.secrets(connection), job_id)
    return console_page(
        "console/job.html",
        console,
        visitor,
        language,
        topic=TOPIC,
        status=HTTP_200_OK if refusal is None else HTTP_409_CONFLICT,
        progress=progress,
        held=held,
        notice=notice,
        refusal=refusal,
    )


async def _events(
    console: ConsoleContext, visitor: Visitor, job_id: UUID
) -> AsyncGenerator[ServerSentEventMessage, None]:
    """Yield what changed, a word now and then where nothing did, and `end` when there is nothing more to come."""
    began = checked = said = time.monotonic()
    before: ProgressView | None = None
    while (now := time.monotonic()) - began < LONGEST_SECONDS:
        async with console.connection() as connection:
            if now - checked >= CHECK_SECONDS:
                checked = now
                if not await find_roles(connection, visitor.session_id) & ACCESS["GET /staff/jobs/{job}/events"].roles:
                    yield ServerSentEventMessage(event="end", data="session")
                    return
            progress = await steering.get_progress(connection, job_id)
        view = _view(progress)
        if view != before or now - said >= ALIVE_SECONDS:
            before, said = view, now
            yield ServerSentEventMessage(event="progress", data=msgspec.json.encode(view).decode())
        if progress.job.has_ended:
            yield ServerSentEventMessage(event="end", data=progress.job.state.value)
            return
        await asyncio.sleep(LOOK_SECONDS)


def _view(progress: JobProgress) -> ProgressView:
    stages = (StageView(one.stage.value, one.done, one.held, one.total, one.rate) for one in progress.stages)
    return ProgressView(progress.job.state.value, progress.job.trouble, tuple(stages))


JOBS_ROUTES: Final = (show_jobs, show_job, stream_job, pause_job, resume_job, cancel_job)
