"""`did.json` and `jwks.json`: what anybody needs to verify without us, wherever the page that asks comes from."""

import json
from collections.abc import Mapping

import httpx
import pytest

from signing import KeyPurpose, TrustedKeys, parse_did_document, parse_jwks, verify_qr
from tests.conftest import PUBLIC_URL
from tests.integration.web.conftest import Client
from tests.registers import Certificate

DID = "did:web:127.0.0.1%3A8000"
PATHS = {
    "/.well-known/did.json": "application/did+json",
    "/.well-known/jwks.json": "application/jwk-set+json",
}


@pytest.mark.parametrize(("path", "media_type"), PATHS.items())
async def test_they_are_open_to_any_origin_and_cacheable(client: Client, path: str, media_type: str) -> None:
    response = await client.get(path, headers={"Origin": "https://anybody.example"})

    assert response.status_code == 200
    assert response.headers["content-type"] == media_type
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"
    assert response.headers["cache-control"] == "public, max-age=300"
    assert response.json()


async def test_both_name_the_same_keys_and_neither_a_private_half(client: Client) -> None:
    document, key_set = [await client.get(path) for path in PATHS]

    keys = {key.key_id: key for key in parse_jwks(key_set.content)}
    assert {key.purpose for key in keys.values()} == {KeyPurpose.CREDENTIAL, KeyPurpose.QR, KeyPurpose.STATUS}
    for key in parse_did_document(document.content, DID):
        assert keys[key.key_id].raw == key.raw
    assert {member for jwk in key_set.json()["keys"] for member in jwk} & {"d", "p", "q", "k"} == set()


@pytest.mark.parametrize("key", ["valid", "old", "third", "twofold-0"])
async def test_every_qr_code_verifies_with_what_is_published(
    client: Client, certificates: Mapping[str, Certificate], key: str
) -> None:
    keys = TrustedKeys(parse_jwks((await client.get("/.well-known/jwks.json")).content))
    certificate = certificates[key]

    claims = verify_qr(certificate.qr, keys, PUBLIC_URL)

    assert (claims.certificate_number, claims.name) == (certificate.number, certificate.name)


async def test_the_did_is_the_one_a_resolver_reaches_the_document_by(client: Client) -> None:
    document = (await client.get("/.well-known/did.json")).json()

    assert document["id"] == DID
    host = DID.removeprefix("did:web:").replace("%3A", ":")
    assert httpx.URL(PUBLIC_URL).netloc.decode() == host
    assert json.dumps(document).count(DID) > 1
