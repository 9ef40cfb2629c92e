"""What is being sent to partners now: how far it is, and how many there may be."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Final
from uuid import UUID

import msgspec

from verify_service.document_signing import DocumentSigners
from verify_service.documents.service.exporting import ClassArchive
from verify_service.errors import NotFoundError
from verify_service.portal.service.archives import OwnPrints
from verify_service.turns import Turns

MOST_REMEMBERED: Final = 64
"""Downloads whose progress may be asked; the oldest is forgotten first."""
STALLED_SECONDS: Final = 60.0


class Progress(msgspec.Struct, frozen=True):
    """How far a download is; `done` counts those held too."""

    done: int
    total: int
    held: int
    ended: bool


class Downloads:
    """The archives of this process. Two are drawn at once, some wait, and the next is told to come back."""

    def __init__(self) -> None:
        self.signers = DocumentSigners()
        self._turns, self._single_turns = Turns(), Turns()
        self._remembered: dict[tuple[UUID, UUID], OwnPrints] = {}

    async def send(self, archive: ClassArchive) -> AsyncIterator[bytes]:
        """Yield an archive, from the turn on in which it is drawn."""
        loop, sending = asyncio.get_running_loop(), asyncio.current_task()
        assert sending is not None  # noqa: S101  # a coroutine runs in a task
        async with self._turns.turn():
            async for chunk in archive.chunks():
                # Whoever takes nothing for so long holds a turn that others wait for.
                stalled = loop.call_later(STALLED_SECONDS, sending.cancel)
                try:
                    yield chunk
                finally:
                    stalled.cancel()

    def turn(self) -> AbstractAsyncContextManager[None]:
        """Wait for a turn to draw one file, and hold it."""
        return self._single_turns.turn()

    def require_room(self) -> None:
        """Refuse another download while as many are drawn as may be."""
        self._turns.require_free()

    def remember(self, session_id: UUID, download_id: UUID, prints: OwnPrints) -> None:
        """Let a session ask how far a download is, under the id its page chose."""
        self._remembered[session_id, download_id] = prints
        while len(self._remembered) > MOST_REMEMBERED:
            del self._remembered[next(iter(self._remembered))]

    def get_progress(self, session_id: UUID, download_id: UUID) -> Progress:
        """Return how far a download of this session is; refuse any other."""
        prints = self._remembered.get((session_id, download_id))
        if prints is None:
            raise NotFoundError("UNKNOWN_DOWNLOAD", "there is no such download of this session")
        return Progress(prints.done, prints.total, prints.held, prints.ended)
