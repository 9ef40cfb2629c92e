"""Which store counts: this process's memory, or one that several processes share and that may be down."""

import time
from collections.abc import Callable
from typing import Final, Protocol
from urllib.parse import urlsplit

import anyio
import anyio.to_thread
import structlog

from verify_service.errors import UsageError
from verify_service.rate_limits.model import Client, Refusal
from verify_service.rate_limits.rules.limits import stricter
from verify_service.rate_limits.service import memory
from verify_service.rate_limits.service.counting import Counter
from verify_service.settings import PREFIX, Settings

MEMORY_URI: Final = f"{memory.SCHEME}://"
SHARED_SCHEMES: Final = frozenset({"redis", "rediss", "redis+unix", "valkey", "valkeys", "valkey+unix"})
STORE_OPTIONS: Final = {"socket_timeout": 0.2, "socket_connect_timeout": 0.2}
"""Without them a frozen store keeps a thread for as long as it stays frozen."""
STORE_SECONDS: Final = 0.5
"""A request that has waited so long for a thread and an answer is counted here instead."""
STORE_THREADS: Final = 16
PROBE_SECONDS: Final = 5.0
"""While the store is down, one request in so many seconds tries it again."""

log = structlog.get_logger()


class EdgeLimits(Protocol):
    """Counts requests and says which may not pass."""

    async def count(self, client: Client) -> Refusal | None:
        """Count one request of a client; return the limit that was spent already, or None: it may pass."""


def open_edge_limits(settings: Settings, on_error: Callable[[], None] = lambda: None) -> EdgeLimits:
    """Return the edge limits of the settings, or refuse the start: nothing that would leave them off is overlooked.

    `on_error` is called for each request that a shared store should have counted and did not.
    """
    scheme = urlsplit(settings.rate_limit_storage).scheme
    if scheme == "memory":
        return LocalLimits(Counter(settings.rate_limits, MEMORY_URI))
    if scheme in SHARED_SCHEMES:
        return SharedLimits(
            Counter(settings.rate_limits, settings.rate_limit_storage, STORE_OPTIONS),
            fallback=Counter(stricter(settings.rate_limits), MEMORY_URI),
            on_error=on_error,
        )
    raise UsageError("BAD_SETTING", f"{PREFIX}RATE_LIMIT_STORAGE: begin with memory://, redis:// or valkey://")


class LocalLimits:
    """Counts in memory, on the event loop: that is less than a thread would cost."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    async def count(self, client: Client) -> Refusal | None:
        """Count one request of a client; return the limit that was spent already, or None: it may pass."""
        return self._counter.count(client)


class SharedLimits:
    """Counts in the shared store, from threads, for slowapi is synchronous: one frozen store would stop the process.

    While the store is down this process counts alone and admits a third. It is never open: an answer about a person
    must not become cheaper to guess because somebody stopped a store.
    """

    def __init__(self, counter: Counter, *, fallback: Counter, on_error: Callable[[], None] = lambda: None) -> None:
        self._counter = counter
        self._fallback = fallback
        self._on_error = on_error
        self._threads = anyio.CapacityLimiter(STORE_THREADS)
        self._probe_at: float | None = None

    async def count(self, client: Client) -> Refusal | None:
        """Count one request of a client; return the limit that was spent already, or None: it may pass."""
        if not self._may_try():
            return self._count_alone(client)
        try:
            with anyio.fail_after(STORE_SECONDS):
                refusal = await anyio.to_thread.run_sync(
                    self._counter.count, client, limiter=self._threads, abandon_on_cancel=True
                )
        except Exception as error:  # the client library decides what it raises, and all of it means "not counted"
            self._mark_down(error)
            return self._count_alone(client)
        self._mark_up()
        return refusal

    def _count_alone(self, client: Client) -> Refusal | None:
        self._on_error()
        return self._fallback.count(client)

    def _may_try(self) -> bool:
        if self._probe_at is None:
            return True
        now = time.monotonic()
        if now < self._probe_at:
            return False
        self._probe_at = now + PROBE_SECONDS
        return True

    def _mark_down(self, error: Exception) -> None:
        if self._probe_at is None:
            log.error("rate_limit_store_down", exc_info=error)
        self._probe_at = time.monotonic() + PROBE_SECONDS

    def _mark_up(self) -> None:
        if self._probe_at is not None:
            log.info("rate_limit_store_back")
        self._probe_at = None
