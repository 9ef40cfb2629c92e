"""`demo`: one command, and the whole main job can be tried; stopped and started again, it goes on where it was."""

import itertools
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import msgspec
import pytest

from tests.serving import Serving, command, environment_with, free_port, running
from verify_service.embedded.server import erase_server
from verify_service.settings import PREFIX

STATES = {"有效 valid": "valid", "已撤销 revoked": "revoked", "已更正换发 superseded": "superseded"}


class Tried(msgspec.Struct, frozen=True):
    """What a newcomer found who started the demo and stopped it with Ctrl-C."""

    folder: Path
    port: int
    samples: dict[str, list[str]]
    by_lookup: dict[str, list[str]]
    """For each sample, what became of it by each pair of its facts."""
    by_scan: dict[str, str]
    exit_code: int


@pytest.fixture(scope="module")
def tried(ground: Path) -> Iterator[Tried]:
    """The demo, started and stopped once."""
    folder = ground / uuid4().hex[:8]
    folder.mkdir(mode=0o755)
    port = free_port()
    with demo(folder, port) as served, served.client() as client:
        samples = samples_of(folder, port)
        by_lookup = {state: looked_up(client, sample) for state, sample in samples.items()}
        by_scan = {state: scanned(client, sample) for state, sample in samples.items()}
        exit_code = served.stop(signal.SIGINT)
    yield Tried(folder, port, samples, by_lookup, by_scan, exit_code)
    erase_server(folder / ".demo")
    shutil.rmtree(folder)


@contextmanager
def demo(folder: Path, port: int, *options: str) -> Iterator[Serving]:
    with running(command("demo", "--port", str(port), *options), {}, port, folder) as served:
        yield served


def samples_of(folder: Path, port: int) -> dict[str, list[str]]:
    """Return the lines of the printed table by the state they promise: number, name, ID number, phone, address."""
    printed = (folder / f"{port}.out").read_text().splitlines()
    lines = [line.split("\t") for line in printed if line.split("\t")[0] in STATES]
    return {STATES[state]: rest for state, *rest in lines}


def looked_up(client: httpx.Client, sample: list[str]) -> list[str]:
    """Return the status of a sample by each pair of its facts."""
    number, name, id_number, phone, _ = sample
    statuses = []
    for pair in itertools.combinations({"name": name, "idNumber": id_number, "phone": phone}.items(), 2):
        answer = client.post("/api/v1/lookups", json=dict(pair)).json()
        statuses += [one["status"] for one in answer["certificates"] if one["number"] == number]
    return statuses


def scanned(client: httpx.Client, sample: list[str]) -> str:
    outcome: str = client.get(sample[-1], headers={"Accept": "application/json"}).json()["outcome"]
    return outcome


def is_stopped(tried: Tried) -> bool:
    return not (tried.folder / ".demo" / "database" / "postmaster.pid").exists()


def refusal(folder: Path, *arguments: str, **settings: str) -> str:
    """Return the one line with which the demo refuses to start."""
    ran = subprocess.run(  # noqa: S603  # ourselves
        command("demo", *arguments),
        env=environment_with({PREFIX + name: value for name, value in settings.items()}),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 2, ran.stderr
    return ran.stderr


def test_it_serves_three_samples_that_are_what_it_says(tried: Tried) -> None:
    assert tried.samples.keys() == {"valid", "revoked", "superseded"}
    assert tried.by_lookup == {state: [state] * 3 for state in tried.samples}
    assert tried.by_scan == {state: state for state in tried.samples}


def test_ctrl_c_stops_everything_it_started(tried: Tried) -> None:
    assert tried.exit_code == 0
    assert is_stopped(tried)


def test_started_again_it_goes_on_with_the_same_data(tried: Tried) -> None:
    before = samples_of(tried.folder, tried.port)

    with demo(tried.folder, tried.port) as served:
        assert samples_of(tried.folder, tried.port) == before
        assert re.findall(r"\((\d+) new\)", (tried.folder / f"{tried.port}.out").read_text()) == ["0"] * 6
        assert served.stop(signal.SIGTERM) == 0

    assert is_stopped(tried)


def test_a_port_that_is_taken_is_said_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        said = refusal(tmp_path, "--port", str(port))

    assert said.count("\n") == 1
    assert f"port {port}" in said
    assert list(tmp_path.iterdir()) == []


def test_under_another_port_it_says_how_to_move(tried: Tried) -> None:
    assert "RESET=1" in refusal(tried.folder, "--port", str(free_port()))


def test_reset_begins_anew(tried: Tried) -> None:
    before = {sample[-1] for sample in samples_of(tried.folder, tried.port).values()}

    with demo(tried.folder, tried.port, "--reset"):
        assert {sample[-1] for sample in samples_of(tried.folder, tried.port).values()} & before == set()


def test_a_folder_it_did_not_make_is_neither_used_nor_erased(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    (data_dir / "database-passwords.json").write_text("somebody's")

    for options in ((), ("--reset",)):
        assert "was not made by the demo" in refusal(tmp_path, *options, DATA_DIR=str(data_dir))

    assert [file.name for file in data_dir.iterdir()] == ["database-passwords.json"]


def test_it_never_touches_a_real_register(tmp_path: Path) -> None:
    assert "DATABASE_URL" in refusal(tmp_path, DATABASE_URL="postgresql://somebody@127.0.0.1:1/real")
