"""Fixed windows in this process's memory: a store of the `limits` library, under the scheme `bounded-memory://`."""

import asyncio
import time
from contextlib import suppress
from typing import Final

from limits.storage import Storage

SCHEME: Final = "bounded-memory"
MOST_WINDOWS: Final = 200_000
"""About 60 MB. The oldest half is forgotten there: a flood of addresses must not exhaust the memory."""
FIRST_SWEEP: Final = 10_000
SWEEP_SECONDS: Final = 60.0
"""A key is somebody's address: the notice at /privacy says how soon it is forgotten after its window."""


class BoundedMemory(Storage):
    """Counts of the windows that have not ended. For one thread: the event loop's.

    The library's own memory store walks through every window from a thread a hundred times a second: 300,000 clients
    made one request take 260 µs and some 50 ms. Here ended windows are swept once a minute while any are held, and
    when the store has doubled.
    """

    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012  # the library's registry asks for a list

    def __init__(self, uri: str | None = None, *, wrap_exceptions: bool = False, **options: float | str | bool) -> None:
        super().__init__(uri, wrap_exceptions, **options)
        self._windows: dict[str, tuple[int, float]] = {}
        self._sweep_at = FIRST_SWEEP
        self._sweeping: asyncio.TimerHandle | None = None

    @property
    def base_exceptions(self) -> type[Exception]:
        """Return what this store raises when it is down: nothing, it never is."""
        return OSError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count into the window of a key, opening one of `expiry` seconds where none is open; return the count."""
        now = time.time()
        count, ends_at = self._windows.get(key, (0, 0.0))
        if ends_at <= now:
            count, ends_at = 0, now + expiry
            self._make_room(now)
            self._sweep_later()
        self._windows[key] = (count + amount, ends_at)
        return count + amount

    def get(self, key: str) -> int:
        """Return the count of the open window, 0 where none is."""
        count, ends_at = self._windows.get(key, (0, 0.0))
        return count if ends_at > time.time() else 0

    def get_expiry(self, key: str) -> float:
        """Return when the window ends, in seconds since the epoch; now where none is open."""
        now = time.time()
        return max(now, self._windows.get(key, (0, now))[1])

    def check(self) -> bool:
        """Return that the store can be reached."""
        return True

    def reset(self) -> int:
        """Forget every window and return how many there were."""
        forgotten = len(self._windows)
        self._windows.clear()
        return forgotten

    def clear(self, key: str) -> None:
        """Forget the window of one key."""
        self._windows.pop(key, None)

    def _make_room(self, now: float) -> None:
        if len(self._windows) < self._sweep_at:
            return
        open_windows = [(key, window) for key, window in self._windows.items() if window[1] > now]
        self._windows = dict(open_windows[-MOST_WINDOWS // 2 :])
        self._sweep_at = max(FIRST_SWEEP, 2 * len(self._windows))

    def _sweep_later(self) -> None:
        """Sweep by a timer of the loop: on a quiet site no request would come to do it. Without a loop nobody waits."""
        if self._sweeping is None:
            with suppress(RuntimeError):
                self._sweeping = asyncio.get_running_loop().call_later(SWEEP_SECONDS, self._sweep)

    def _sweep(self) -> None:
        self._sweeping = None
        now = time.time()
        for key in [key for key, (_, ends_at) in self._windows.items() if ends_at <= now]:
            del self._windows[key]
        if self._windows:
            self._sweep_later()
