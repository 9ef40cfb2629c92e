"""Command or signer may be killed at any moment: nothing is lost, nothing is there twice, nothing stays unsigned."""

import asyncio
import random
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from signing import STATUS_PURPOSES, verify_status_list
from tests.factories import enrol_passed, trainees
from tests.integration.register.machine import UNFINISHED
from tests.integration.register.signer.processes import RunningSigner, signer_running
from tests.integration.register.wholeness import require_whole
from tests.office import Office
from tests.serving import command, environment_with
from verify_service.database import Connection
from verify_service.keys import service as keys
from verify_service.keys.queries import find_issuer
from verify_service.sealing.model import Secrets
from verify_service.settings import Settings

CLASS = 3
SEED = 20261124
LONGEST_SECONDS = 2.5
EVENTS = "select count(*) from credential_event"
STATES = """
select status_list, status_index, bool_or(event = 'revoked') as revoked, bool_or(event = 'superseded') as superseded
  from credential
  left join credential_event on credential_event.credential_id = credential.credential_id
 group by status_list, status_index
"""


class Town:
    """An office, a signer that is started again after each kill, and who must be found at the end."""

    def __init__(self, office: Office, settings: Settings, operator: Connection, secrets: Secrets) -> None:
        self.office = office
        self.operator = operator
        self.chance = random.Random(SEED)  # noqa: S311  # moments, not secrets
        self.enrolled = 0
        self.cohorts: list[str] = []
        self.acknowledged: set[str] = set()
        self._settings = settings
        self._secrets = secrets
        self._signers = ExitStack()
        self.signer: RunningSigner

    def start_signer(self, folder: Path) -> None:
        """Have a signer run, in place of the one before."""
        self._signers.close()
        self.signer = self._signers.enter_context(signer_running(self._settings, folder))

    def close(self) -> None:
        """End the signer."""
        self._signers.close()

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start a command and return its process."""
        return subprocess.Popen(  # noqa: S603  # ourselves
            command(*arguments),
            env=environment_with(self.office.environment),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    async def new_class(self) -> str:
        """Enrol a class that passed, and return its code."""
        code = f"C{len(self.cohorts)}"
        await enrol_passed(self.operator, self._secrets, code, trainees(CLASS, first=self.enrolled))
        self.enrolled += CLASS
        self.cohorts.append(code)
        return code

    async def pause(self, longest: float = LONGEST_SECONDS) -> None:
        await asyncio.sleep(self.chance.uniform(0, longest))

    async def wait_while(self, process: "subprocess.Popen[bytes]", holds: Callable[[], Awaitable[bool]]) -> None:
        while process.poll() is None and await holds():
            pass  # each question is a round trip to the database: no sleep is short enough

    def standing(self) -> list[str]:
        return [line["number"] for line in self.office.list() if line["status"] == "valid"]


async def kill_whoever_issues(town: Town) -> None:
    process = town.start("certificates", "issue", "--cohort", await town.new_class())
    await town.pause()
    process.kill()
    process.wait()


async def kill_the_signer_while_it_signs(town: Town) -> None:
    process = town.start("certificates", "issue", "--cohort", await town.new_class())

    async def nothing_waits() -> bool:
        return not await town.operator.fetchval(UNFINISHED)

    await town.wait_while(process, nothing_waits)
    await town.pause(0.05)
    town.signer.process.kill()
    process.wait(60)


async def kill_the_signer_while_it_publishes(town: Town) -> None:
    number, events = town.chance.choice(town.standing()), await town.operator.fetchval(EVENTS)
    process = town.start("certificates", "revoke", number, "--reason", "holder_request")

    async def nothing_happened() -> bool:
        return bool(await town.operator.fetchval(EVENTS) == events)

    await town.wait_while(process, nothing_happened)
    await town.pause(0.05)
    town.signer.process.kill()
    assert process.wait(60) == 0  # the revocation stands, whatever becomes of the lists
    town.acknowledged.add(number)


async def kill_whoever_revokes(town: Town) -> None:
    number = town.chance.choice(town.standing())
    process = town.start("certificates", "revoke", number, "--reason", "exam_misconduct")
    await town.pause()
    process.kill()
    if process.wait() == 0:
        town.acknowledged.add(number)


ROUNDS = (kill_whoever_issues, kill_the_signer_while_it_signs, kill_the_signer_while_it_publishes, kill_whoever_revokes)


@pytest.fixture
async def town(office: Office, settings: Settings, operator: Connection, secrets: Secrets) -> AsyncIterator[Town]:
    town = Town(office, settings, operator, secrets)
    yield town
    town.close()


@pytest.mark.parametrize("kills", [10, pytest.param(100, marks=pytest.mark.slow)])
async def test_kills_at_random_moments_lose_nothing(
    town: Town, tmp_path: Path, superuser: Connection, secrets: Secrets, kills: int
) -> None:
    assert town.office.run("certificates", "issue", "--cohort", await town.new_class()).code == 0
    for number in range(kills):
        town.start_signer(tmp_path)
        await ROUNDS[number % len(ROUNDS)](town)
    town.start_signer(tmp_path)

    issued = [town.office.issue(code).json for code in town.cohorts]

    assert all(count["issued"] + count["alreadyIssued"] == CLASS for count in issued)
    assert await require_whole(town.operator, secrets) == town.enrolled
    revoked = {line["number"] for line in town.office.list() if line["status"] == "revoked"}
    assert town.acknowledged <= revoked
    await require_published(superuser)


async def require_published(connection: Connection) -> None:
    """Check every bit of every published list against the register."""
    issuer = await find_issuer(connection)
    assert issuer is not None
    trusted = await keys.trusted_keys(connection)
    rows = await connection.fetch("select purpose, status_list, content from status_list_publication")
    lists = {
        (row["purpose"], row["status_list"]): verify_status_list(row["content"], trusted, issuer.did) for row in rows
    }
    for row in await connection.fetch(STATES):
        revoked, superseded = bool(row["revoked"]), bool(row["superseded"])
        expected = (revoked or superseded, superseded and not revoked)
        said = tuple(lists[purpose, row["status_list"]].is_set(row["status_index"]) for purpose in STATUS_PURPOSES)
        assert said == expected
