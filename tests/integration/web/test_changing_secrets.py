"""Lookups while the secrets under them are exchanged: every answer is right at every step."""

import asyncio
import os
import sys
from collections.abc import Mapping

import msgspec

from tests.integration.web.conftest import Client, asking
from tests.office import environment_of
from tests.registers import NO_LIMITS, Certificate
from verify_service.database import Connection
from verify_service.settings import Settings

PAIRS = (("name", "idNumber"), ("name", "phone"), ("idNumber", "phone"))
AGE = "update secret_check set state_since = state_since - interval '2 minutes'"


async def run_apart(settings: Settings, *arguments: str) -> None:
    command = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "verify_service", *arguments),
        env={**os.environ, **environment_of(settings)},
        stdout=asyncio.subprocess.DEVNULL,
    )
    assert await command.wait() == 0


async def storm(client: Client, certificate: Certificate, done: asyncio.Event) -> list[str]:
    """Ask by every pair until it is over, and return all outcomes."""
    outcomes: list[str] = []
    while not done.is_set() or len(outcomes) < len(PAIRS):
        for pair in PAIRS:
            answer = await client.post("/api/v1/lookups", json=certificate.facts(*pair))
            outcomes.append(answer.json().get("outcome", str(answer.status_code)))
            await asyncio.sleep(0)  # the client runs the service in a thread of its own, and keeps this loop for itself
    return outcomes


async def test_every_lookup_is_answered_while_secrets_rotate_and_retire(
    settings: Settings, certificates: Mapping[str, Certificate], superuser: Connection
) -> None:
    settings = msgspec.structs.replace(settings, rate_limits=NO_LIMITS)
    async with asking(settings) as client:
        done = asyncio.Event()
        asking_on = asyncio.create_task(storm(client, certificates["valid"], done))
        try:
            for purpose in ("index", "field", "subject"):
                await run_apart(settings, "keys", "rotate", purpose)
        finally:
            done.set()
            outcomes = await asking_on
        async with superuser.transaction():
            await superuser.execute("set local session_replication_role = replica")  # past the trigger that dates
            await superuser.execute(AGE)
        await client.get("/.well-known/jwks.json")

    assert set(outcomes) == {"found"}, set(outcomes)
    async with asking(settings) as client:  # a site that began before the old secrets ended, and has read the new
        for secret in ("index-1", "field-1"):
            await run_apart(settings, "keys", "retire", secret)
        done = asyncio.Event()
        done.set()
        assert set(await storm(client, certificates["valid"], done)) == {"found"}
