import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signing import (
    Ed25519Signer,
    InvalidKeyError,
    InvalidSignatureError,
    KeyId,
    KeyPurpose,
    PublicKey,
    TrustedKeys,
    UnknownKeyError,
    format_key_id,
    parse_key_id,
)


@settings(max_examples=100, deadline=None)
@given(st.integers(1000, 9999), st.sampled_from(KeyPurpose), st.integers(1, 9999))
def test_a_key_id_survives_the_round_trip(year: int, purpose: KeyPurpose, number: int) -> None:
    parts = parse_key_id(format_key_id(year, purpose, number))

    assert (parts.year, parts.purpose, parts.number) == (year, purpose, number)


def test_the_letters_of_the_purposes() -> None:
    assert {purpose: format_key_id(2026, purpose, 1)[5] for purpose in KeyPurpose} == {
        KeyPurpose.CREDENTIAL: "c",
        KeyPurpose.QR: "q",
        KeyPurpose.STATUS: "s",
        KeyPurpose.LOG: "l",
        KeyPurpose.PDF: "p",
        KeyPurpose.RECEIPT: "r",
        KeyPurpose.AUDIT: "a",
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026",
        "2026-c",
        "2026-c0",
        "2026-c01",
        "2026-x1",
        "2026-C1",
        "26-c1",
        "0026-c1",
        "2026c1",
        "2026-c1 ",
        "2026-c1\n",
        "２026-c1",
        "2026-c10000",
        "did:web:rz.example.cn#2026-c1",
    ],
)
def test_a_malformed_key_id_is_refused(text: str) -> None:
    with pytest.raises(InvalidKeyError):
        parse_key_id(text)


@pytest.mark.parametrize(("year", "number"), [(999, 1), (10_000, 1), (2026, 0), (2026, 10_000), (2026, -1)])
def test_a_key_id_out_of_range_is_not_written(year: int, number: int) -> None:
    with pytest.raises(InvalidKeyError):
        format_key_id(year, KeyPurpose.QR, number)


@pytest.mark.parametrize(
    ("key_id", "purpose", "cose_kid"),
    [
        ("2026-c1", KeyPurpose.QR, 1),
        ("2026-q1", KeyPurpose.CREDENTIAL, None),
        ("2026-q1", KeyPurpose.QR, None),
        ("2026-q1", KeyPurpose.QR, -1),
        ("2026-q1", KeyPurpose.QR, 65_536),
        ("2026-c1", KeyPurpose.CREDENTIAL, 1),
        ("2026-p1", KeyPurpose.PDF, None),
        ("nonsense", KeyPurpose.CREDENTIAL, None),
    ],
)
def test_a_key_whose_names_contradict_each_other_is_refused(
    credential_signer: Ed25519Signer, key_id: str, purpose: KeyPurpose, cose_kid: int | None
) -> None:
    with pytest.raises(InvalidKeyError):
        PublicKey(KeyId(key_id), purpose, credential_signer.public_key, cose_kid)


def test_a_hostile_point_never_becomes_a_key() -> None:
    with pytest.raises(InvalidKeyError):
        PublicKey(KeyId("2026-c1"), KeyPurpose.CREDENTIAL, bytes(32))


def test_two_keys_under_one_name_are_refused(credential_key: PublicKey, qr_key: PublicKey) -> None:
    twin = PublicKey(KeyId("2026-q2"), KeyPurpose.QR, credential_key.raw, qr_key.cose_kid)

    with pytest.raises(InvalidKeyError):
        TrustedKeys([credential_key, credential_key])
    with pytest.raises(InvalidKeyError):
        TrustedKeys([qr_key, twin])


def test_a_key_is_found_under_its_own_purpose_only(trusted_keys: TrustedKeys, credential_key: PublicKey) -> None:
    assert trusted_keys.get("2026-c1", KeyPurpose.CREDENTIAL) == credential_key
    with pytest.raises(UnknownKeyError):
        trusted_keys.get("2026-c1", KeyPurpose.STATUS)
    with pytest.raises(UnknownKeyError):
        trusted_keys.get("2026-c2", KeyPurpose.CREDENTIAL)


def test_a_qr_key_is_found_by_its_cose_kid(trusted_keys: TrustedKeys, qr_key: PublicKey) -> None:
    assert trusted_keys.get_by_cose_kid(1) == qr_key
    with pytest.raises(UnknownKeyError):
        trusted_keys.get_by_cose_kid(2)


def test_all_keys_are_listed(trusted_keys: TrustedKeys, credential_key: PublicKey, qr_key: PublicKey) -> None:
    assert list(trusted_keys) == [credential_key, qr_key]


@pytest.mark.parametrize("signature", [b"", bytes(64), bytes(63), bytes(65)])
def test_a_signature_that_does_not_fit_raises(credential_key: PublicKey, signature: bytes) -> None:
    with pytest.raises(InvalidSignatureError):
        credential_key.verify(signature, b"data")


def test_a_signer_signs_alike_every_time_and_its_key_verifies(
    credential_signer: Ed25519Signer, credential_key: PublicKey
) -> None:
    signature = credential_signer.sign(b"data")

    assert credential_signer.sign(b"data") == signature
    credential_key.verify(signature, b"data")


def test_a_signer_printed_by_accident_shows_its_id_only(credential_signer: Ed25519Signer) -> None:
    assert repr(credential_signer) == "Ed25519Signer(2026-c1)"
