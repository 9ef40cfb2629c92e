"""`serve` holds no private key: it starts a signer where none listens, keeps it, and answers without one."""

import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # it comes without stubs
import pytest

from tests.integration.register.signer.processes import signer_running
from tests.registers import Certificate
from tests.serving import STOP_SECONDS, Serving, serving
from verify_service.settings import Settings
from verify_service.signer.service.locating import socket_path
from verify_service.unix_sockets import is_listening


@pytest.fixture
def keyless(settings: Settings, tmp_path: Path) -> str:
    """A KEY_DIR with what the web process needs: neither a private key nor the secret that finds people."""
    folder = tmp_path / "web-keys"
    folder.mkdir(mode=0o700)
    for name in ("field-1.key", "index-1.key", "budget-1.key"):
        shutil.copy(settings.key_dir / name, folder)
    return str(folder)


def test_it_answers_without_any_private_key_beside_a_signer_that_has_its_own(
    settings: Settings, tmp_path: Path, keyless: str, certificates: dict[str, Certificate]
) -> None:
    with signer_running(settings, tmp_path) as signer, serving(settings, tmp_path, KEY_DIR=keyless) as served:
        with served.client() as client:
            answer = client.post("/api/v1/lookups", json=certificates["valid"].facts()).json()
            document = client.get("/.well-known/did.json")
        children = children_of(served)
        log = served.log.read_text()
        assert signer.process.poll() is None

    assert (answer["outcome"], document.status_code) == ("found", 200)
    assert children == []
    assert "signer_ended" not in log


def test_it_answers_where_no_signer_can_start_and_says_so_once(
    settings: Settings, tmp_path: Path, keyless: str, certificates: dict[str, Certificate]
) -> None:
    with serving(settings, tmp_path, KEY_DIR=keyless) as served:
        wait_until(lambda: "signer_ended" in served.log.read_text())
        time.sleep(3)  # in which it tried again
        with served.client() as client:
            answer = client.post("/api/v1/lookups", json=certificates["valid"].facts()).json()
        log = served.log.read_text()

    assert answer["outcome"] == "found"
    assert log.count("signer_ended") == 1
    assert log.count("KEY_MISSING") == 1


def test_a_signer_that_dies_is_started_again_and_ends_with_serve(settings: Settings, tmp_path: Path) -> None:
    with serving(settings, tmp_path) as served:
        wait_until(lambda: is_listening(socket_path(settings)))
        (first,) = children_of(served)
        first.kill()
        wait_until(lambda: children_of(served) not in ([], [first]))
        wait_until(lambda: is_listening(socket_path(settings)))
        (second,) = children_of(served)

        assert served.stop() == 0

    assert not second.is_running()
    assert not is_listening(socket_path(settings))


def test_its_signer_ends_even_when_serve_is_killed(settings: Settings, tmp_path: Path) -> None:
    with serving(settings, tmp_path) as served:
        wait_until(lambda: is_listening(socket_path(settings)))
        (child,) = children_of(served)
        served.process.send_signal(signal.SIGKILL)
        served.process.wait()

        wait_until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


def children_of(served: Serving) -> list[psutil.Process]:
    """Return the signers that a service started."""
    return [child for child in psutil.Process(served.process.pid).children() if _is_signer(child)]


def _is_signer(child: psutil.Process) -> bool:
    try:
        return "signer" in child.cmdline()
    except psutil.NoSuchProcess:  # killed, and not yet reaped
        return False


def wait_until(holds: Callable[[], bool]) -> None:
    last = time.monotonic() + 2 * STOP_SECONDS
    while not holds():
        assert time.monotonic() < last
        time.sleep(0.05)
