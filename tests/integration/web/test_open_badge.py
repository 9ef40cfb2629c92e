"""`GET /v/{token}/openbadge.json`: the certificate as Open Badges software verifies it."""

import hashlib
from collections.abc import Mapping
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from signing import PublicKey, TrustedKeys, format_token, parse_did_document, parse_token, verify_badge
from signing.multibase import decode_base58btc
from signing.n_quads import canonical_n_quads
from tests.integration.web.conftest import Client, asking
from tests.json_ld import n_quads_by_pyld
from tests.registers import Certificate
from verify_service.database import Connection, connected
from verify_service.settings import Settings

Certificates = Mapping[str, Certificate]
DID = "did:web:127.0.0.1%3A8000"
EVERY = ["valid", "revoked-exam_misconduct", "old", "new", "third", "twofold-0"]
ALL_TOKENS = "select token from credential join credential_signature using (credential_id)"
TAMPER = """
update open_badge_proof set sealed_signature = set_byte(sealed_signature, 20, get_byte(sealed_signature, 20) # 1)
  from credential where credential.credential_id = open_badge_proof.credential_id and token = $1
"""


async def keys_of(client: Client) -> tuple[PublicKey, ...]:
    return parse_did_document((await client.get("/.well-known/did.json")).content, DID)


def require_signed(badge: Mapping[str, Any], keys: Mapping[str, bytes]) -> None:
    """Verify as VC-DI-EdDSA §3.2 tells it, with a JSON-LD processor of others and none of our code for signatures."""
    document = dict(badge)
    options = dict(document.pop("proof"))
    signature = decode_base58btc(options.pop("proofValue"))
    parts = ({"@context": document["@context"], **options}, document)
    hashed = b"".join(hashlib.sha256(n_quads_by_pyld(part).encode()).digest() for part in parts)
    Ed25519PublicKey.from_public_bytes(keys[options["verificationMethod"]]).verify(signature, hashed)


@pytest.mark.parametrize("key", EVERY)
async def test_the_twin_verifies_with_the_keys_the_service_publishes(
    client: Client, certificates: Certificates, key: str
) -> None:
    certificate = certificates[key]
    keys = await keys_of(client)

    response = await client.get(f"/v/{certificate.token}/openbadge.json")

    assert response.status_code == 200
    assert response.headers["content-type"] == "application/vc+ld+json"
    said = verify_badge(response.content, TrustedKeys(keys), DID)
    assert (said.certificate_number, said.name) == (certificate.number, certificate.name)


@pytest.mark.parametrize("key", EVERY)
async def test_the_twin_is_the_record_under_another_proof(client: Client, certificates: Certificates, key: str) -> None:
    badge = (await client.get(f"/v/{certificates[key].token}/openbadge.json")).json()
    record = (await client.get(f"/v/{certificates[key].token}/record.json")).json()

    proofs = badge.pop("proof"), record.pop("proof")

    assert badge == record
    assert [proof["cryptosuite"] for proof in proofs] == ["eddsa-rdfc-2022", "eddsa-jcs-2022"]
    assert proofs[0]["verificationMethod"] == proofs[1]["verificationMethod"]


async def test_it_verifies_by_hand_too_and_one_changed_character_is_noticed(
    client: Client, certificates: Certificates
) -> None:
    keys = {f"{DID}#{key.key_id}": key.raw for key in await keys_of(client)}
    badge = (await client.get(f"/v/{certificates['valid'].token}/openbadge.json")).json()

    require_signed(badge, keys)

    for forged in (badge | {"name": badge["name"] + "。"}, badge | {"validFrom": "2026-01-01T00:00:00Z"}):
        with pytest.raises(InvalidSignature):
            require_signed(forged, keys)


async def test_every_certificate_of_the_register_is_the_same_graph_for_software_of_others(
    client: Client, site: Settings
) -> None:
    assert site.database_url is not None
    async with connected(site.database_url, "DATABASE_URL") as connection:
        tokens = [format_token(row["token"]) for row in await connection.fetch(ALL_TOKENS)]
    assert len(tokens) >= 76

    for token in tokens:
        document = (await client.get(f"/v/{token}/openbadge.json")).json()
        del document["proof"]
        assert canonical_n_quads(document).decode() == n_quads_by_pyld(document)


@pytest.mark.parametrize("token", [format_token(bytes(10)), "nothing", "x" * 16, "%00"])
async def test_there_is_no_twin_of_a_token_that_opens_nothing(client: Client, token: str) -> None:
    response = await client.get(f"/v/{token}/openbadge.json")

    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


async def test_a_signature_that_was_tampered_with_in_the_database_is_our_fault(
    settings: Settings, superuser: Connection, certificates: Certificates
) -> None:
    valid = certificates["valid"]
    async with superuser.transaction():
        await superuser.execute("set local session_replication_role = replica")  # past the triggers
        assert await superuser.execute(TAMPER, parse_token(valid.token)) == "UPDATE 1"

    async with asking(settings) as client:
        assert (await client.get(f"/v/{valid.token}/openbadge.json")).status_code == 503
        assert (await client.get(f"/v/{valid.token}/record.json")).status_code == 200
