"""A signer as a process of its own, as an operator or `serve` runs it."""

import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from tests.office import environment_of
from tests.serving import command, environment_with
from verify_service.settings import PREFIX, Settings
from verify_service.signer.service.locating import socket_path
from verify_service.unix_sockets import is_listening

READY_SECONDS: Final = 60
POLL_SECONDS: Final = 0.02


class RunningSigner(msgspec.Struct, frozen=True):
    """A signer that listens, and the file its standard error goes to."""

    process: subprocess.Popen[str]
    socket: Path
    log: Path

    def events(self) -> list[str]:
        """Return the names of what it logged, in order."""
        lines = [line for line in self.log.read_text().splitlines() if line.startswith("{")]
        return [str(msgspec.json.decode(line)["event"]) for line in lines]


@contextmanager
def signer_running(settings: Settings, folder: Path, **more: str) -> Iterator[RunningSigner]:
    """Lend a signer under these settings, listening; `more` are further ones by name."""
    environment = environment_of(settings) | {PREFIX + name: value for name, value in more.items()}
    with started_signer(environment, folder) as process:
        running = RunningSigner(process, socket_path(settings), folder / "signer.log")
        wait_until(lambda: is_listening(running.socket), running)
        yield running


@contextmanager
def started_signer(environment: Mapping[str, str], folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Lend the process of `signer`, listening or not; its standard error is appended to `signer.log`."""
    with (folder / "signer.log").open("a") as log:
        process = subprocess.Popen(  # noqa: S603  # ourselves
            command("signer"), env=environment_with(environment), cwd=folder, stderr=log, text=True
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def wait_until(holds: Callable[[], bool], running: RunningSigner) -> None:
    """Return once a condition holds; fail if the signer ends before."""
    last = time.monotonic() + READY_SECONDS
    while not holds():
        assert running.process.poll() is None, running.log.read_text()
        assert time.monotonic() < last, running.log.read_text()
        time.sleep(POLL_SECONDS)
