"""The service as a process of its own, as an operator runs it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx
import msgspec

from tests.office import environment_of
from verify_service.settings import PREFIX, Settings

READY_SECONDS: Final = 60
STOP_SECONDS: Final = 20
POLL_SECONDS: Final = 0.05


class Serving(msgspec.Struct, frozen=True):
    """A running service: its process, where it is asked, and the file its standard error goes to."""

    process: subprocess.Popen[str]
    url: str
    log: Path

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it as an operator would, and return its exit code."""
        self.process.send_signal(how)
        return self.process.wait(STOP_SECONDS)

    def client(self) -> httpx.Client:
        """Return a client of this machine, past no proxy."""
        return httpx.Client(base_url=self.url, trust_env=False, timeout=10)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def command(*arguments: str) -> list[str]:
    """Return the command line as `verify-service` runs it."""
    return [sys.executable, "-m", "verify_service", *arguments]


def environment_with(settings: Mapping[str, str]) -> dict[str, str]:
    """Return this process's environment with these settings alone of ours."""
    others = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return {**others, **settings}


def limits_environment(settings: Settings) -> dict[str, str]:
    """Return the settings of edge limits and budgets."""
    texts = (("RATE_LIMIT", settings.rate_limits), ("BUDGET", settings.budgets))
    return {
        f"{PREFIX}{group}_{name.upper()}": text
        for group, limits in texts
        for name, text in msgspec.structs.asdict(limits).items()
    }


@contextmanager
def serving(settings: Settings, folder: Path, **more: str) -> Iterator[Serving]:
    """Lend `serve` under these settings, ready to answer; `more` are further ones by name."""
    environment = environment_of(settings) | limits_environment(settings)
    environment |= {PREFIX + name: value for name, value in more.items()}
    port = free_port()
    with running(command("serve", "--port", str(port)), environment, port, folder) as lent:
        yield lent


@contextmanager
def running(arguments: list[str], settings: Mapping[str, str], port: int, folder: Path) -> Iterator[Serving]:
    """Lend the process of a command that serves on a port; its output goes to `folder`."""
    log = folder / f"{port}.log"
    with log.open("w") as stderr, (folder / f"{port}.out").open("w") as stdout:
        process = subprocess.Popen(  # noqa: S603  # ourselves
            arguments, env=environment_with(settings), cwd=folder, stdout=stdout, stderr=stderr, text=True
        )
        served = Serving(process, f"http://127.0.0.1:{port}", log)
        try:
            _wait_until_ready(served)
            yield served
        finally:
            if process.poll() is None:
                served.stop()


def _wait_until_ready(served: Serving) -> None:
    last = time.monotonic() + READY_SECONDS
    with served.client() as client:
        while time.monotonic() < last:
            assert served.process.poll() is None, served.log.read_text()
            try:
                if client.get("/readyz").status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(POLL_SECONDS)
    raise TimeoutError(served.log.read_text())
