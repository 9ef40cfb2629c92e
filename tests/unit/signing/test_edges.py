"""The last value that passes and the first that does not, and what must not even be tried."""

import gzip
import tracemalloc
from collections.abc import Callable

import cbor2
import msgspec
import pytest

from signing import (
    CredentialStatement,
    InvalidKeyError,
    KeyPurpose,
    MalformedCredentialError,
    PublicKey,
    QrClaims,
    TrustedKeys,
    decode_base64url,
    encode_base64url,
    parse_qr_text,
    verify_record,
    verify_status_list,
)
from signing.bitstring import BITSTRING_BYTES, decode_bitstring, encode_bitstring
from signing.cose import decode_cbor, encode_cbor, parse_sig_structure, sig_structure
from signing.multibase import decode_base58btc
from signing.qr import MAX_QR_TEXT_CHARACTERS
from signing.record import MAX_RECORD_BYTES
from signing.status_list import MAX_STATUS_LIST_BYTES

DID = "did:web:rz.example.cn"
ADDRESS = "https://rz.example.cn/v/04HMASW9NF6YY000#"
MAX_INTEGER = 2**53 - 1


@pytest.mark.parametrize(
    ("verify", "most"), [(verify_record, MAX_RECORD_BYTES), (verify_status_list, MAX_STATUS_LIST_BYTES)]
)
def test_a_document_is_too_large_from_one_byte_above_the_limit(
    verify: Callable[[bytes, TrustedKeys, str], object], most: int, trusted_keys: TrustedKeys
) -> None:
    with pytest.raises(MalformedCredentialError, match="canonical form"):
        verify(b" " * most, trusted_keys, DID)
    with pytest.raises(MalformedCredentialError, match="too large"):
        verify(b" " * (most + 1), trusted_keys, DID)


def test_a_qr_text_is_too_long_from_one_character_above_the_limit() -> None:
    longest = ADDRESS + "A" * (MAX_QR_TEXT_CHARACTERS - len(ADDRESS))
    assert len(longest) == MAX_QR_TEXT_CHARACTERS

    assert parse_qr_text(longest[:-1])[2]
    assert parse_qr_text(longest)[2]
    with pytest.raises(MalformedCredentialError):
        parse_qr_text(longest + "AA")


def test_base58_is_too_long_from_one_character_above_the_limit() -> None:
    assert decode_base58btc("z" + "1" * 255) == bytes(255)
    with pytest.raises(MalformedCredentialError):
        decode_base58btc("z" + "1" * 256)


@pytest.mark.parametrize("field", ["issued_at", "kind_code", "status_index"])
def test_claims_hold_every_integer_that_is_exact_everywhere(claims: QrClaims, field: str) -> None:
    assert getattr(msgspec.structs.replace(claims, **{field: MAX_INTEGER}), field) == MAX_INTEGER
    with pytest.raises(MalformedCredentialError, match=f"malformed {field}"):
        msgspec.structs.replace(claims, **{field: MAX_INTEGER + 1})


@pytest.mark.parametrize(("cose_kid", "is_taken"), [(-1, False), (0, True), (65_535, True), (65_536, False)])
def test_a_cose_kid_has_two_bytes(qr_key: PublicKey, cose_kid: int, is_taken: bool) -> None:  # noqa: FBT001  # a table
    if is_taken:
        assert PublicKey(qr_key.key_id, KeyPurpose.QR, qr_key.raw, cose_kid).cose_kid == cose_kid
    else:
        with pytest.raises(InvalidKeyError):
            PublicKey(qr_key.key_id, KeyPurpose.QR, qr_key.raw, cose_kid)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "Operator"),
        ("issuer_name", ""),
        ("photo_hash", "sha256$"),
        ("template_digest", bytes(31)),
        ("status_list", -1),
        ("status_index", 131_072),
    ],
)
def test_a_refusal_names_the_field_and_not_its_value(statement: CredentialStatement, field: str, value: object) -> None:
    with pytest.raises(MalformedCredentialError) as refused:
        msgspec.structs.replace(statement, **{field: value})

    assert str(refused.value) == f"malformed {field}"


@pytest.mark.parametrize("tag", [0, 1, 2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 52, 54, 100, 256, 258, 260, 261, 1004])
def test_no_cbor_tag_is_computed(tag: int) -> None:
    contents: list[object] = [b"", b"\x01", "1", [1, 1], 1, {}]
    for content in contents:
        with pytest.raises(MalformedCredentialError):
            decode_cbor(cbor2.dumps(cbor2.CBORTag(tag, content)))


def test_cbor_is_written_shortest_and_sorted() -> None:
    assert encode_cbor({-65537: 0, 7: b"", 6: 1.0}) == bytes.fromhex("a3 06 f93c00 07 40 3a00010000 00")


@pytest.mark.parametrize("place", [0, 2])
def test_other_constants_in_a_sig_structure_are_refused(place: int) -> None:
    parts = cbor2.loads(sig_structure(1, b"payload"))
    parts[place] = {0: "Signature", 2: b"external data"}[place]

    with pytest.raises(MalformedCredentialError):
        parse_sig_structure(encode_cbor(parts))


def test_a_bomb_is_refused_without_being_unpacked() -> None:
    bomb = "u" + encode_base64url(gzip.compress(bytes(20_000_000)))

    tracemalloc.start()
    with pytest.raises(MalformedCredentialError):
        decode_bitstring(bomb)
    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most_bytes < 1_000_000


def test_a_bitstring_does_not_tell_when_it_was_packed() -> None:
    packed = decode_base64url(encode_bitstring(bytes(BITSTRING_BYTES))[1:])

    assert packed[4:8] == bytes(4)  # RFC 1952 §2.3, MTIME
    assert len(packed) < 100
