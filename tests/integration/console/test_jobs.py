"""A job's page: live while it runs, steered by buttons, and shut with the session."""

from uuid import UUID

import httpx
import msgspec
import pytest

from tests.consoles import Console, Person
from tests.factories import enrol_passed, trainees
from tests.integration.console.test_proposals import send, work
from verify_service.accounts.model import Role
from verify_service.accounts.queries import sessions
from verify_service.database import Connection
from verify_service.embedded.server import DatabaseUrls
from verify_service.jobs import routes
from verify_service.key_directory import KeyDirectory
from verify_service.settings import Settings


@pytest.fixture
async def job(console: Console, operator: Connection, settings: Settings) -> str:
    """The page of a job that waits."""
    await enrol_passed(operator, KeyDirectory(settings).require_secrets(), "C1", trainees(2))
    issuer, approver = await console.sign_in(Role.ISSUER), await console.sign_in(Role.APPROVER)
    proposal = await send(issuer, "/staff/cohorts/C1/issue")
    return await send(approver, proposal, f"{proposal}/approve")


@pytest.fixture
async def issuer(console: Console) -> Person:
    return await console.sign_in(Role.ISSUER)


def events_of(answer: httpx.Response) -> list[tuple[str, str]]:
    """Return the events of a stream that has ended, name and data."""
    events = []
    for block in answer.text.replace("\r\n", "\n").split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if lines:
            events.append((lines["event"], lines["data"]))
    return events


async def test_the_stream_tells_numbers_until_the_job_has_ended_and_is_not_compressed(
    job: str, issuer: Person, settings: Settings, database: DatabaseUrls
) -> None:
    await work(settings, database)

    answer = await issuer.get(f"{job}/events", headers={"Accept-Encoding": "gzip"})

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert "content-encoding" not in answer.headers
    (name, data), end = events_of(answer)
    assert name == "progress"
    progress = msgspec.json.decode(data)
    assert progress["state"] == "done"
    assert [(stage["stage"], stage["done"], stage["total"]) for stage in progress["stages"]] == [
        ("sign", 2, 2),
        ("print", 2, 2),
    ]
    assert end == ("end", "done")


async def test_the_stream_ends_with_the_session(
    job: str, issuer: Person, operator: Connection, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "CHECK_SECONDS", 0.0)
    monkeypatch.setattr(routes, "LOOK_SECONDS", 0.01)
    checks = 0
    ask = sessions.find_roles

    async def ended_at_the_third(connection: Connection, session_id: UUID) -> frozenset[Role]:
        nonlocal checks
        checks += 1
        if checks == 3:
            await connection.execute("update account_session set ended_at = now() where session_id = $1", session_id)
        return await ask(connection, session_id)

    monkeypatch.setattr(routes, "find_roles", ended_at_the_third)

    answer = await issuer.get(f"{job}/events")

    assert events_of(answer)[-1] == ("end", "session")
    assert (await issuer.get(f"{job}/events")).status_code == 401


async def test_a_waiting_job_is_paused_resumed_and_cancelled_by_its_buttons(
    job: str, issuer: Person, operator: Connection
) -> None:
    page = await issuer.get(job)
    assert "<noscript><meta" in page.text, "without a script the page reloads itself"
    assert "<script src=" in page.text

    for step, state in (("pause", "paused"), ("resume", "waiting"), ("pause", "paused"), ("cancel", "cancelled")):
        await send(issuer, job, f"{job}/{step}")
        assert await operator.fetchval("select state from job") == state
    answer = await issuer.post(f"{job}/resume")
    assert answer.status_code == 409
    assert "任务没有暂停" in answer.text
    assert "<script" not in answer.text, "what has ended is not watched"


async def test_no_such_job_is_a_missing_page(issuer: Person) -> None:
    for path in ("", "/events"):
        assert (await issuer.get(f"/staff/jobs/{UUID(int=1)}{path}")).status_code == 404
