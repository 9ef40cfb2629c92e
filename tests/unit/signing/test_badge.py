import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from openvc.proof.data_integrity import DataIntegrityProofSuite

from signing import (
    CredentialStatement,
    Ed25519Signer,
    InvalidKeyError,
    InvalidSignatureError,
    KeyId,
    MalformedCredentialError,
    PublicKey,
    SigningError,
    TrustedKeys,
    UnknownKeyError,
    badge_from_record,
    build_document,
    canonicalize,
    encode_base64url,
    sign_badge,
    sign_record,
    unsigned_record,
    verify_badge,
    verify_record,
)
from signing.multibase import decode_base58btc
from tests.json_ld import n_quads_by_pyld

DID = "did:web:rz.example.cn"
KEY_ID = KeyId("2026-c1")
CREATED = datetime(2026, 11, 23, 2, 0, 0, tzinfo=UTC)


def test_a_badge_says_what_its_record_says(
    badge: bytes, record: bytes, trusted_keys: TrustedKeys, statement: CredentialStatement
) -> None:
    assert verify_badge(badge, trusted_keys, DID) == verify_record(record, trusted_keys, DID) == statement


def test_a_badge_and_its_record_differ_in_the_proof_only(badge: bytes, record: bytes) -> None:
    twin, signed = json.loads(badge), json.loads(record)
    proofs = twin.pop("proof"), signed.pop("proof")

    assert twin == signed
    assert {name for name in proofs[1] if proofs[0].get(name) != proofs[1][name]} == {
        "@context",
        "cryptosuite",
        "proofValue",
    }


def test_signing_again_gives_the_same_signature(record: bytes, credential_signer: Ed25519Signer) -> None:
    assert sign_badge(record, credential_signer) == sign_badge(record, credential_signer)


def test_the_signature_is_what_the_standard_says_step_by_step(badge: bytes, credential_key: PublicKey) -> None:
    document = json.loads(badge)
    options = document.pop("proof")
    signature = decode_base58btc(options.pop("proofValue"))
    hashed = [
        hashlib.sha256(n_quads_by_pyld(part).encode()).digest()
        for part in ({"@context": document["@context"], **options}, document)
    ]

    Ed25519PublicKey.from_public_bytes(credential_key.raw).verify(signature, b"".join(hashed))
    with pytest.raises(InvalidSignature):
        Ed25519PublicKey.from_public_bytes(credential_key.raw).verify(signature, b"".join(reversed(hashed)))


def test_an_independent_verifier_accepts_the_badge(
    badge: bytes, credential_key: PublicKey, contexts: dict[str, Any]
) -> None:
    verified = DataIntegrityProofSuite().verify(
        json.loads(badge),
        public_key_jwk={"kty": "OKP", "crv": "Ed25519", "x": encode_base64url(credential_key.raw)},
        extra_contexts=contexts,
        now=CREATED,
    )

    assert verified.issuer == DID


def test_a_badge_with_any_byte_changed_is_refused(badge: bytes, trusted_keys: TrustedKeys) -> None:
    for place in range(len(badge)):
        changed = badge[:place] + bytes([badge[place] ^ 1]) + badge[place + 1 :]
        with pytest.raises(SigningError):
            verify_badge(changed, trusted_keys, DID)


def test_another_order_of_the_same_graph_is_refused(badge: bytes, trusted_keys: TrustedKeys) -> None:
    document = json.loads(badge)
    document["credentialSubject"]["identifier"].reverse()

    with pytest.raises(MalformedCredentialError):
        verify_badge(canonicalize(document), trusted_keys, DID)


@pytest.mark.parametrize("member", ["name", "licenseNumber"])
def test_a_badge_that_says_something_else_is_refused(badge: bytes, trusted_keys: TrustedKeys, member: str) -> None:
    other = {"name": "网络视听主播岗位合格证书", "licenseNumber": "QMT20260001242"}[member]
    text = badge.decode()
    old = json.loads(badge)["name"] if member == "name" else "QMT20260001234"

    with pytest.raises(InvalidSignatureError):
        verify_badge(text.replace(old, other).encode(), trusted_keys, DID)


@pytest.mark.parametrize(
    "change",
    [
        {"cryptosuite": "eddsa-jcs-2022"},
        {"@context": ["https://www.w3.org/ns/credentials/v2"]},
        {"proofPurpose": "authentication"},
        {"created": "2026-11-23T10:00:00+08:00"},
        {"expires": "2026-11-24T02:00:00Z"},
        {"verificationMethod": 1},
    ],
)
def test_a_proof_of_any_other_shape_is_malformed(
    badge: bytes, trusted_keys: TrustedKeys, change: dict[str, Any]
) -> None:
    document = json.loads(badge)
    document["proof"] |= change

    with pytest.raises(MalformedCredentialError):
        verify_badge(canonicalize(document), trusted_keys, DID)


def test_neither_signature_passes_for_the_other(badge: bytes, record: bytes, trusted_keys: TrustedKeys) -> None:
    as_badge = badge_from_record(record, decode_base58btc(json.loads(record)["proof"]["proofValue"]))
    as_record = json.loads(record)
    as_record["proof"]["proofValue"] = json.loads(badge)["proof"]["proofValue"]

    with pytest.raises(InvalidSignatureError):
        verify_badge(as_badge, trusted_keys, DID)
    with pytest.raises(InvalidSignatureError):
        verify_record(canonicalize(as_record), trusted_keys, DID)
    for verify, bytes_of_the_other in ((verify_badge, record), (verify_record, badge)):
        with pytest.raises(MalformedCredentialError):
            verify(bytes_of_the_other, trusted_keys, DID)


def test_a_badge_of_another_issuer_is_not_ours_to_judge(badge: bytes, trusted_keys: TrustedKeys) -> None:
    with pytest.raises(UnknownKeyError):
        verify_badge(badge, trusted_keys, "did:web:other.example.cn")


def test_a_key_that_is_not_trusted_proves_nothing(badge: bytes, qr_key: PublicKey) -> None:
    with pytest.raises(UnknownKeyError):
        verify_badge(badge, TrustedKeys([qr_key]), DID)


def test_a_stranger_who_signs_under_our_key_id_is_found_out(record: bytes, trusted_keys: TrustedKeys) -> None:
    stranger = Ed25519Signer(Ed25519PrivateKey.generate(), KeyId("2026-c1"))

    with pytest.raises(InvalidSignatureError):
        verify_badge(badge_from_record(record, sign_badge(record, stranger)), trusted_keys, DID)


def test_only_the_key_that_a_record_names_signs_its_badge(record: bytes, qr_signer: Ed25519Signer) -> None:
    with pytest.raises(InvalidKeyError):
        sign_badge(record, qr_signer)
    with pytest.raises(InvalidKeyError):
        sign_badge(record, Ed25519Signer(Ed25519PrivateKey.generate(), KeyId("2026-c2")))


def test_only_statements_are_signed(statement: CredentialStatement, credential_signer: Ed25519Signer) -> None:
    document = build_document(statement)
    other_issuer = build_document(msgspec.structs.replace(statement, issuer_did="did:web:other.example.cn"))
    # In an IRI nothing is escaped: with this one, the quads would say what the issuer never wrote.
    injected = document | {"issuer": document["issuer"] | {"id": "did:x> .\n<did:y"}}

    for unfit in (document | {"description": "of no place"}, other_issuer, injected):
        with pytest.raises(MalformedCredentialError):
            sign_badge(sign_record(unsigned_record(unfit, DID, KEY_ID, CREATED), credential_signer), credential_signer)


def test_nodes_without_number_are_refused_before_any_is_hashed(badge: bytes, trusted_keys: TrustedKeys) -> None:
    document = json.loads(badge)
    document["credentialSubject"]["identifier"] = [{}] * 15_000

    with pytest.raises(MalformedCredentialError, match="missing or of another type"):
        verify_badge(canonicalize(document), trusted_keys, DID)
    document["name"] = "x" * 65_536
    with pytest.raises(MalformedCredentialError, match="too large"):
        verify_badge(canonicalize(document), trusted_keys, DID)


def test_the_value_of_a_proof_has_one_length(record: bytes, trusted_keys: TrustedKeys) -> None:
    for signature in (b"", b"\0" * 63, b"\0" * 65):
        with pytest.raises(InvalidSignatureError):
            verify_badge(badge_from_record(record, signature), trusted_keys, DID)
