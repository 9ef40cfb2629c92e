"""The issuer's site, asked from outside."""

import asyncio
from collections.abc import Callable, Mapping

import httpx
import msgspec
import pytest

from signing import did_document, jwks
from tests.artefacts import DID, ISSUED_AT, ISSUER, STATEMENT, TOKEN, URL, record, registered, status_lists
from verify_service.clock import date_in_shanghai
from verify_service.errors import UnavailableError
from verify_service.verification.model import CertificateOnPaper, TokenAnswer
from verify_service.verification.service import site
from verify_service.verification.service.authority import NotAskedError
from verify_service.verification.service.site import Site, SiteAuthority, fetch_issuer

Answer = Callable[[httpx.Request], httpx.Response]
PAPER = CertificateOnPaper(
    kind=STATEMENT.kind,
    title=STATEMENT.title,
    number=STATEMENT.certificate_number,
    name=STATEMENT.name,
    sex=STATEMENT.sex,
    id_number_masked=registered().id_number_masked,
    issued_on=date_in_shanghai(ISSUED_AT),
    issuer=STATEMENT.issuer_name,
    status_since=None,
    status_reason=None,
    superseded_by=None,
)
FOUND = msgspec.json.encode(TokenAnswer("valid", ISSUED_AT, PAPER, ()))
NOT_FOUND = msgspec.json.encode(TokenAnswer("not_found", ISSUED_AT, None, ()))
RESOURCES: Mapping[str, bytes] = {
    "/.well-known/did.json": did_document(DID, ISSUER.keys),
    "/.well-known/jwks.json": jwks(ISSUER.keys),
    f"/v/{TOKEN}": FOUND,
    f"/v/{TOKEN}/record.json": record(),
    "/status/revocation/0": status_lists()[0],
    "/status/refresh/0": status_lists()[1],
}


def served(resources: Mapping[str, bytes]) -> Answer:
    def answer(request: httpx.Request) -> httpx.Response:
        assert (request.method, f"{request.url.scheme}://{request.url.netloc.decode()}") == ("GET", URL)
        body = resources.get(request.url.path)
        return httpx.Response(404) if body is None else httpx.Response(200, content=body)

    return answer


def asked(answer: Answer | None = None) -> Site:
    transport = httpx.MockTransport(answer or served(RESOURCES))
    return Site(httpx.AsyncClient(transport=transport), URL)


async def test_the_issuer_presents_itself() -> None:
    issuer = await fetch_issuer(asked(), ("https://old.example.cn",))

    assert (issuer.did, issuer.origins) == (DID, (URL, "https://old.example.cn"))
    assert set(issuer.keys) == set(ISSUER.keys)


async def test_what_the_site_says_of_a_token_is_the_registers_word() -> None:
    found = await SiteAuthority(ISSUER, asked()).find(TOKEN)

    assert found == registered(kind_code=None)


async def test_a_token_the_site_does_not_know_is_not_found() -> None:
    authority = SiteAuthority(ISSUER, asked(served({f"/v/{TOKEN}": NOT_FOUND})))

    assert await authority.find(TOKEN) is None


async def test_a_malformed_token_is_not_asked_about() -> None:
    def refuse(_request: httpx.Request) -> httpx.Response:
        raise AssertionError

    assert await SiteAuthority(ISSUER, asked(refuse)).find("../healthz") is None


@pytest.mark.parametrize(
    "answer",
    [
        served({}),
        served({f"/v/{TOKEN}": b"<html>"}),
        served({f"/v/{TOKEN}": b"[" * 100_000}),
        served({f"/v/{TOKEN}": FOUND.replace(b'"valid"', b'"perhaps"')}),
        served({f"/v/{TOKEN}": b" " * (1 << 20) + FOUND}),
        lambda _request: httpx.Response(429),
        lambda _request: httpx.Response(503),
        lambda _request: httpx.Response(302, headers={"Location": f"{URL}/elsewhere"}),
        lambda _request: httpx.Response(200, headers={"Content-Encoding": "gzip"}, content=b"no gzip"),
    ],
)
async def test_any_other_answer_is_none(answer: Answer) -> None:
    with pytest.raises(UnavailableError):
        await SiteAuthority(ISSUER, asked(answer)).find(TOKEN)
    with pytest.raises(UnavailableError):
        await fetch_issuer(asked(answer), ())


async def test_a_site_that_is_slow_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "SECONDS", 0.05)

    async def drip(_request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(10)
        return httpx.Response(200)

    with pytest.raises(UnavailableError):
        await SiteAuthority(ISSUER, Site(httpx.AsyncClient(transport=httpx.MockTransport(drip)), URL)).find(TOKEN)


async def test_keys_of_another_issuer_are_no_keys() -> None:
    other = {**RESOURCES, "/.well-known/did.json": did_document("did:web:example.com", ISSUER.keys)}

    with pytest.raises(UnavailableError):
        await fetch_issuer(asked(served(other)), ())


async def test_status_lists_are_fetched_only_where_the_register_is_silent() -> None:
    authority = SiteAuthority(ISSUER, asked())

    assert await authority.status_lists(0, is_register_reached=False) == status_lists()
    assert await authority.status_lists(1, is_register_reached=False) == ()
    with pytest.raises(NotAskedError):
        await authority.status_lists(0, is_register_reached=True)


async def test_lists_that_were_handed_over_are_always_used_and_offline_nothing_else() -> None:
    assert await SiteAuthority(ISSUER, asked(), (b"list",)).status_lists(0, is_register_reached=True) == (b"list",)
    for question in (SiteAuthority(ISSUER, None).find(TOKEN), SiteAuthority(ISSUER, None).find("malformed")):
        with pytest.raises(NotAskedError):
            await question
    with pytest.raises(NotAskedError):
        await SiteAuthority(ISSUER, None).status_lists(0, is_register_reached=False)
