"""Tables named on the command line: files, pipes, and text on standard input."""

import io
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from verify_service.cli import session
from verify_service.cli.session import open_file
from verify_service.cli.table_files import TableOptions, opened_table
from verify_service.errors import UsageError

TEXT = "姓名\t性别\n林晓禾\t男\n".encode()


def values(path: str) -> list[list[object]]:
    with opened_table(path, TableOptions()) as table:
        (sheet,) = table.sheets()
    return [[cell.value for cell in row] for row in sheet.rows]


def test_a_file_is_read_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "名单.csv").write_bytes(TEXT)

    assert values(str(tmp_path / "名单.csv")) == [["姓名", "性别"], ["林晓禾", "男"]]


def test_what_a_pipe_holds_is_read_like_a_file(tmp_path: Path) -> None:
    pipe = tmp_path / "名单.csv"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(TEXT,))
    writer.start()

    assert values(str(pipe)) == [["姓名", "性别"], ["林晓禾", "男"]]
    writer.join()


@pytest.mark.parametrize("is_pipe", [True, False])
def test_text_on_standard_input_is_a_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_pipe: bool) -> None:
    if is_pipe:
        end, other_end = os.pipe()
        os.write(other_end, TEXT)
        os.close(other_end)
        stream = os.fdopen(end, "rb")
    else:
        (tmp_path / "pasted").write_bytes(TEXT)
        stream = (tmp_path / "pasted").open("rb")
    with stream:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(stream))

        assert values("-")[1] == ["林晓禾", "男"]


def test_a_file_redirected_to_standard_input_is_read_by_another_process_too(tmp_path: Path) -> None:
    (tmp_path / "pasted").write_bytes("姓名\t性别\t身份证号\t手机号\t合作机构名称\n".encode() + b"x\n")
    with (tmp_path / "pasted").open("rb") as pasted:
        ended = subprocess.run(
            [sys.executable, "-m", "verify_service", "roster", "check", "-", "--json"],
            stdin=pasted,
            capture_output=True,
            check=False,
        )

    assert (ended.returncode, b'"rejected": 1' in ended.stdout) == (1, True)


@pytest.mark.parametrize("path", ["missing.csv", ".", "/dev/zero", "a\0b", ""])
def test_what_is_no_readable_file_is_refused_by_its_name(path: str) -> None:
    with pytest.raises(UsageError) as refused, open_file(path):
        pass

    assert refused.value.code == "UNREADABLE_FILE"
    assert path in refused.value.message


def test_a_pipe_that_never_ends_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "MAX_FILE_BYTES", 10)
    monkeypatch.setattr(session, "SPOOL_BYTES", 4)
    pipe = tmp_path / "名单.csv"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b"x" * 40,))
    writer.start()

    with pytest.raises(UsageError, match="larger than 10 bytes"), open_file(str(pipe)):
        pass
    writer.join()
