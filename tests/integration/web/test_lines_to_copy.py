"""The three lines of curl and of Python that `/api/docs` and the README show, run as they stand."""

import html
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from tests.conftest import PUBLIC_URL
from tests.factories import sample_people
from tests.integration.web.conftest import Client
from tests.office import Office
from tests.registers import NO_LIMITS
from tests.serving import serving
from verify_service.settings import Settings
from verify_service.translations import PUBLIC_SITE

README = PUBLIC_SITE.parent / "README.md"
PROGRAMS = {"batch.sh": "bash", "batch.py": sys.executable}


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_three_lines_look_somebody_up(settings: Settings, name: str, tmp_path: Path) -> None:
    if name == "batch.sh" and shutil.which("curl") is None:
        pytest.skip("curl is missing")
    key = Office(settings, tmp_path).run("api-keys", "create", "--name", "抖音", "--purpose", "核验").out.strip()
    with serving(msgspec.structs.replace(settings, rate_limits=NO_LIMITS), tmp_path) as served:
        printed = run(name, {"SITE": served.url, "API_KEY": key}, tmp_path)
        log = served.log.read_text()

    answers = [json.loads(line) for line in printed.splitlines() if line]
    assert {answer["outcome"] for answer in answers} == {"found"}
    assert {answer["certificates"][0]["name"] for answer in answers} == {"王想"}
    assert key not in log


def run(name: str, environment: Mapping[str, str], folder: Path) -> str:
    """Return what a file of three lines prints, with nothing else in its environment."""
    done = subprocess.run(  # noqa: S603  # our own lines
        [PROGRAMS[name], str(PUBLIC_SITE / "api" / name)],
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", **environment},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.parametrize("name", PROGRAMS)
async def test_the_readme_and_the_viewer_show_these_very_lines(client: Client, name: str) -> None:
    lines = (PUBLIC_SITE / "api" / name).read_text()

    assert len(lines.splitlines()) == 3
    assert lines in README.read_text()
    assert lines in html.unescape((await client.get("/api/docs")).text)


def test_the_person_in_them_is_of_the_sample_data_and_of_nobody() -> None:
    person = next(person for person in sample_people()["host"] if person.name == "王想")

    for name in PROGRAMS:
        assert person.phone in (PUBLIC_SITE / "api" / name).read_text()
    assert PUBLIC_URL not in "".join((PUBLIC_SITE / "api" / name).read_text() for name in PROGRAMS)
