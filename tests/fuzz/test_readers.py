"""The fuzz targets, briefly in every run and at length in the long one."""

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.hostile.measuring import ROOT

TARGETS: Final = (
    "text",
    "sheet",
    "workbook",
    "old_workbook",
    "photo_name",
    "photo_archive",
    "picture",
    "record",
    "qr_text",
)


def fuzz(target: str, runs: int, folder: Path) -> subprocess.CompletedProcess[str]:
    seeds = folder / "seeds"
    seeds.mkdir()
    options = (f"-runs={runs}", "-seed=1", "-timeout=20", "-rss_limit_mb=2048", f"-artifact_prefix={folder}/")
    return subprocess.run(  # noqa: S603  # our own module
        [sys.executable, "-m", "tests.fuzz.readers", target, str(seeds), *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("target", TARGETS)
def test_a_reader_raises_nothing_but_our_errors(target: str, tmp_path: Path) -> None:
    ended = fuzz(target, 300, tmp_path)

    assert ended.returncode == 0, ended.stderr[-2000:]
    assert "Done 300 runs" in ended.stderr


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
def test_a_reader_raises_nothing_but_our_errors_in_200_000_runs(target: str, tmp_path: Path) -> None:
    ended = fuzz(target, 200_000, tmp_path)

    assert ended.returncode == 0, ended.stderr[-2000:]
    assert "Done 200000 runs" in ended.stderr
