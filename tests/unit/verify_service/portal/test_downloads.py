"""What is sent to partners at once, told about, and kept: bounded, and each session's own."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from verify_service import turns
from verify_service.documents.model import HeldCertificate, PrintedCertificate
from verify_service.documents.service.exporting import ClassArchive
from verify_service.errors import NotFoundError
from verify_service.portal.routes import downloads as module
from verify_service.portal.routes.downloads import MOST_REMEMBERED, Downloads
from verify_service.portal.service.archives import OwnPrints
from verify_service.problems import ProblemError

SESSION = UUID(int=1)


async def no_prints() -> AsyncIterator[PrintedCertificate | HeldCertificate]:
    for held in [HeldCertificate("QMT2026000001O", "PRINT_UNREADABLE")] * 3:
        yield held


def archive() -> ClassArchive:
    return ClassArchive("C1", no_prints(), ("README.txt", "words"))


async def test_more_than_may_be_drawn_at_once_are_told_to_come_back() -> None:
    downloads = Downloads()
    sending = [downloads.send(archive()) for _ in range(turns.AT_ONCE)]
    for one in sending:
        downloads.require_room()
        assert (await anext(one)).startswith(b"PK")
    with pytest.raises(ProblemError):
        downloads.require_room()

    for one in sending:
        await one.aclose()  # type: ignore[attr-defined]  # an asynchronous generator
    downloads.require_room()


async def test_whoever_takes_nothing_loses_the_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STALLED_SECONDS", 0.0)
    downloads = Downloads()

    async def stuck() -> None:
        async for _ in downloads.send(archive()):
            await asyncio.Event().wait()  # a network that takes nothing more

    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(asyncio.create_task(stuck()), 5)
    for _ in range(turns.AT_ONCE):
        downloads.require_room()


def test_progress_is_told_to_the_session_that_asked_for_the_file(
    own_prints: OwnPrints,
) -> None:
    downloads, download = Downloads(), uuid4()
    downloads.remember(SESSION, download, own_prints)

    assert downloads.get_progress(SESSION, download).total == 0
    with pytest.raises(NotFoundError):
        downloads.get_progress(UUID(int=2), download)


def test_the_oldest_download_is_forgotten_first(own_prints: OwnPrints) -> None:
    downloads, ids = Downloads(), [uuid4() for _ in range(MOST_REMEMBERED + 1)]
    for download in ids:
        downloads.remember(SESSION, download, own_prints)

    assert downloads.get_progress(SESSION, ids[1]).done == 0
    with pytest.raises(NotFoundError):
        downloads.get_progress(SESSION, ids[0])


@pytest.fixture
def own_prints() -> OwnPrints:
    """An archive of nobody."""
    return OwnPrints(None, None, UUID(int=3), [])  # type: ignore[arg-type]  # nothing is drawn of it
