import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from openvc.proof.di_jcs import EddsaJcsProofSuite
from openvc.proof.errors import SignatureInvalid
from openvc.status.status_list import check_credential_status
from pyld import jsonld  # type: ignore[import-untyped]  # PyLD ships no types

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
    StatusList,
    TrustedKeys,
    UnknownKeyError,
    build_document,
    canonicalize,
    certificate_status,
    encode_base64url,
    sign_document,
    sign_status_list,
    unsigned_document,
    verify_status_list,
)

PUBLIC_URL = "https://rz.example.cn"
DID = "did:web:rz.example.cn"
SIGNED_AT = datetime(2026, 11, 23, 2, 0, 0, tzinfo=UTC)
SET = (0, 94_567, 131_071)


@pytest.fixture(scope="session")
def status_keys(status_key: PublicKey) -> TrustedKeys:
    return TrustedKeys([status_key])


@pytest.fixture(scope="session")
def data(status_list: StatusList, status_signer: Ed25519Signer) -> bytes:
    return sign_status_list(status_list, status_signer)


def signed(document: dict[str, Any], signer: Ed25519Signer) -> bytes:
    """Sign a document of any content with our own key: what then is refused is refused for what it says."""
    document.pop("proof", None)
    return sign_document(unsigned_document(document, DID, signer.key_id, SIGNED_AT), signer)


def test_a_list_says_what_was_signed(data: bytes, status_keys: TrustedKeys, status_list: StatusList) -> None:
    assert verify_status_list(data, status_keys, DID) == status_list


def test_signing_it_again_gives_the_same_bytes(
    data: bytes, status_list: StatusList, status_signer: Ed25519Signer
) -> None:
    assert sign_status_list(status_list, status_signer) == data


def test_exactly_the_positions_that_were_set_are_set(status_list: StatusList) -> None:
    assert [index for index in range(131_072) if status_list.is_set(index)] == [*SET]


@pytest.mark.parametrize("index", [-1, 131_072, 10**9])
def test_a_position_outside_the_list_is_refused_and_not_clear(status_list: StatusList, index: int) -> None:
    with pytest.raises(MalformedCredentialError):
        status_list.is_set(index)


@pytest.mark.parametrize(
    ("revocation", "refresh", "status"),
    [
        (False, False, "valid"),
        (True, False, "revoked"),
        (True, True, "superseded"),
        (False, True, "superseded"),  # the newer list has it already
    ],
)
def test_both_bits_together_say_what_became_of_a_certificate(*, revocation: bool, refresh: bool, status: str) -> None:
    assert certificate_status(revocation=revocation, refresh=refresh) == status


def test_the_lists_a_record_names_are_these(statement: CredentialStatement, data: bytes) -> None:
    revocation, _ = build_document(statement)["credentialStatus"]

    assert json.loads(data)["id"] == revocation["statusListCredential"]


@pytest.mark.parametrize(
    "change",
    [
        {"public_url": "https://rz.example.cn/"},
        {"purpose": "suspension"},
        {"purpose": ""},
        {"number": -1},
        {"number": 10**9},
        {"valid_from": SIGNED_AT.replace(tzinfo=None)},
        {"valid_from": SIGNED_AT.astimezone(timezone(timedelta(hours=8)))},
        {"valid_until": SIGNED_AT},
        {"valid_until": SIGNED_AT + timedelta(microseconds=1)},
        {"bits": bytes(16_383)},
        {"bits": bytes(16_385)},
        {"bits": b""},
    ],
)
def test_a_list_that_could_not_be_read_back_is_not_made(status_list: StatusList, change: dict[str, Any]) -> None:
    with pytest.raises(MalformedCredentialError):
        msgspec.structs.replace(status_list, **change)


# Signed by our own key, and yet no list of ours.
MALFORMED: dict[str, dict[str, Any]] = {
    "another member": {"name": "x"},
    "the context of records too": {"@context": ["https://www.w3.org/ns/credentials/v2", "https://example.org/"]},
    "one type": {"type": ["BitstringStatusListCredential"]},
    "a type too many": {"type": ["VerifiableCredential", "BitstringStatusListCredential", "Other"]},
    "another purpose in its address": {"id": f"{PUBLIC_URL}/status/refresh/0"},
    "another number in its address": {"id": f"{PUBLIC_URL}/status/revocation/1"},
    "another number spelled": {"id": f"{PUBLIC_URL}/status/revocation/00"},
    "an unknown purpose": {"id": f"{PUBLIC_URL}/status/suspension/0"},
    "another path": {"id": f"{PUBLIC_URL}/lists/revocation/0"},
    "another host": {"id": "https://evil.example.cn/status/revocation/0"},
    "no address": {"id": 0},
    "another issuer": {"issuer": "did:web:other.example.cn"},
    "an issuer with a name": {"issuer": {"id": DID}},
    "no beginning": {"validFrom": None},
    "a beginning in another zone": {"validFrom": "2026-11-23T10:00:00+08:00"},
    "an end before its beginning": {"validUntil": "2026-11-22T02:00:00Z"},
    "no end": {"validUntil": None},
    "no subject": {"credentialSubject": None},
    "an array of subjects": {"credentialSubject": []},
}
MALFORMED_SUBJECTS: dict[str, dict[str, Any]] = {
    "another id": {"id": f"{PUBLIC_URL}/status/revocation/1#list"},
    "another type": {"type": "StatusList2021"},
    "another purpose": {"statusPurpose": "refresh"},
    "two purposes": {"statusPurpose": ["revocation", "refresh"]},
    "a time to live": {"ttl": 300_000},
    "no list": {"encodedList": None},
    "an empty list": {"encodedList": ""},
    "a list of another encoding": {"encodedList": "zAAAA"},
    "a list that is not packed": {"encodedList": "uAAAA"},
}


@pytest.mark.parametrize("change", MALFORMED.values(), ids=MALFORMED)
def test_a_list_with_a_member_of_another_form_is_refused(
    data: bytes, status_keys: TrustedKeys, status_signer: Ed25519Signer, change: dict[str, Any]
) -> None:
    document = json.loads(data) | change

    with pytest.raises(MalformedCredentialError):
        verify_status_list(signed(document, status_signer), status_keys, DID)


@pytest.mark.parametrize("change", MALFORMED_SUBJECTS.values(), ids=MALFORMED_SUBJECTS)
def test_a_list_with_a_subject_of_another_form_is_refused(
    data: bytes, status_keys: TrustedKeys, status_signer: Ed25519Signer, change: dict[str, Any]
) -> None:
    document = json.loads(data)
    document["credentialSubject"] |= change

    with pytest.raises(MalformedCredentialError):
        verify_status_list(signed(document, status_signer), status_keys, DID)


def test_a_list_with_any_byte_changed_is_refused(data: bytes, status_keys: TrustedKeys) -> None:
    for place in range(len(data)):
        changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        with pytest.raises(SigningError):
            verify_status_list(changed, status_keys, DID)


@given(st.binary())
def test_nothing_but_our_errors_leaves_it(status_keys: TrustedKeys, garbage: bytes) -> None:
    with pytest.raises(SigningError):
        verify_status_list(garbage, status_keys, DID)


def test_bits_that_nothing_shortens_still_fit(
    status_list: StatusList, status_keys: TrustedKeys, status_signer: Ed25519Signer
) -> None:
    noise = b"".join(hash_of.to_bytes(2, "big") for hash_of in ((n * 40_503) ** 3 >> 7 & 0xFFFF for n in range(8_192)))
    full = msgspec.structs.replace(status_list, number=999_999_999, bits=noise)

    assert verify_status_list(sign_status_list(full, status_signer), status_keys, DID) == full


def test_a_file_too_large_to_be_a_list_is_not_parsed(status_keys: TrustedKeys) -> None:
    with pytest.raises(MalformedCredentialError, match="too large"):
        verify_status_list(b" " * 32_769, status_keys, DID)


def test_only_a_status_key_signs_lists_or_is_believed(
    status_list: StatusList, data: bytes, credential_signer: Ed25519Signer, trusted_keys: TrustedKeys
) -> None:
    with pytest.raises(InvalidKeyError):
        sign_status_list(status_list, credential_signer)
    with pytest.raises(UnknownKeyError):
        verify_status_list(signed(json.loads(data), credential_signer), trusted_keys, DID)


def test_another_key_under_our_id_is_refused(status_list: StatusList, status_keys: TrustedKeys) -> None:
    impostor = Ed25519Signer(Ed25519PrivateKey.generate(), KeyId("2026-s1"))

    with pytest.raises(InvalidSignatureError):
        verify_status_list(sign_status_list(status_list, impostor), status_keys, DID)


def test_another_issuers_list_is_refused(
    status_list: StatusList, data: bytes, status_keys: TrustedKeys, status_signer: Ed25519Signer
) -> None:
    other = msgspec.structs.replace(status_list, issuer_did="did:web:other.example.cn")

    with pytest.raises(UnknownKeyError):
        verify_status_list(data, status_keys, "did:web:other.example.cn")
    with pytest.raises(UnknownKeyError):
        verify_status_list(sign_status_list(other, status_signer), status_keys, DID)


def test_an_independent_encoder_writes_the_same_bytes(data: bytes) -> None:
    assert rfc8785.dumps(json.loads(data)) == data


def test_an_independent_verifier_accepts_it_and_notices_a_change(data: bytes, status_key: PublicKey) -> None:
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": encode_base64url(status_key.raw)}

    verified = EddsaJcsProofSuite().verify(json.loads(data), public_key_jwk=jwk, now=SIGNED_AT)

    assert (verified.issuer, verified.expired) == (DID, False)
    with pytest.raises(SignatureInvalid):
        EddsaJcsProofSuite().verify(json.loads(data) | {"id": "x"}, public_key_jwk=jwk, now=SIGNED_AT)


@pytest.mark.parametrize(("index", "is_set"), [(94_567, True), (94_566, False), (0, True), (131_071, True)])
def test_independent_software_reads_the_status_of_a_record_from_it(
    statement: CredentialStatement, status_list: StatusList, status_signer: Ed25519Signer, index: int, *, is_set: bool
) -> None:
    record = build_document(msgspec.structs.replace(statement, status_list=0, status_index=index))
    lists = {
        f"{PUBLIC_URL}/status/{purpose}/0": json.loads(
            sign_status_list(msgspec.structs.replace(status_list, purpose=purpose), status_signer)
        )
        for purpose in ("revocation", "refresh")
    }

    found = check_credential_status(record, resolve_status_list=lists.__getitem__)

    assert [(result.entry.purpose, result.is_set) for result in found.entries] == [
        ("revocation", is_set),
        ("refresh", is_set),
    ]


def test_every_member_is_defined_by_its_one_context(data: bytes, contexts: dict[str, Any]) -> None:
    document = json.loads(data)
    del document["proof"]
    dropped: list[str] = []

    def load(url: str, options: dict[str, Any]) -> dict[str, Any]:
        return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": contexts[url]}

    assert jsonld.expand(document, {"documentLoader": load}, on_property_dropped=dropped.append)
    assert dropped == []


def test_canonical_json_is_all_that_is_read(data: bytes, status_keys: TrustedKeys) -> None:
    for text in (json.dumps(json.loads(data)).encode(), data + b"\n", b" " + data, canonicalize([json.loads(data)])):
        with pytest.raises(MalformedCredentialError):
            verify_status_list(text, status_keys, DID)


def test_a_record_is_no_status_list(record: bytes, trusted_keys: TrustedKeys, status_key: PublicKey) -> None:
    assert status_key.purpose is KeyPurpose.STATUS
    with pytest.raises(UnknownKeyError):
        verify_status_list(record, trusted_keys, DID)
