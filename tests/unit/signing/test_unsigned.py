"""Bytes to be signed are read back as what they will say, and nothing else is taken for them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing import (
    CredentialStatement,
    KeyId,
    MalformedCredentialError,
    QrClaims,
    SigningError,
    build_document,
    parse_qr_structure,
    parse_unsigned_record,
    qr_structure,
    unsigned_record,
)

DID = "did:web:rz.example.cn"
CREATED = datetime(2026, 11, 23, 2, 0, 0, tzinfo=UTC)
CLAIMS = QrClaims(
    issued_at=1, token=bytes(10), kind_code=1, name="林", certificate_number="QMT20260001234", status_index=5
)


@pytest.fixture
def to_be_signed(statement: CredentialStatement) -> bytes:
    return unsigned_record(build_document(statement), DID, KeyId("2026-c1"), CREATED)


def test_an_unsigned_record_is_read_as_it_was_written(to_be_signed: bytes, statement: CredentialStatement) -> None:
    assert parse_unsigned_record(to_be_signed) == (statement, f"{DID}#2026-c1", CREATED)


def test_key_and_instant_are_those_of_the_proof(statement: CredentialStatement) -> None:
    later = CREATED + timedelta(days=1)
    other = unsigned_record(build_document(statement), "did:web:other.example", KeyId("2027-c3"), later)

    assert parse_unsigned_record(other) == (statement, "did:web:other.example#2027-c3", later)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"name":', b' "name":'),
        (b'"proofPurpose":"assertionMethod"', b'"proofPurpose":"authentication"'),
        (b'"cryptosuite":"eddsa-jcs-2022"', b'"cryptosuite":"eddsa-rdfc-2022"'),
        (b'"created":"2026-11-23T02:00:00Z"', b'"created":"2026-11-23T02:00:00.0Z"'),
        (b'"created":"2026-11-23T02:00:00Z"', b'"created":1'),
        (b'"hashed":false', b'"hashed":0'),
        (b'"revocation"', b'"suspension"'),
        (b'"type":"DataIntegrityProof"', b'"type":"DataIntegrityProof","proofValue":"z"'),
    ],
)
def test_whatever_differs_is_refused(to_be_signed: bytes, old: bytes, new: bytes) -> None:
    assert old in to_be_signed

    with pytest.raises(SigningError):
        parse_unsigned_record(to_be_signed.replace(old, new, 1))


@pytest.mark.parametrize("junk", [b"", b"{}", b"[]", b"null", b'{"proof":[]}', b"\xff", b"[" * 100_000])
def test_what_is_no_record_is_refused(junk: bytes) -> None:
    with pytest.raises(MalformedCredentialError):
        parse_unsigned_record(junk)


def test_a_qr_structure_is_read_as_it_was_written() -> None:
    assert parse_qr_structure(qr_structure(CLAIMS, 7)) == (7, CLAIMS)


@given(st.binary(max_size=200))
def test_bytes_of_a_stranger_are_refused_by_both_readers(data: bytes) -> None:
    for parse in (parse_unsigned_record, parse_qr_structure):
        with pytest.raises(SigningError):
            parse(data)
