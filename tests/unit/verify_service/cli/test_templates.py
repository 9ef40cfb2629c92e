"""`roster template` as it is run."""

from pathlib import Path

import pytest

from tests.office import run_command


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_template_is_written_that_checks_as_not_filled_in(tmp_path: Path, language: str) -> None:
    path = str(tmp_path / "名单.xlsx")

    written = run_command({}, "roster", "template", path, "--language", language)
    checked = run_command({}, "roster", "check", path)

    assert (written.code, written.out) == (0, f"{path} (version 1)\n")
    assert checked.code == 2
    assert "[NO_ROWS]" in checked.err


def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "名单.xlsx"
    path.write_bytes(b"theirs")

    ran = run_command({}, "roster", "template", str(path))

    assert ran.code == 2
    assert "[FILE_EXISTS]" in ran.err
    assert path.read_bytes() == b"theirs"


@pytest.mark.parametrize("name", ["template.csv", "template", "no/such/folder.xlsx"])
def test_a_name_that_cannot_be_a_template_is_refused(tmp_path: Path, name: str) -> None:
    assert run_command({}, "roster", "template", str(tmp_path / name)).code == 2
    assert list(tmp_path.iterdir()) == []
