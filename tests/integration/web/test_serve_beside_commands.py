"""`serve` on the embedded database, and the operator's commands beside it."""

import shutil
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.factories import trainees
from tests.office import Office
from tests.serving import POLL_SECONDS, READY_SECONDS, command, environment_with, free_port, running
from verify_service.embedded.server import erase_server, running_server
from verify_service.settings import PREFIX, Settings

UNSAFE_AND_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
PEOPLE = trainees(2)


@pytest.fixture(scope="module")
def office(ground: Path) -> Iterator[Office]:
    """A register of two certificates on a database that the commands themselves start and stop."""
    folder = ground / uuid4().hex[:8]
    folder.mkdir(mode=0o755)
    data_dir = folder / "data"
    port = free_port()
    office = Office(
        Settings(data_dir=data_dir, key_dir=data_dir / "keys", public_url=f"http://127.0.0.1:{port}"), folder
    )
    embedded = {name: value for name, value in office.environment.items() if value != "None"}
    office.environment = embedded
    with running_server(data_dir, UNSAFE_AND_FAST):  # kept up, for each command would start and stop it
        assert office.run("migrate").code == 0
        assert office.run("keys", "init").code == 0
        office.enrol_passed(PEOPLE)
        assert office.issue().json["issued"] == len(PEOPLE)
    yield office
    erase_server(data_dir)
    shutil.rmtree(folder)


def test_commands_work_beside_a_running_server_and_are_seen_at_once(office: Office) -> None:
    port = int(office.environment[f"{PREFIX}PUBLIC_URL"].rsplit(":", 1)[1])
    with running(command("serve", "--port", str(port)), office.environment, port, office.folder) as served:
        with served.client() as client:
            facts = {"name": PEOPLE[0].name, "idNumber": PEOPLE[0].id_number}
            before = client.post("/api/v1/lookups", json=facts).json()

            keys = beside(office, "keys", "list", "--json")
            listed = beside(office, "certificates", "list", "--json")
            number = before["certificates"][0]["number"]
            revoked = beside(office, "certificates", "revoke", number, "--reason", "exam_misconduct")

            after = client.post("/api/v1/lookups", json=facts).json()
        assert number in listed
        assert "credential" in keys
        assert number in revoked
        states = [answer["certificates"][0]["status"] for answer in (before, after)]
        assert states == ["valid", "revoked"]
        assert after["certificates"][0]["statusReason"] == "withdrawn"
        assert database_processes(office) != []

        assert served.stop() == 0

    assert database_processes(office) == []
    assert stat.S_IMODE((office.folder / "data" / "keys").stat().st_mode) == 0o700


def test_a_server_that_was_killed_leaves_a_database_that_the_next_one_takes_over(office: Office) -> None:
    port = int(office.environment[f"{PREFIX}PUBLIC_URL"].rsplit(":", 1)[1])
    arguments = command("serve", "--port", str(port))
    with running(arguments, office.environment, port, office.folder) as killed:
        killed.process.kill()
        killed.process.wait(10)

    with running(arguments, office.environment, port, office.folder) as served:
        with served.client() as client:
            facts = {"name": PEOPLE[1].name, "phone": PEOPLE[1].phone}
            assert client.post("/api/v1/lookups", json=facts).json()["outcome"] == "found"
        assert served.stop() == 0

    assert database_ends(office)


def beside(office: Office, *arguments: str) -> str:
    """Run a command in a process of its own and return what it printed."""
    ran = subprocess.run(  # noqa: S603  # ourselves
        command(*arguments),
        env=environment_with(office.environment),
        cwd=office.folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def database_ends(office: Office) -> bool:
    """Tell whether the database ends soon: companions of a killed server may leave last, once they have started."""
    last = time.monotonic() + READY_SECONDS
    while database_processes(office):
        if time.monotonic() > last:
            return False
        time.sleep(POLL_SECONDS)
    return True


def database_processes(office: Office) -> list[int]:
    """Return the processes whose command line names this register's database."""
    cluster = str(office.folder / "data" / "database").encode()
    return [
        int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and cluster in _command_of(entry)
    ]


def _command_of(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:  # it ended in between
        return b""
