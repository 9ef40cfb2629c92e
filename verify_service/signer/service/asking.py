"""Having something signed: by the signer that listens, else by this process with the keys it holds."""

import asyncio
import contextlib
import os
from collections.abc import Sequence
from typing import Final

from verify_service.credentials.model import SigningResult
from verify_service.database import DATABASE_FAILURES, connected
from verify_service.errors import ConflictError, ServiceError, UnavailableError, UsageError
from verify_service.signer.model import (
    MAX_ANSWER_BYTES,
    Answer,
    Done,
    Failed,
    PublishStatus,
    Question,
    Ready,
    SignPending,
)
from verify_service.signer.rules.frames import LENGTH_BYTES, FrameError, decode_answer, encode_frame, parse_length
from verify_service.signer.service.answering import Bench, answer
from verify_service.signer.service.listening import user_and_group_of
from verify_service.signer.service.locating import socket_path

ANSWER_SECONDS: Final = 600.0
"""A class of thousands is signed in seconds; a token in a hardware module takes its time."""
CONNECT_TRIES: Final = 50
CONNECT_PAUSE_SECONDS: Final = 0.1
_KINDS: Final = {kind.exit_code: kind for kind in (UsageError, ConflictError, UnavailableError)}


class NearestSigner:
    """Asks the listening signer where there is one, each time anew: it may come and go while a command runs."""

    def __init__(self, bench: Bench, database_url: str) -> None:
        self._bench = bench
        self._database_url = database_url
        self._socket = socket_path(bench.settings)

    async def require_ready(self, key_ids: Sequence[str]) -> None:
        """Return if all of these keys open and are the registered ones; refuse naming one that does not."""
        await self._ask(Ready(tuple(key_ids)))

    async def sign_pending(self) -> SigningResult:
        """Sign whatever waits for it and may be signed."""
        return (await self._ask(SignPending())).signing

    async def publish_status(self) -> int:
        """Publish the status lists that changed or are due, and return how many."""
        return (await self._ask(PublishStatus())).published

    async def _ask(self, question: Question) -> Done:
        try:
            reader, writer = await self._connected()
        except PermissionError:
            raise UsageError("SIGNER_FORBIDDEN", f"this user may not ask the signer at {self._socket}") from None
        except OSError:  # no file, or one that nobody listens at any more
            return await self._answer_here(question)
        try:
            self._require_own(writer)
            given = await _exchange(reader, writer, question)
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
        if isinstance(given, Failed):
            raise _KINDS.get(given.exit_code, ServiceError)(given.code, given.message)
        return given

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        for _ in range(CONNECT_TRIES):
            try:
                return await asyncio.open_unix_connection(self._socket)
            except BlockingIOError:  # many wait to be heard: it is there
                await asyncio.sleep(CONNECT_PAUSE_SECONDS)
        raise UnavailableError("SIGNER_BUSY", f"too many ask the signer at {self._socket}: try again later")

    def _require_own(self, writer: asyncio.StreamWriter) -> None:
        """Refuse a listener of another user, unless the setting names its place: in /tmp anybody could be first."""
        user_id, _ = user_and_group_of(writer.get_extra_info("socket"))
        if self._bench.settings.signer_socket is None and user_id != os.geteuid():
            raise UsageError("SIGNER_FOREIGN", f"who listens at {self._socket} is another user: set SIGNER_SOCKET")

    async def _answer_here(self, question: Question) -> Done:
        try:
            async with connected(self._database_url, "SIGNER_DATABASE_URL") as connection:
                return await answer(connection, self._bench, question)
        except UsageError as error:
            raise UsageError(error.code, f"{error.message} (and no signer listens at {self._socket})") from None
        except DATABASE_FAILURES as error:
            raise database_refused(error) from error


async def _exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, question: Question) -> Answer:
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            writer.write(encode_frame(question))
            await writer.drain()
            length = parse_length(await reader.readexactly(LENGTH_BYTES), MAX_ANSWER_BYTES)
            return decode_answer(await reader.readexactly(length))
    except (OSError, TimeoutError, asyncio.IncompleteReadError, FrameError):
        raise UnavailableError(
            "SIGNER_LOST", "the signer ended before it answered; what is recorded stands and is signed by the next"
        ) from None


def database_refused(error: BaseException) -> UnavailableError:
    """Return what a failure of the database becomes: its own text may quote row values."""
    return UnavailableError("DATABASE_ERROR", f"the database refused: {type(error).__name__}")


def failure(error: ServiceError) -> Failed:
    """Return an error as it crosses to whoever asked."""
    return Failed(error.exit_code, error.code, error.message)
