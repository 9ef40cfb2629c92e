"""`serve` and its signer: started where none listens, started again when it dies, and ended with `serve`."""

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import structlog

from verify_service.settings import Settings
from verify_service.signer.service.locating import is_listening, socket_path

COMMAND: Final = (sys.executable, "-m", "verify_service", "signer", "--until-stdin-ends")
LOOK_SECONDS: Final = 5.0
POLL_SECONDS: Final = 0.2
RESTART_SECONDS: Final = 0.2
MAX_RESTART_SECONDS: Final = 30.0
SETTLED_SECONDS: Final = 10.0
"""A child that lived so long was well: its successor is started at once."""
STOP_SECONDS: Final = 5.0

log = structlog.get_logger()


@contextmanager
def signer_beside(settings: Settings, environment: Mapping[str, str]) -> Iterator[None]:
    """Keep a signer of these settings running meanwhile; what needs none goes on where none can run."""
    stop = threading.Event()
    thread = threading.Thread(target=_supervise, args=(socket_path(settings), environment, stop), name="signer")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _supervise(path: Path, environment: Mapping[str, str], stop: threading.Event) -> None:
    delay, said = RESTART_SECONDS, None
    while not stop.is_set():
        if is_listening(path):
            stop.wait(LOOK_SECONDS)
            continue
        started_at = time.monotonic()
        # It says itself why it cannot start; repeated every half a minute, nobody would read the log.
        code = _run_child(environment, stop, quiet=said is not None)
        if stop.is_set():
            return
        if time.monotonic() - started_at > SETTLED_SECONDS:
            delay, said = RESTART_SECONDS, None
        if code != said:
            log.error("signer_ended", exit_code=code)
        said = code
        stop.wait(delay)
        delay = min(2 * delay, MAX_RESTART_SECONDS)


def _run_child(environment: Mapping[str, str], stop: threading.Event, *, quiet: bool) -> int:
    """Return the exit code of one signer, which is ended when `stop` is set."""
    child = subprocess.Popen(  # noqa: S603  # ourselves
        COMMAND,
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
