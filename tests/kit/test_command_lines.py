"""Both programs as a person starts them: what they print, and how they end."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.kit.issuer import published_keys, qr_text, status_list
from tests.kit.programs import KIT, PROGRAMS, command_of

MAX_LINES = 200


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with keys, artefacts, and status lists that were good for a day long ago."""
    keys = published_keys()
    files = {
        "did.json": keys.did,
        "jwks.json": keys.jwks,
        "qr.txt": qr_text(3) + "\n",
        "forged.txt": qr_text(3).replace("/v/0", "/v/1"),
        "revocation.json": status_list("revocation", 3),
        "refresh.json": status_list("refresh"),
        "picture.png": "\x89PNG",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def run(program: str, folder: Path, *arguments: str, stdin: str = "") -> tuple[int, dict[str, Any]]:
    """Return the exit code and what was printed; nothing where that is not JSON."""
    ran = subprocess.run(  # noqa: S603  # programs of ours
        [*command_of(program), *arguments], cwd=folder, input=stdin.encode(), capture_output=True, check=False
    )
    return ran.returncode, json.loads(ran.stdout) if ran.stdout else {}


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize(
    ("arguments", "code", "outcome"),
    [
        (["qr.txt"], 0, "valid"),
        (["--keys", ".", "qr.txt"], 0, "valid"),
        (["forged.txt"], 1, "invalid"),
        (["picture.png"], 1, "invalid"),
        (["--status", "revocation.json", "--status", "refresh.json", "qr.txt"], 4, "unverifiable"),
        (["--status", "revocation.json", "qr.txt"], 4, "unverifiable"),
        (["revocation.json"], 4, "unverifiable"),
    ],
)
def test_the_exit_code_says_the_outcome(
    program: str, folder: Path, arguments: list[str], code: int, outcome: str
) -> None:
    ended, verdict = run(program, folder, *arguments)

    assert (ended, verdict["outcome"]) == (code, outcome)


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["qr.txt", "forged.txt"],
        ["--keys", "nowhere", "qr.txt"],
        ["--status", "nowhere", "qr.txt"],
        ["--keys", "picture.png", "qr.txt"],
    ],
)
def test_wrong_usage_ends_with_2_and_no_answer(program: str, folder: Path, arguments: list[str]) -> None:
    assert run(program, folder, *arguments) == (2, {})


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_text_is_taken_as_an_argument_or_from_standard_input(program: str, folder: Path) -> None:
    for arguments, stdin in (([qr_text(3)], ""), (["-"], qr_text(3))):
        code, verdict = run(program, folder, *arguments, stdin=stdin)

        assert code == 0
        assert verdict["certificate"]["name"] == "林晓雯"


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_is_short_enough_to_be_read_before_it_is_trusted(program: str) -> None:
    assert len((KIT / program).read_text("utf-8").splitlines()) < MAX_LINES
