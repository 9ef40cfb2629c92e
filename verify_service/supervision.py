"""Commands that `serve` keeps running beside itself: started where they are needed, started again when they die."""

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import msgspec
import structlog

LOOK_SECONDS: Final = 5.0
POLL_SECONDS: Final = 0.2
RESTART_SECONDS: Final = 0.2
MAX_RESTART_SECONDS: Final = 30.0
SETTLED_SECONDS: Final = 10.0
"""A child that lived so long was well: its successor is started at once."""
STOP_SECONDS: Final = 5.0

log = structlog.get_logger()


class Companion(msgspec.Struct, frozen=True):
    """One command to be kept running. It ends when its standard input does."""

    name: str
    """Of its thread."""
    arguments: tuple[str, ...]
    ended_event: str
    """What is logged where it ends by itself."""
    is_needed: Callable[[], bool] = lambda: True
    """False where another does its work already."""


@contextmanager
def companions_beside(companions: Iterable[Companion], environment: Mapping[str, str]) -> Iterator[None]:
    """Keep companions running meanwhile, under these settings; what needs none goes on where none can run."""
    stop = threading.Event()  # one for all: they end at the same time, not one after the other
    threads = [
        threading.Thread(target=_supervise, args=(companion, environment, stop), name=companion.name)
        for companion in companions
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _supervise(companion: Companion, environment: Mapping[str, str], stop: threading.Event) -> None:
    delay, said = RESTART_SECONDS, None
    while not stop.is_set():
        if not companion.is_needed():
            stop.wait(LOOK_SECONDS)
            continue
        started_at = time.monotonic()
        # It says itself why it cannot start; repeated every half a minute, nobody would read the log.
        code = _run_child(companion, environment, stop, quiet=said is not None)
        if stop.is_set():
            return
        if time.monotonic() - started_at > SETTLED_SECONDS:
            delay, said = RESTART_SECONDS, None
        if code != said:
            log.error(companion.ended_event, exit_code=code)
        said = code
        stop.wait(delay)
        delay = min(2 * delay, MAX_RESTART_SECONDS)


def _run_child(companion: Companion, environment: Mapping[str, str], stop: threading.Event, *, quiet: bool) -> int:
    """Return the exit code of one child, which is ended when `stop` is set."""
    child = subprocess.Popen(  # noqa: S603  # ourselves
        (sys.executable, "-m", "verify_service", *companion.arguments, "--until-stdin-ends"),
        env=dict(environment),
        stdin=subprocess.PIPE,  # closed by the system when this process dies in any way: then the child ends too
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL if quiet else None,
        start_new_session=True,  # Ctrl-C is the parent's to handle
    )
    with child:
        while child.poll() is None and not stop.wait(POLL_SECONDS):
            pass
        child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(STOP_SECONDS)
        child.kill()
    return child.returncode
