"""Senders as a process of their own: they send what is due when the database wakes them, and look in between."""

import asyncio
import contextlib
import datetime
import time
from collections.abc import Coroutine
from typing import Any, Final

import structlog

from verify_service.database import DATABASE_FAILURES, connected
from verify_service.errors import ServiceError
from verify_service.migrate import load_migrations, require_migrated
from verify_service.webhooks.queries.sending import CHANNEL
from verify_service.webhooks.service.sending import Sender, serve_next

SLOTS: Final = 4
"""Webhooks served at once, each on a connection of its own: so many receivers may be slow before others wait."""
LOOK_SECONDS: Final = 5.0
"""Between two looks, for what becomes due by itself, and should no word of the database arrive."""
RETRY_SECONDS: Final = 2.0
WELL_SECONDS: Final = 60.0
"""What ends a slot that was well so long is news, and is logged."""

log = structlog.get_logger()


async def deliver_until(ended: Coroutine[Any, Any, object], sender: Sender, database_url: str) -> None:
    """Send until `ended` returns; refuse to start on tables that are not migrated."""
    slots: list[asyncio.Task[None]] = []
    ending = asyncio.ensure_future(ended)
    try:
        async with connected(database_url, "WEBHOOKS_DATABASE_URL") as connection:
            await require_migrated(connection, load_migrations())
        log.info("webhooks_ready")
        slots = [asyncio.create_task(_keep_serving(sender, database_url)) for _ in range(SLOTS)]
        done, _ = await asyncio.wait((ending, *slots), return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in (ending, *slots):
            task.cancel()
        await asyncio.gather(ending, *slots, return_exceptions=True)


async def deliver_once(sender: Sender, database_url: str) -> int:
    """Send what is due now, and return how many deliveries were attempted."""
    attempted = 0
    async with connected(database_url, "WEBHOOKS_DATABASE_URL") as connection:
        await require_migrated(connection, load_migrations())
        while (served := await serve_next(connection, sender, _now())) is not None:
            attempted += served
    return attempted


async def _keep_serving(sender: Sender, database_url: str) -> None:
    """Serve one webhook after the other, for ever; a database that is away is waited for."""
    complaint = None
    while True:
        began_at = time.monotonic()
        try:
            await _serve_while_connected(sender, database_url)
        except (ServiceError, *DATABASE_FAILURES) as error:
            code = error.code if isinstance(error, ServiceError) else type(error).__name__
            if code != complaint or time.monotonic() - began_at > WELL_SECONDS:
                log.warning("webhooks_wait", code=code)
            complaint = code
        await asyncio.sleep(RETRY_SECONDS)


async def _serve_while_connected(sender: Sender, database_url: str) -> None:
    wake = asyncio.Event()
    async with connected(database_url, "WEBHOOKS_DATABASE_URL") as connection:
        await connection.add_listener(CHANNEL, lambda *_: wake.set())
        while True:
            wake.clear()
            while await serve_next(connection, sender, _now()) is not None:
                pass
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(wake.wait(), LOOK_SECONDS)


def _now() -> datetime.datetime:
    """Return the present instant, not cut to seconds: what was written within this one is due."""
    return datetime.datetime.now(datetime.UTC)
