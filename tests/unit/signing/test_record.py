import json
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from openvc.proof.di_jcs import EddsaJcsProofSuite
from openvc.proof.errors import SignatureInvalid

from signing import (
    CredentialStatement,
    Ed25519Signer,
    InvalidKeyError,
    InvalidSignatureError,
    KeyId,
    KeyPurpose,
    MalformedCredentialError,
    PublicKey,
    SigningError,
    TrustedKeys,
    UnknownKeyError,
    UnsafeJsonError,
    build_document,
    canonicalize,
    encode_base64url,
    sign_record,
    unsigned_record,
    verify_record,
)

DID = "did:web:rz.example.cn"
CREATED = datetime(2026, 11, 23, 2, 0, 0, tzinfo=UTC)


def _jwk(key: PublicKey) -> dict[str, str]:
    return {"kty": "OKP", "crv": "Ed25519", "x": encode_base64url(key.raw)}


def test_a_record_says_what_was_signed(
    record: bytes, trusted_keys: TrustedKeys, statement: CredentialStatement
) -> None:
    assert verify_record(record, trusted_keys, DID) == statement


def test_signing_the_stored_bytes_again_gives_the_same_record(
    unsigned: bytes, record: bytes, credential_signer: Ed25519Signer
) -> None:
    assert sign_record(unsigned, credential_signer) == record


def test_the_stored_bytes_and_the_record_differ_in_the_signature_only(unsigned: bytes, record: bytes) -> None:
    signed = json.loads(record)
    del signed["proof"]["proofValue"]

    assert signed == json.loads(unsigned)


def test_an_independent_encoder_writes_the_same_bytes(unsigned: bytes, record: bytes) -> None:
    assert rfc8785.dumps(json.loads(unsigned)) == unsigned
    assert rfc8785.dumps(json.loads(record)) == record


def test_an_independent_verifier_accepts_the_record(record: bytes, credential_key: PublicKey) -> None:
    verified = EddsaJcsProofSuite().verify(json.loads(record), public_key_jwk=_jwk(credential_key), now=CREATED)

    assert verified.issuer == DID
    assert not verified.expired


@pytest.mark.parametrize("member", ["id", "validFrom", "name"])
def test_an_independent_verifier_refuses_a_tampered_record(
    record: bytes, credential_key: PublicKey, member: str
) -> None:
    tampered = json.loads(record) | {member: "2026-11-24T02:00:00Z"}

    with pytest.raises(SignatureInvalid):
        EddsaJcsProofSuite().verify(tampered, public_key_jwk=_jwk(credential_key), now=CREATED)


def test_a_record_with_any_byte_changed_is_refused(record: bytes, trusted_keys: TrustedKeys) -> None:
    for place in range(len(record)):
        changed = record[:place] + bytes([record[place] ^ 1]) + record[place + 1 :]
        with pytest.raises(SigningError):
            verify_record(changed, trusted_keys, DID)


@pytest.mark.parametrize(
    "change",
    [
        {"proof": None},
        {"proof": []},
        {"proof": {}},
        {"proof": {"type": "DataIntegrityProof"}},
        {"extra": "x"},
        {"credentialStatus": []},
        {"@context": []},
    ],
)
def test_a_record_with_a_member_changed_is_refused(
    record: bytes, trusted_keys: TrustedKeys, change: dict[str, Any]
) -> None:
    with pytest.raises(SigningError):
        verify_record(canonicalize(json.loads(record) | change), trusted_keys, DID)


@pytest.mark.parametrize(
    "change",
    [
        {"cryptosuite": "eddsa-rdfc-2022"},
        {"type": "Ed25519Signature2020"},
        {"proofPurpose": "authentication"},
        {"@context": ["https://www.w3.org/ns/credentials/v2"]},
        {"created": "2026-11-23T10:00:00+08:00"},
        {"expires": "2026-11-24T02:00:00Z"},
        {"verificationMethod": 1},
        {"proofValue": 1},
    ],
)
def test_a_proof_of_any_other_shape_is_malformed(
    record: bytes, trusted_keys: TrustedKeys, change: dict[str, Any]
) -> None:
    document = json.loads(record)
    document["proof"] |= change

    with pytest.raises(MalformedCredentialError):
        verify_record(canonicalize(document), trusted_keys, DID)


def test_an_array_of_proofs_is_refused(record: bytes, trusted_keys: TrustedKeys) -> None:
    document = json.loads(record)
    document["proof"] = [document["proof"]]

    with pytest.raises(MalformedCredentialError):
        verify_record(canonicalize(document), trusted_keys, DID)


def test_a_signed_document_that_is_no_statement_is_refused(
    statement: CredentialStatement, trusted_keys: TrustedKeys, credential_signer: Ed25519Signer
) -> None:
    document = build_document(statement) | {"description": "a member this format has no place for"}
    record = sign_record(unsigned_record(document, DID, credential_signer.key_id, CREATED), credential_signer)

    with pytest.raises(MalformedCredentialError):
        verify_record(record, trusted_keys, DID)


def test_a_record_that_names_another_issuer_than_its_signer_is_refused(
    statement: CredentialStatement, trusted_keys: TrustedKeys, credential_signer: Ed25519Signer
) -> None:
    document = build_document(msgspec.structs.replace(statement, issuer_did="did:web:other.example.cn"))
    record = sign_record(unsigned_record(document, DID, credential_signer.key_id, CREATED), credential_signer)

    with pytest.raises(MalformedCredentialError):
        verify_record(record, trusted_keys, DID)


def test_a_record_of_another_issuer_is_not_ours_to_judge(record: bytes, trusted_keys: TrustedKeys) -> None:
    with pytest.raises(UnknownKeyError):
        verify_record(record, trusted_keys, "did:web:other.example.cn")


def test_a_key_that_is_not_trusted_proves_nothing(record: bytes, qr_key: PublicKey) -> None:
    with pytest.raises(UnknownKeyError):
        verify_record(record, TrustedKeys([qr_key]), DID)


def test_a_stranger_who_signs_under_our_key_id_is_found_out(unsigned: bytes, trusted_keys: TrustedKeys) -> None:
    stranger = Ed25519Signer(Ed25519PrivateKey.generate(), KeyId("2026-c1"))

    with pytest.raises(InvalidSignatureError):
        verify_record(sign_record(unsigned, stranger), trusted_keys, DID)


def test_a_status_key_cannot_vouch_for_a_record(
    statement: CredentialStatement, credential_signer: Ed25519Signer
) -> None:
    key_id = KeyId("2026-s1")
    status_keys = TrustedKeys([PublicKey(key_id, KeyPurpose.STATUS, credential_signer.public_key)])
    unsigned = unsigned_record(build_document(statement), DID, key_id, CREATED)
    forged = json.loads(unsigned)
    forged["proof"]["proofValue"] = "z" + "2" * 87

    with pytest.raises(UnknownKeyError):
        verify_record(canonicalize(forged), status_keys, DID)


def test_a_signer_refuses_bytes_that_name_another_key(unsigned: bytes, qr_signer: Ed25519Signer) -> None:
    other = Ed25519Signer(Ed25519PrivateKey.generate(), KeyId("2027-c1"))

    with pytest.raises(InvalidKeyError):
        sign_record(unsigned, other)
    with pytest.raises(InvalidKeyError):
        sign_record(unsigned, qr_signer)


@pytest.mark.parametrize("data", [b"", b"{}", b'{"proof":{}}', b"not JSON", b'{"proof":[]}'])
def test_a_signer_refuses_bytes_that_are_no_unsigned_record(data: bytes, credential_signer: Ed25519Signer) -> None:
    with pytest.raises(MalformedCredentialError):
        sign_record(data, credential_signer)


def test_a_record_is_not_signed_a_second_time(record: bytes, credential_signer: Ed25519Signer) -> None:
    with pytest.raises(MalformedCredentialError):
        sign_record(record, credential_signer)
    with pytest.raises(MalformedCredentialError):
        unsigned_record(json.loads(record), DID, credential_signer.key_id, CREATED)


def test_an_instant_that_cannot_be_written_exactly_is_refused(
    statement: CredentialStatement, credential_signer: Ed25519Signer
) -> None:
    with pytest.raises(MalformedCredentialError):
        unsigned_record(build_document(statement), DID, credential_signer.key_id, CREATED + timedelta(microseconds=1))


def test_a_name_with_a_lone_surrogate_is_refused_before_anything_is_stored(
    statement: CredentialStatement, credential_signer: Ed25519Signer
) -> None:
    document = build_document(msgspec.structs.replace(statement, name="王\ud83d"))

    with pytest.raises(UnsafeJsonError):
        unsigned_record(document, DID, credential_signer.key_id, CREATED)


def test_a_file_too_large_to_be_a_record_is_not_parsed(trusted_keys: TrustedKeys) -> None:
    with pytest.raises(MalformedCredentialError, match="too large"):
        verify_record(b" " * 65_537, trusted_keys, DID)
