"""The issuer's own site as an authority, for whoever checks from outside."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final, TypeVar

import httpx
import msgspec

from signing import STATUS_PURPOSES, InvalidKeyError, MalformedCredentialError, parse_token
from verify_service.errors import UnavailableError
from verify_service.verification.model import Issuer, PresentStatus, RegisteredCertificate, TokenAnswer
from verify_service.verification.service.authority import NotAskedError
from verify_service.verification.service.issuers import read_issuer

Answer = TypeVar("Answer")

SECONDS: Final = 1.5
"""For each step, of which there are three at most: keys, register, status lists."""
MAX_ANSWER_BYTES: Final = 1 << 20
JSON: Final = "application/json"


class Site:
    """GET on one origin: no redirects, no proxy or password from the environment, answers of a bounded size."""

    def __init__(self, client: httpx.AsyncClient, origin: str) -> None:
        self._client = client
        self.origin = origin

    async def get(self, path: str) -> bytes | None:
        """Return the body of a resource; None where there is none.

        Raises:
            UnavailableError: no answer, or another than that.

        """
        try:
            async with self._client.stream("GET", self.origin + path, headers={"Accept": JSON}) as response:
                if response.status_code == httpx.codes.NOT_FOUND:
                    return None
                if response.status_code == httpx.codes.OK:
                    return await _read(response)
        except (httpx.HTTPError, httpx.StreamError, OSError, ValueError):
            pass  # its text may quote the address, which opens a certificate
        raise UnavailableError("SITE_UNREACHABLE", f"{self.origin} gives no answer that can be used")


@asynccontextmanager
async def open_site(origin: str) -> AsyncIterator[Site]:
    """Lend the issuer's site, over TLS as the system trusts it."""
    # The system's store, which operators can add to; httpx would bring one of its own.
    tls = await asyncio.to_thread(ssl.create_default_context)
    async with httpx.AsyncClient(verify=tls, trust_env=False, timeout=SECONDS) as client:
        yield Site(client, origin)


async def fetch_issuer(site: Site, former_origins: tuple[str, ...]) -> Issuer:
    """Return the issuer as its own site presents it; its DID must be that of the site, or of a former one.

    Raises:
        UnavailableError: there is no answer, or none that can be used.

    """
    did_document, jwk_set = await _together(site.get("/.well-known/did.json"), site.get("/.well-known/jwks.json"))
    try:
        return read_issuer(did_document or b"", jwk_set or b"", (site.origin, *former_origins))
    except InvalidKeyError:
        raise UnavailableError("KEYS_UNREACHABLE", f"{site.origin} publishes no keys that can be used") from None


class SiteAuthority:
    """Believes an issuer's keys, status lists that were handed over, and its site unless that is not to be asked."""

    def __init__(self, issuer: Issuer, site: Site | None, given_lists: tuple[bytes, ...] = ()) -> None:
        self.issuer = issuer
        self._site = site
        self._given_lists = given_lists

    async def find(self, token: str) -> RegisteredCertificate | None:
        """Return what the site says about a token, with the record it serves."""
        if self._site is None:
            raise NotAskedError
        try:
            parse_token(token)
        except MalformedCredentialError:
            return None
        answer, record = await _together(self._site.get(f"/v/{token}"), self._site.get(f"/v/{token}/record.json"))
        return _registered(answer, record)

    async def standing(self, numbers: Sequence[str]) -> Mapping[str, PresentStatus]:  # noqa: ARG002
        """Refuse: the site answers nobody who has a number alone."""
        raise NotAskedError

    async def status_lists(self, status_list: int, *, is_register_reached: bool) -> tuple[bytes, ...]:
        """Return the lists that were handed over; else, where the register is silent, those the site publishes."""
        if self._given_lists:
            return self._given_lists
        if self._site is None or is_register_reached:
            raise NotAskedError
        lists = await _together(*(self._site.get(f"/status/{purpose}/{status_list}") for purpose in STATUS_PURPOSES))
        return tuple(data for data in lists if data is not None)


def _registered(answer: bytes | None, record: bytes | None) -> RegisteredCertificate | None:
    try:
        told = msgspec.json.decode(answer or b"", type=TokenAnswer)
    except (ValueError, RecursionError):
        raise UnavailableError("SITE_UNREACHABLE", "the site's answer cannot be read") from None
    paper = told.certificate
    if paper is None or told.outcome == "not_found":
        return None
    return RegisteredCertificate(
        record=record or b"",
        kind=paper.kind,
        kind_code=None,
        certificate_number=paper.number,
        id_number_masked=paper.id_number_masked,
        status=told.outcome,
        status_since=paper.status_since,
        status_reason=paper.status_reason,
        superseded_by=paper.superseded_by,
    )


async def _read(response: httpx.Response) -> bytes:
    body = bytearray()
    async for part in response.aiter_bytes(1 << 16):
        body += part
        if len(body) > MAX_ANSWER_BYTES:
            raise ValueError
    return bytes(body)


async def _together(*questions: Awaitable[Answer]) -> list[Answer]:
    """Return the answers of several questions asked at once; a slow drip of bytes does not stretch the time."""
    try:
        async with asyncio.timeout(SECONDS):
            return list(await asyncio.gather(*questions))
    except TimeoutError:
        raise UnavailableError("SITE_UNREACHABLE", "the site does not answer in time") from None
