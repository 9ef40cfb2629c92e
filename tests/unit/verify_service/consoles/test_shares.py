"""Slow strangers on real sockets: what they hold is theirs alone, and no longer than a slow line would need."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Final, cast

import httpx
import pytest
import uvicorn
from litestar import Litestar
from litestar.datastructures import State
from litestar.types import Receive, Scope, Send

from tests.unit.verify_service.consoles.test_forwarding import SITE
from verify_service.consoles.forwarding import FORWARDED, ConsoleForwarder
from verify_service.consoles.shares import Limits, Shares

BODY_BYTES: Final = 60_000
OFFICE, SAME_NETWORK, SOMEBODY_ELSE = "2001:db8:0:1::1", "2001:db8:0:1::2", "2001:db8:0:2::1"
FEW: Final = Limits(connections=4, each=2, wait_seconds=0.2)


class Console:
    """Stands where the consoles listen: takes a body to its end, says how much of it has come, and answers."""

    def __init__(self) -> None:
        self.changed = asyncio.Condition()
        self.under_way = self.most_under_way = self.received_bytes = 0

    async def __call__(self, _: Scope, receive: Receive, send: Send) -> None:
        await self.note(requests=1)
        more = True
        while more:
            message = await receive()
            more = message["type"] == "http.request" and message["more_body"]
            if message["type"] == "http.request":
                await self.note(received=len(message["body"]))
        await self.note(requests=-1)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def note(self, *, requests: int = 0, received: int = 0) -> None:
        async with self.changed:
            self.under_way += requests
            self.most_under_way = max(self.most_under_way, self.under_way)
            self.received_bytes += received
            self.changed.notify_all()

    async def until_under_way(self, requests: int) -> None:
        async with asyncio.timeout(10), self.changed:
            await self.changed.wait_for(lambda: self.under_way == requests)

    async def until_received(self, number: int) -> None:
        async with self.changed:
            await self.changed.wait_for(lambda: self.received_bytes >= number)


class Site:
    """The public process in front of a console, and those who ask it."""

    def __init__(self, port: int, console: Console) -> None:
        self.port, self.console = port, console
        self._writers: list[asyncio.StreamWriter] = []

    async def dawdle(self, client: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Begin to sign in, as whoever has all the time in the world."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self._writers.append(writer)
        lines = (
            "POST /staff/sign-in HTTP/1.1",
            "Host: x",
            f"X-Forwarded-For: {client}",
            f"Content-Length: {BODY_BYTES}",
        )
        writer.write("".join(f"{line}\r\n" for line in (*lines, "")).encode() + b"x")
        return reader, writer

    async def ask(self, client: str, language: str = "en") -> httpx.Response:
        headers = {"X-Forwarded-For": client, "Accept": "text/html"}
        async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
            return await http.get(f"http://127.0.0.1:{self.port}/staff/sign-in?lang={language}", headers=headers)

    def leave(self) -> None:
        """Let everybody who dawdles go."""
        for writer in self._writers:
            writer.close()


@asynccontextmanager
async def serving(app: Any, listener: socket.socket) -> AsyncIterator[None]:  # noqa: ANN401  # an ASGI application
    """Serve over HTTP at a socket that listens already: whoever comes too early waits there."""
    config = uvicorn.Config(app, http="httptools", lifespan="off", log_config=None, ws="none", proxy_headers=False)
    server = uvicorn.Server(config)
    listener.listen()
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield
    finally:
        server.should_exit = server.force_exit = True
        await task


@asynccontextmanager
async def site_of(folder: Path, limits: Limits) -> AsyncIterator[Site]:
    """Lend a site under these limits, behind a proxy of its own."""
    console = Console()
    forwarder = ConsoleForwarder(folder / "console.sock", (ip_network("127.0.0.0/8"),), limits)
    state = State({"console_forwarder": forwarder, "site": SITE})
    app = Litestar(list(FORWARDED), state=state, openapi_config=None, logging_config=None)
    with socket.socket(socket.AF_UNIX) as behind, socket.socket() as front:
        behind.bind(str(folder / "console.sock"))
        front.bind(("127.0.0.1", 0))
        async with serving(cast("Any", console), behind), serving(app, front):
            site = Site(front.getsockname()[1], console)
            try:
                yield site
            finally:
                site.leave()
                await forwarder.close()


async def test_whoever_dawdles_holds_a_share_and_everybody_else_is_answered(tmp_path: Path) -> None:
    async with site_of(tmp_path, FEW) as site:
        for _ in range(5):
            await site.dawdle(OFFICE)
        await site.console.until_under_way(FEW.each)

        refused = [await site.ask(OFFICE), await site.ask(SAME_NETWORK, "zh")]
        answered = [await site.ask(SOMEBODY_ELSE), await site.ask("192.0.2.1")]

        assert [answer.status_code for answer in refused] == [429, 429]
        assert refused[0].headers["retry-after"] == "5"
        assert ["Too often" in refused[0].text, "操作过于频繁" in refused[1].text] == [True, True]
        assert [answer.status_code for answer in answered] == [200, 200]
        assert site.console.most_under_way == FEW.each + 1


async def test_more_of_an_office_wait_for_their_turn_and_are_answered(tmp_path: Path) -> None:
    async with site_of(tmp_path, Limits(connections=4, each=2, wait_seconds=10)) as site:
        slow = [await site.dawdle(OFFICE) for _ in range(2)]
        await site.console.until_under_way(2)
        async with asyncio.TaskGroup() as group:
            asking = [group.create_task(site.ask(OFFICE)) for _ in range(6)]
            for _, writer in slow:
                writer.write(b"x" * (BODY_BYTES - 1))

        assert [task.result().status_code for task in asking] == [200] * 6
        assert [(await reader.readline()).split()[1] for reader, _ in slow] == [b"200"] * 2
        assert site.console.most_under_way == 2


async def test_a_body_that_trickles_is_given_up_though_it_never_falls_silent(tmp_path: Path) -> None:
    limits = Limits(grace_seconds=0.2, least_bytes_per_second=1_000_000)
    async with site_of(tmp_path, limits) as site:
        reader, writer = await site.dawdle(OFFICE)
        answer = asyncio.create_task(reader.readline())
        sent = 1
        while not answer.done():
            arrived = asyncio.create_task(site.console.until_received(sent))
            await asyncio.wait({arrived, answer}, timeout=10, return_when=asyncio.FIRST_COMPLETED)
            arrived.cancel()
            writer.write(b"x")
            sent += 1

        assert (await answer).split()[1] == b"400"
        await site.console.until_under_way(0)
        assert 1 < site.console.received_bytes < BODY_BYTES


@pytest.mark.parametrize(
    ("received_bytes", "waited_seconds", "patience_seconds"),
    [
        (0, 0, 30),
        (1, 29, 1),  # a byte every 29 seconds: the second is the last
        (2, 58, -28),
        (0, 30, 0),
        (60_000, 80, 8.6),
        (200 * 1024 * 1024, 150_000, 30),  # at 1.4 KB a second for two days
        (200 * 1024 * 1024, 204_829, 1),
        (200 * 1024 * 1024, 210_000, -5_170),
    ],
)
def test_a_slow_line_earns_its_time_by_what_it_brings(
    received_bytes: int, waited_seconds: float, patience_seconds: float
) -> None:
    assert Limits().patience_seconds(received_bytes, waited_seconds) == pytest.approx(patience_seconds, abs=0.01)


async def test_nothing_is_kept_of_who_has_nothing_under_way() -> None:
    shares = Shares(FEW)
    async with shares.share("192.0.2.1/32"), shares.share("192.0.2.1/32"):
        assert len(shares._turns) == len(shares._asking) == 1

    assert not shares._turns
    assert not shares._asking
