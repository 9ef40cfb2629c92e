"""The suite below records also signs other documents, such as status lists; these tests use one of those."""

import json
from datetime import UTC, datetime

import pytest
from openvc.proof.di_jcs import EddsaJcsProofSuite

from signing import (
    Ed25519Signer,
    InvalidSignatureError,
    KeyId,
    KeyPurpose,
    MalformedCredentialError,
    PublicKey,
    TrustedKeys,
    UnknownKeyError,
    canonicalize,
    encode_base64url,
    generate_private_key,
    sign_document,
    unsigned_document,
    verify_document,
)

DID = "did:web:rz.example.cn"
KEY_ID = KeyId("2026-s1")
CREATED = datetime(2026, 11, 23, 2, 0, 0, tzinfo=UTC)
DOCUMENT = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "id": "https://rz.example.cn/status/revocation/0",
    "type": ["VerifiableCredential", "BitstringStatusListCredential"],
    "issuer": DID,
    "validFrom": "2026-11-23T02:00:00Z",
    "credentialSubject": {"type": "BitstringStatusList", "statusPurpose": "revocation", "encodedList": "uH4sI"},
}


@pytest.fixture(scope="module")
def status_signer() -> Ed25519Signer:
    return Ed25519Signer(generate_private_key(), KEY_ID)


@pytest.fixture(scope="module")
def status_keys(status_signer: Ed25519Signer) -> TrustedKeys:
    return TrustedKeys([PublicKey(KEY_ID, KeyPurpose.STATUS, status_signer.public_key)])


@pytest.fixture(scope="module")
def signed(status_signer: Ed25519Signer) -> bytes:
    return sign_document(unsigned_document(DOCUMENT, DID, KEY_ID, CREATED), status_signer)


def test_a_document_survives_the_round_trip(signed: bytes, status_keys: TrustedKeys) -> None:
    assert verify_document(signed, status_keys, DID, KeyPurpose.STATUS) == DOCUMENT


def test_an_independent_verifier_accepts_the_document(signed: bytes, status_signer: Ed25519Signer) -> None:
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": encode_base64url(status_signer.public_key)}

    verified = EddsaJcsProofSuite().verify(json.loads(signed), public_key_jwk=jwk, now=CREATED)

    assert verified.issuer == DID


def test_a_status_list_never_passes_as_a_record(signed: bytes, status_keys: TrustedKeys) -> None:
    with pytest.raises(UnknownKeyError):
        verify_document(signed, status_keys, DID, KeyPurpose.CREDENTIAL)


def test_a_changed_document_is_refused(signed: bytes, status_keys: TrustedKeys) -> None:
    changed = json.loads(signed) | {"validFrom": "2026-11-24T02:00:00Z"}

    with pytest.raises(InvalidSignatureError):
        verify_document(canonicalize(changed), status_keys, DID, KeyPurpose.STATUS)


def test_a_document_without_contexts_is_refused(status_signer: Ed25519Signer, status_keys: TrustedKeys) -> None:
    bare = json.loads(unsigned_document(DOCUMENT, DID, KEY_ID, CREATED))
    del bare["@context"], bare["proof"]["@context"]

    with pytest.raises(MalformedCredentialError):
        sign_document(canonicalize(bare), status_signer)
