"""Who reaches the signer's socket and is not one of us, or says nothing sensible: bounded, and without harm."""

import errno
import grp
import os
import shutil
import socket
import stat
import time
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from tests.factories import trainees
from tests.integration.register.signer.processes import signer_running, started_signer
from tests.office import Office, environment_of
from verify_service.settings import Settings
from verify_service.signer.model import Done, Ready
from verify_service.signer.rules.frames import LENGTH_BYTES, decode_answer, encode_frame
from verify_service.signer.service.listening import MAX_CONNECTIONS, may_ask
from verify_service.signer.service.locating import socket_path

(ANN,) = trainees(1)


def test_its_socket_is_closed_to_other_users(settings: Settings, tmp_path: Path) -> None:
    with signer_running(settings, tmp_path) as running:
        modes = [stat.S_IMODE(path.stat().st_mode) for path in (running.socket, running.socket.parent)]

    assert modes == [0o600, 0o700]


def test_a_folder_that_others_may_write_in_is_refused(settings: Settings, tmp_path: Path) -> None:
    folder = socket_path(settings).parent
    folder.mkdir()
    folder.chmod(0o777)

    with started_signer(environment_of(settings), tmp_path) as process:
        assert process.wait(30) == 2

    assert "SIGNER_FOLDER" in (tmp_path / "signer.log").read_text()


AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
NOBODY = 65534


@AS_ROOT
def test_a_stranger_who_reaches_the_socket_is_not_heard(settings: Settings, office: Office, tmp_path: Path) -> None:
    with signer_running(settings, tmp_path) as running:
        assert answer_as_nobody(running.socket) == b""
        office.enrol_passed([ANN])
        assert office.issue().json["issued"] == 1


@AS_ROOT
def test_a_member_of_the_group_is_heard(settings: Settings, ground: Path, tmp_path: Path) -> None:
    path = ground / uuid4().hex[:8] / "signer.sock"  # where other users can get to
    group = grp.getgrgid(NOBODY).gr_name

    with signer_running(
        msgspec.structs.replace(settings, signer_socket=path), tmp_path, SIGNER_SOCKET=str(path), SIGNER_GROUP=group
    ):
        modes = [(stat.S_IMODE(one.stat().st_mode), one.stat().st_gid) for one in (path, path.parent)]
        answered = answer_as_nobody(path)

    shutil.rmtree(path.parent)
    assert modes == [(0o660, NOBODY), (0o750, NOBODY)]
    assert decode_answer(answered[LENGTH_BYTES:]) == Done()


def answer_as_nobody(path: Path) -> bytes:
    """Return what a process of another user is answered; nothing where it may not even connect."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        child = os.fork()
        if child == 0:
            os.chdir(path.parent)
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            theirs.sendall(_asked(path.name))
            os._exit(0)
        os.waitpid(child, 0)
        theirs.close()
        return ours.recv(4096)


def _asked(name: str) -> bytes:
    with socket.socket(socket.AF_UNIX) as asker:
        try:
            asker.connect(name)
            asker.sendall(encode_frame(Ready(())))
            return asker.recv(4096)
        except OSError:
            return b""


@pytest.mark.parametrize(
    "sent",
    [
        *(b"\0", b"\0\0\0\x01", b"\xff\xff\xff\xff", b"\0\0\0\x04junk", b"GET / HTTP/1.1\r\n\r\n"),
        *(b"\0\0\0\x02\x81\xa4", b"\0\0\x10\0" + b"\x91" * 4096, b"\0\0\0\x00"),
    ],
)
def test_garbage_and_half_a_question_are_dropped_and_the_next_is_answered(
    settings: Settings, office: Office, tmp_path: Path, sent: bytes
) -> None:
    office.enrol_passed([ANN])

    with signer_running(settings, tmp_path) as running:
        with socket.socket(socket.AF_UNIX) as garbled:
            garbled.connect(str(running.socket))
            garbled.sendall(sent)
            garbled.shutdown(socket.SHUT_WR)
            garbled.settimeout(10)
            assert _read_end(garbled) == b""
        assert office.issue().json["issued"] == 1


def test_a_crowd_that_says_nothing_is_turned_away_and_gone_in_seconds(
    settings: Settings, office: Office, tmp_path: Path
) -> None:
    office.enrol_passed([ANN])

    with signer_running(settings, tmp_path) as running:
        crowd = [socket.socket(socket.AF_UNIX) for _ in range(500)]
        for one in crowd:
            one.settimeout(20)
            while one.connect_ex(str(running.socket)) == errno.EAGAIN:
                time.sleep(0.01)  # more wait than the system lets wait
        dropped = sum(_read_end(one) == b"" for one in crowd[MAX_CONNECTIONS:])
        for one in crowd:
            one.close()
        time.sleep(0.1)

        assert dropped == len(crowd) - MAX_CONNECTIONS
        assert office.issue().json["issued"] == 1
        assert memory_mib(running.process.pid) < 200


def memory_mib(process_id: int) -> int:
    lines = Path(f"/proc/{process_id}/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS"))


def _read_end(peer: socket.socket) -> bytes:
    try:
        return peer.recv(64)
    except ConnectionResetError:
        return b""


def test_another_user_is_heard_only_as_a_member_of_the_group(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert may_ask(ours, None)
        monkeypatch.setattr(os, "geteuid", lambda: 4_000_000)  # whoever connected is then somebody else

        assert not may_ask(ours, None)
        assert not may_ask(ours, 4_000_000)
        assert may_ask(ours, os.getegid())
