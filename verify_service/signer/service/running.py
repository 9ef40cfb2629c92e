"""A signer as a process of its own: it does what is due when asked, when the database wakes it, and in between."""

import asyncio
import contextlib
import socket
import time
from collections.abc import Coroutine
from typing import Any, Final

import structlog

from signing import KeyPurpose
from verify_service.clock import now
from verify_service.database import DATABASE_FAILURES, Connection, connected
from verify_service.errors import ServiceError, UnavailableError
from verify_service.keys.service import active_key
from verify_service.migrate import load_migrations, require_migrated
from verify_service.signer.model import (
    MAX_QUESTION_BYTES,
    Answer,
    Done,
    PublishStatus,
    Question,
    Ready,
    SealTrail,
    SignPending,
)
from verify_service.signer.queries import CHANNEL
from verify_service.signer.rules.recency import oldest_recent
from verify_service.signer.service.answering import Bench, answer
from verify_service.signer.service.asking import database_refused, failure
from verify_service.signer.service.listening import MAX_CONNECTIONS, Ear
from verify_service.signer.service.locating import endpoint
from verify_service.signer.service.signing import FIRST

LOOK_SECONDS: Final = 5.0
"""Between two looks, should no word of the database arrive."""
LOOK_AT_ALL_SECONDS: Final = 3600.0
LOOK_AT_TRAIL_SECONDS: Final = 60.0
TRAIL_RETRY_SECONDS: Final = 600.0
"""A trail that is not signed stays so until somebody has looked: reading it anew every minute helps nobody."""
RETRY_SECONDS: Final = 0.5
MAX_RETRY_SECONDS: Final = 10.0
SIGNING_PURPOSES: Final = (KeyPurpose.CREDENTIAL, KeyPurpose.QR, KeyPurpose.STATUS)

log = structlog.get_logger()


class SignerProcess:
    """One signer: one connection, one thing at a time."""

    def __init__(self, bench: Bench, database_url: str) -> None:
        self._bench = bench
        self._database_url = database_url
        self._connection: contextlib.AsyncExitStack | None = None
        self._lent: Connection | None = None
        self._turn = asyncio.Lock()
        self._wake = asyncio.Event()
        self._look_at_all_at = time.monotonic()
        # After what waits: opening the key of the trail takes half a second, and nobody waits for a head.
        self._look_at_trail_at = time.monotonic() + LOOK_SECONDS

    async def run(self, listener: socket.socket, ended: Coroutine[Any, Any, object]) -> None:
        """Work until `ended` returns; refuse to start where the register or an active key is missing."""
        try:
            await self._require_ready()
            ear = Ear(self._answer, endpoint(self._bench.settings).group_id)
            server = await asyncio.start_unix_server(
                ear.hear, sock=listener, limit=MAX_QUESTION_BYTES, backlog=MAX_CONNECTIONS
            )
            log.info("signer_ready")
            async with server:
                work = asyncio.create_task(self._work())
                await _first_of(work, asyncio.ensure_future(ended))
        finally:
            ended.close()
            await self._disconnect()

    async def _require_ready(self) -> None:
        connection = await self._connect()
        await require_migrated(connection, load_migrations())
        active = [await active_key(connection, purpose) for purpose in SIGNING_PURPOSES]
        await self._ask(Ready(tuple(key.key_id for key in active)))

    async def _work(self) -> None:
        delay, complaint = RETRY_SECONDS, None
        while True:
            self._wake.clear()
            results = [await self._answer(question) for question in (SignPending(), PublishStatus())]
            failed = next((result for result in results if not isinstance(result, Done)), None)
            if failed is not None and failed.code != complaint:  # once, not every few seconds
                log.error("signer_waits", code=failed.code)
            complaint = None if failed is None else failed.code
            delay = RETRY_SECONDS if failed is None else min(2 * delay, MAX_RETRY_SECONDS)
            await self._seal_trail()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), LOOK_SECONDS if failed is None else delay)

    async def _seal_trail(self) -> None:
        """Sign how far the trail reaches, if it is time; whatever is wrong with it holds up no certificate."""
        if time.monotonic() < self._look_at_trail_at:
            return
        result = await self._answer(SealTrail())
        if not isinstance(result, Done):
            log.error("audit_head_not_signed", code=result.code)
        self._look_at_trail_at = time.monotonic() + (
            LOOK_AT_TRAIL_SECONDS if isinstance(result, Done) else TRAIL_RETRY_SECONDS
        )

    async def _answer(self, question: Question) -> Answer:
        try:
            return await self._ask(question)
        except ServiceError as error:
            return failure(error)

    async def _ask(self, question: Question) -> Done:
        async with self._turn:
            everything = isinstance(question, SignPending) and time.monotonic() >= self._look_at_all_at
            try:
                done = await answer(
                    await self._connect(), self._bench, question, FIRST if everything else oldest_recent(now())
                )
            except DATABASE_FAILURES as error:
                await self._disconnect()
                raise database_refused(error) from error
            except ServiceError:
                raise
            except Exception as error:
                # A fault of ours in one certificate must not end the signer of all; type and place only are logged.
                log.exception("signer_failed", exc_info=error)
                raise UnavailableError("SIGNER_FAILED", "the signer failed: its log has the place") from error
            if everything:
                self._look_at_all_at = time.monotonic() + LOOK_AT_ALL_SECONDS
            return done

    async def _connect(self) -> Connection:
        if self._lent is not None and not self._lent.is_closed():
            return self._lent
        await self._disconnect()
        async with contextlib.AsyncExitStack() as opening:
            lent = await opening.enter_async_context(connected(self._database_url, "SIGNER_DATABASE_URL"))
            await lent.add_listener(CHANNEL, lambda *_: self._wake.set())
            self._lent, self._connection = lent, opening.pop_all()
        return lent

    async def _disconnect(self) -> None:
        stack, self._connection, self._lent = self._connection, None, None
        if stack is not None:
            with contextlib.suppress(*DATABASE_FAILURES):
                await stack.aclose()


async def _first_of(work: "asyncio.Task[None]", ended: "asyncio.Future[object]") -> None:
    """Return when `ended` does; raise what ended the work, should that come first."""
    done, _ = await asyncio.wait((work, ended), return_when=asyncio.FIRST_COMPLETED)
    for task in (work, ended):
        task.cancel()
    await asyncio.gather(work, ended, return_exceptions=True)
    if work in done:
        work.result()
