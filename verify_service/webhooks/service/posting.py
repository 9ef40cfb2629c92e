"""The one place that connects to addresses others chose. A name is resolved once, every address judged, and the
connection made to an address that was judged: whoever exchanges the name's addresses in between reaches nothing.

TLS still proves the name: it is what SNI and the check of the certificate use.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final

import httpx
import msgspec

from verify_service.errors import ServiceError
from verify_service.webhooks.model import Destination
from verify_service.webhooks.rules.destinations import Address, is_open

RESOLVE_SECONDS: Final = 5.0
CONNECT_SECONDS: Final = 4.0
ATTEMPT_SECONDS: Final = 10.0
"""For all of one attempt: a receiver that drips its answer byte by byte does not stretch it."""
MAX_ADDRESSES: Final = 3
"""Of one name, tried one after the other until one accepts the connection."""
MAX_ANSWER_BYTES: Final = 4096
"""Of the answer only the status counts; so much of the rest is taken that the connection can be used again."""
HEADERS: Final = {
    "Content-Type": "application/json",
    "User-Agent": "verify-service-webhooks/1",
    "Accept-Encoding": "identity",  # nothing to unpack
}

Resolve = Callable[[str, int], Awaitable[Sequence[Address]]]


class DestinationError(ServiceError):
    """A webhook's name leads nowhere, or where no delivery goes."""

    exit_code = 2


class Courier(msgspec.Struct, frozen=True):
    """Posts to destinations on the public internet; to this machine only where `loopback` says so."""

    tls: ssl.SSLContext
    loopback: bool
    resolve: Resolve

    @asynccontextmanager
    async def route(self, destination: Destination) -> AsyncIterator["Route"]:
        """Lend a route to addresses judged now; raise `DestinationError` where there is none."""
        addresses = await self.open_addresses(destination)
        # The default of httpx follows no redirect. The environment's proxies would resolve and connect by themselves.
        async with httpx.AsyncClient(verify=self.tls, trust_env=False, timeout=ATTEMPT_SECONDS) as client:
            yield Route(client, destination, addresses)

    async def open_addresses(self, destination: Destination) -> tuple[Address, ...]:
        """Return the addresses of a destination.

        One that is closed closes the name: it would be tried sooner or later.

        Raises:
            DestinationError: DNS_FAILED, or ADDRESS_REFUSED.

        """
        try:
            async with asyncio.timeout(RESOLVE_SECONDS):
                addresses = await self.resolve(destination.host, destination.port)
        except (OSError, ValueError):  # a TimeoutError is an OSError, an impossible name a UnicodeError
            addresses = ()
        if not addresses:
            raise DestinationError("DNS_FAILED", "the name of the URL has no address")
        if not all(is_open(address, loopback=self.loopback) for address in addresses):
            raise DestinationError("ADDRESS_REFUSED", "the URL leads to an address that is not on the public internet")
        if destination.scheme == "http" and not all(address.is_loopback for address in addresses):
            raise DestinationError("ADDRESS_REFUSED", "the URL is not https, and leads elsewhere than to this machine")
        return tuple(addresses[:MAX_ADDRESSES])


class Route:
    """An open way to one destination, by addresses that were judged."""

    def __init__(self, client: httpx.AsyncClient, destination: Destination, addresses: Sequence[Address]) -> None:
        self._client = client
        self._destination = destination
        self._addresses = addresses

    async def post(self, headers: Mapping[str, str], body: bytes) -> str:
        """Post a body and return the outcome: an HTTP status, or CONNECTION_FAILED, TIMED_OUT, BROKEN_ANSWER.

        An outcome never quotes what the receiver said.
        """
        try:
            async with asyncio.timeout(ATTEMPT_SECONDS):
                return await self._post(headers, body)
        except (TimeoutError, httpx.TimeoutException):
            return "TIMED_OUT"
        except httpx.ConnectError:
            return "CONNECTION_FAILED"
        except (httpx.HTTPError, httpx.StreamError, OSError, ValueError):
            return "BROKEN_ANSWER"

    async def _post(self, headers: Mapping[str, str], body: bytes) -> str:
        for address in self._addresses[:-1]:
            try:
                return await self._post_to(address, headers, body)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue  # nothing was sent: the next address gets it first
        return await self._post_to(self._addresses[-1], headers, body)

    async def _post_to(self, address: Address, headers: Mapping[str, str], body: bytes) -> str:
        destination = self._destination
        request = self._client.build_request(
            "POST",
            httpx.URL(
                scheme=destination.scheme,
                host=str(address),
                port=destination.port,
                raw_path=destination.path.encode("ascii"),
            ),
            headers={**HEADERS, **headers, "Host": destination.authority},
            content=body,
            timeout=httpx.Timeout(ATTEMPT_SECONDS, connect=CONNECT_SECONDS),
            extensions={"sni_hostname": destination.host},
        )
        response = await self._client.send(request, stream=True)
        try:
            await _taste(response)
        finally:
            await response.aclose()
        return str(response.status_code)


async def system_addresses(host: str, port: int) -> list[Address]:
    """Return what the system's resolver says, each address once; numbers in any spelling come out as addresses too."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [ipaddress.ip_address(text) for text in dict.fromkeys(str(address[0]) for *_, address in found)]


async def open_courier(*, loopback: bool, resolve: Resolve = system_addresses) -> Courier:
    """Return a courier that trusts whom the system trusts."""
    return Courier(await asyncio.to_thread(ssl.create_default_context), loopback, resolve)


async def _taste(response: httpx.Response) -> None:
    taken = 0
    async for part in response.aiter_raw(MAX_ANSWER_BYTES):
        taken += len(part)
        if taken >= MAX_ANSWER_BYTES:
            return
