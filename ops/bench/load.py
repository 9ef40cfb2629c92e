"""A small HTTP/1.1 load generator: many keep-alive connections, each sending the next request as an answer arrives."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator

import httptools
import msgspec
import uvloop


class Load(msgspec.Struct, frozen=True):
    """What one run measured."""

    requests: int
    seconds: float
    statuses: dict[int, int]
    latencies: tuple[float, ...]

    def percentile(self, share: float) -> float:
        """Return the latency, in milliseconds, that `share` of the requests stayed under."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(int(share * len(ordered)), len(ordered) - 1)]


class _Connection(asyncio.Protocol):
    """One connection: it also is the parser's listener."""

    def __init__(self, run: "_Run") -> None:
        self._run = run
        self._parser = httptools.HttpResponseParser(self)
        self._sent_at = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio's name
        self._run.connection_ended()

    def on_message_complete(self) -> None:
        self._run.answered(self._parser.get_status_code(), time.perf_counter() - self._sent_at)
        # The parser must end this message before it can be replaced.
        asyncio.get_running_loop().call_soon(self._send)

    def _send(self) -> None:
        request = self._run.next_request()
        if request is None:
            self._transport.close()
            return
        self._parser = httptools.HttpResponseParser(self)
        self._sent_at = self._run.due_at()
        wait = self._sent_at - time.perf_counter()
        if wait > 0:
            asyncio.get_running_loop().call_later(wait, self._transport.write, request)
        else:
            self._transport.write(request)


class _Run:
    """The requests still to send and what came of those sent."""

    def __init__(self, requests: Iterator[bytes], connections: int, per_second: float | None) -> None:
        self._requests = requests
        self._per_second = per_second
        self._begun_at = time.perf_counter()
        self._taken = 0
        self._open = connections
        self.statuses: Counter[int] = Counter()
        self.latencies: list[float] = []
        self.done = asyncio.get_running_loop().create_future()

    def next_request(self) -> bytes | None:
        self._taken += 1
        return next(self._requests, None)

    def due_at(self) -> float:
        """Return when the request just taken is due: a late one has waited, and that counts."""
        if self._per_second is None:
            return time.perf_counter()
        return self._begun_at + self._taken / self._per_second

    def answered(self, status: int, seconds: float) -> None:
        self.statuses[status] += 1
        self.latencies.append(seconds)

    def connection_ended(self) -> None:
        self._open -= 1
        if not self._open:
            self.done.set_result(None)


def send_all(port: int, requests: list[bytes], connections: int = 64, per_second: float | None = None) -> Load:
    """Send every request to a server on this machine, as fast as it answers or at a rate; return what was measured."""

    async def run() -> Load:
        state = _Run(iter(requests), connections, per_second)
        loop = asyncio.get_running_loop()
        started = time.perf_counter()
        for _ in range(connections):
            await loop.create_connection(lambda: _Connection(state), "127.0.0.1", port)
        await asyncio.wait_for(state.done, 120)
        seconds = time.perf_counter() - started
        return Load(len(state.latencies), seconds, dict(state.statuses), tuple(state.latencies))

    return uvloop.run(run())
