import json

import pytest
from openvc.did.did_web import DidWebResolver
from openvc.proof.di_jcs import EddsaJcsProofSuite

from signing import (
    Ed25519Signer,
    InvalidKeyError,
    KeyId,
    KeyPurpose,
    MalformedUrlError,
    PublicKey,
    canonicalize,
    did_document,
    did_from_url,
    parse_did_document,
)

DID = "did:web:rz.example.cn"


@pytest.fixture(scope="module")
def status_key(qr_signer: Ed25519Signer) -> PublicKey:
    return PublicKey(KeyId("2026-s1"), KeyPurpose.STATUS, qr_signer.public_key)


@pytest.mark.parametrize(
    ("url", "did"),
    [
        ("https://rz.example.cn", "did:web:rz.example.cn"),
        ("https://rz.example.cn:8443", "did:web:rz.example.cn%3A8443"),
        ("http://127.0.0.1:8000", "did:web:127.0.0.1%3A8000"),
    ],
)
def test_a_port_is_escaped_in_the_did(url: str, did: str) -> None:
    assert did_from_url(url) == did


def test_an_independent_resolver_finds_the_keys_where_we_serve_them(credential_key: PublicKey, record: bytes) -> None:
    served = {"https://rz.example.cn/.well-known/did.json": json.loads(did_document(DID, [credential_key]))}
    resolver = DidWebResolver(served.__getitem__)

    verified = EddsaJcsProofSuite().verify(json.loads(record), resolver=resolver, check_temporal=False)

    assert verified.issuer == DID


@pytest.mark.parametrize("url", ["http://rz.example.cn", "https://rz.example.cn/", "rz.example.cn"])
def test_a_url_that_is_no_origin_has_no_did(url: str) -> None:
    with pytest.raises(MalformedUrlError):
        did_from_url(url)


def test_credential_and_status_keys_are_authorised_for_assertions(
    credential_key: PublicKey, qr_key: PublicKey, status_key: PublicKey
) -> None:
    document = json.loads(did_document(DID, [credential_key, qr_key, status_key]))

    assert document["id"] == DID
    assert document["assertionMethod"] == [f"{DID}#2026-c1", f"{DID}#2026-s1"]
    assert [method["id"] for method in document["verificationMethod"]] == document["assertionMethod"]
    assert {method["controller"] for method in document["verificationMethod"]} == {DID}


def test_the_keys_survive_the_round_trip(credential_key: PublicKey, status_key: PublicKey) -> None:
    document = did_document(DID, [credential_key, status_key])

    assert parse_did_document(document, DID) == (credential_key, status_key)


def test_a_key_without_authorisation_is_not_taken(credential_key: PublicKey) -> None:
    document = json.loads(did_document(DID, [credential_key])) | {"assertionMethod": []}

    assert parse_did_document(canonicalize(document), DID) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"id": "did:web:other.example.cn"},
        {"verificationMethod": None},
        {"verificationMethod": [{"id": f"{DID}#2026-c1", "publicKeyMultibase": "z6Mk"}]},
        {"verificationMethod": [{"id": f"{DID}#2026-c1"}]},
        {"verificationMethod": [{"id": "did:web:other.example.cn#2026-c1", "publicKeyMultibase": "z6Mk"}]}
        | {"assertionMethod": ["did:web:other.example.cn#2026-c1"]},
        {"assertionMethod": "all"},
    ],
)
def test_another_document_is_refused(credential_key: PublicKey, change: dict[str, object]) -> None:
    document = json.loads(did_document(DID, [credential_key])) | change

    with pytest.raises(InvalidKeyError):
        parse_did_document(canonicalize(document), DID)


def test_bytes_that_are_no_document_are_refused() -> None:
    for data in (b"", b"[]", b"{}", b"\xff", b'{"z":' + b"[" * 100_000):
        with pytest.raises(InvalidKeyError):
            parse_did_document(data, DID)
