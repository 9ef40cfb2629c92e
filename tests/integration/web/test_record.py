"""`GET /v/{token}/record.json`: the bytes that were signed, for software of others to judge."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from openvc.did.base import DidDocument
from openvc.did.base import parse_did_document as parse_independently
from openvc.proof.di_jcs import EddsaJcsProofSuite
from openvc.proof.errors import SignatureInvalid

from signing import KeyPurpose, TrustedKeys, format_token, parse_did_document, verify_record
from tests.conftest import PUBLIC_URL
from tests.integration.web.conftest import Client
from tests.registers import Certificate
from verify_service.credentials.queries.standing import find_by_number, find_sealed
from verify_service.database import Connection, connected
from verify_service.key_directory import KeyDirectory
from verify_service.sealing.rules import unwrap_data_key
from verify_service.settings import Settings

Certificates = Mapping[str, Certificate]
DID = "did:web:127.0.0.1%3A8000"
EVERY = ["valid", "revoked-exam_misconduct", "old", "new", "third", "twofold-0"]


class Fetched:
    """A resolver that has fetched one document: openvc's own refuses did:web under an IP address, as of our tests."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document

    def supports(self, did: str) -> bool:
        return did == DID

    def resolve(self, did: str) -> DidDocument:
        assert did == DID
        return parse_independently(self._document)


async def stored_record(connection: Connection, settings: Settings, number: str) -> bytes:
    """Return the bytes of the register, opened here and not by the service."""
    secrets = KeyDirectory(settings).require_secrets()
    standing = await find_by_number(connection, number)
    assert standing is not None
    sealed = await find_sealed(connection, standing.credential_id)
    assert sealed is not None
    cipher = unwrap_data_key(secrets.field, sealed.kek_id, sealed.wrapped, standing.subject_id)
    return cipher.open(sealed.sealed_record, "credential_signature:sealed_record", standing.credential_id)


@pytest.mark.parametrize("key", EVERY)
async def test_the_record_is_served_byte_for_byte_as_it_was_signed(
    client: Client, site: Settings, certificates: Certificates, key: str
) -> None:
    certificate = certificates[key]

    response = await client.get(f"/v/{certificate.token}/record.json")

    assert response.status_code == 200
    assert response.headers["content-type"] == "application/vc"
    assert site.operator_database_url is not None
    async with connected(site.operator_database_url, "OPERATOR_DATABASE_URL") as operator:
        assert response.content == await stored_record(operator, site, certificate.number)


@pytest.mark.parametrize("key", EVERY)
async def test_the_record_verifies_with_the_keys_the_service_publishes(
    client: Client, certificates: Certificates, key: str
) -> None:
    certificate = certificates[key]
    record = (await client.get(f"/v/{certificate.token}/record.json")).content
    document = (await client.get("/.well-known/did.json")).content

    statement = verify_record(record, TrustedKeys(parse_did_document(document, DID)), DID)

    assert (statement.certificate_number, statement.name) == (certificate.number, certificate.name)
    assert json.loads(record)["id"] == f"{PUBLIC_URL}/v/{certificate.token}/record.json"


@pytest.mark.parametrize("key", EVERY)
async def test_independent_software_verifies_it_too_and_notices_one_changed_character(
    client: Client, certificates: Certificates, key: str
) -> None:
    certificate = certificates[key]
    record = (await client.get(f"/v/{certificate.token}/record.json")).json()
    resolver = Fetched((await client.get("/.well-known/did.json")).json())

    verified = EddsaJcsProofSuite().verify(record, resolver=resolver, check_temporal=False)

    assert verified.issuer == DID
    forged = json.loads(json.dumps(record).replace(certificate.number, certificate.number[:-1] + "?"))
    with pytest.raises(SignatureInvalid):
        EddsaJcsProofSuite().verify(forged, resolver=resolver, check_temporal=False)


async def test_the_record_names_neither_id_number_nor_phone(client: Client, certificates: Certificates) -> None:
    valid = certificates["valid"]

    record = await client.get(f"/v/{valid.token}/record.json")

    assert valid.name in record.text
    assert [value for value in (valid.id_number, valid.id_number[:-1], valid.phone) if value in record.text] == []


@pytest.mark.parametrize("token", [format_token(bytes(10)), "nothing", "x" * 16, "%00"])
async def test_there_is_no_record_of_a_token_that_opens_nothing(client: Client, token: str) -> None:
    response = await client.get(f"/v/{token}/record.json")

    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


async def test_the_keys_of_records_are_not_those_of_qr_codes(client: Client) -> None:
    document = (await client.get("/.well-known/did.json")).content

    assert {key.purpose for key in parse_did_document(document, DID)} == {KeyPurpose.CREDENTIAL, KeyPurpose.STATUS}
