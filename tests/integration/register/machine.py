"""The command line as processes that can be killed, on a database whose connections can be watched."""

import asyncio
import os
import signal
import subprocess
import sys
import time

from tests.office import Office
from verify_service.database import Connection

CONNECTIONS = """
select count(*) from pg_stat_activity where datname = current_database() and usename = 'verify_service_operator'
   and pid <> all($1::int[])
"""
UNFINISHED = """
select count(*) from credential
  left join credential_signature on credential_signature.credential_id = credential.credential_id
 where credential_signature.credential_id is null
"""


class Machine:
    """Runs the command line as processes that can be killed, on a database whose connections can be watched."""

    def __init__(self, office: Office, watch: Connection, spared: list[int]) -> None:
        self.office = office
        self.watch = watch
        self.spared = spared

    async def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a command and return it once it has connected; before that, it can leave nothing behind."""
        started = subprocess.Popen(  # noqa: ASYNC220, S603  # nothing else waits for this loop
            [sys.executable, "-m", "verify_service", *arguments],
            env={**os.environ, **self.office.environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while not await self.connected() and started.poll() is None:  # noqa: ASYNC110  # another process has no event
            await asyncio.sleep(0.005)
        return started

    async def connected(self) -> bool:
        return bool(await self.watch.fetchval(CONNECTIONS, self.spared))

    async def seconds_at_work(self, *arguments: str) -> float:
        """Run a command to its end and return how long it took from its connection on."""
        command = await self.start(*arguments)
        began = time.monotonic()
        assert command.wait() == 0
        return time.monotonic() - began

    async def kill_after(self, seconds: float, *arguments: str) -> None:
        command = await self.start(*arguments)
        await asyncio.sleep(seconds)
        await self._kill(command)

    async def kill_between_recording_and_signing(self, operator: Connection, *arguments: str) -> None:
        """Kill at the first sight of a recorded credential without its signature, where one is seen."""
        command = await self.start(*arguments)
        while command.poll() is None and not await operator.fetchval(UNFINISHED):
            pass  # each question is a round trip to the database: no sleep is short enough
        await self._kill(command)

    async def _kill(self, command: "subprocess.Popen[bytes]") -> None:
        command.send_signal(signal.SIGKILL)
        command.wait()
        while await self.connected():  # noqa: ASYNC110  # until the server has rolled back what was open
            await asyncio.sleep(0.005)
