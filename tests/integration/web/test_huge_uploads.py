"""Uploads without end: refused, and neither memory nor disk is filled while the rest of them is thrown away."""

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.serving import Serving, serving
from verify_service.settings import Settings

MEGABYTE = 1 << 20
HUGE = 300 * MEGABYTE
HEAD = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
HEADERS = {"Content-Type": "multipart/form-data; boundary=b"}
HEADS = {"a file": HEAD, "a text": HEAD.replace(b'; filename="a"', b""), "a header": b"--b\r\n"}


@pytest.fixture(scope="module")
def served(site: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(site, tmp_path_factory.mktemp("huge")) as served:
        yield served


def most_memory(served: Serving) -> int:
    """Return the most bytes the process ever held."""
    status = Path(f"/proc/{served.process.pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) * 1024


def deleted_files(served: Serving) -> list[Path]:
    """Return the temporary files the process holds open."""
    held = Path(f"/proc/{served.process.pid}/fd").iterdir()
    return [file.readlink() for file in held if "deleted" in str(file.readlink())]


def chunks(head: bytes) -> Iterator[bytes]:
    yield head
    for _ in range(HUGE // MEGABYTE):
        yield bytes(MEGABYTE)


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS.keys())
@pytest.mark.parametrize("path", ["/verify", "/api/v1/verifications"])
def test_an_upload_without_end_costs_no_more_than_ten_megabytes(served: Serving, path: str, head: bytes) -> None:
    before = most_memory(served)

    # The server may close as soon as it has answered, while we are still sending.
    with served.client() as client, contextlib.suppress(httpx.WriteError):
        assert client.post(path, content=chunks(head), headers=HEADERS).status_code in {400, 413}

    with served.client() as client:
        assert client.get("/healthz").status_code == 200
    assert most_memory(served) - before < 60 * MEGABYTE
    assert deleted_files(served) == []


def test_what_was_uploaded_leaves_nothing_open_behind(served: Serving) -> None:
    with served.client() as client:
        for _ in range(3):
            client.post("/verify", files={"file": ("a", bytes(2 * MEGABYTE))})
            client.post("/verify", files=[("file", ("a", bytes(2 * MEGABYTE)))] * 2)

    assert deleted_files(served) == []
