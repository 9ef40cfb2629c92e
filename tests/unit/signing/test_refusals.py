"""What a refusal says: its sentence reaches logs and command lines, so it names what is wrong and nothing else."""

import gzip
from collections.abc import Callable
from datetime import UTC, datetime

import cbor2
import msgspec
import pytest

from signing import (
    Ed25519Signer,
    KeyId,
    KeyPurpose,
    PublicKey,
    SigningError,
    StatusList,
    TrustedKeys,
    canonicalize,
    decode_base64url,
    encode_base64url,
    format_certificate_number,
    format_key_id,
    format_timestamp,
    format_token,
    parse_certificate_number,
    parse_key_id,
    parse_qr_text,
    parse_timestamp,
    parse_token,
    qr_matrix,
    validate_public_key,
    verify_record,
    verify_status_list,
)
from signing.bitstring import decode_bitstring
from signing.canonical import parse_canonical
from signing.cose import decode_cbor, decode_sign1, encode_cbor, parse_sig_structure
from signing.multibase import decode_base58btc, decode_multikey, encode_base58btc
from signing.record import MAX_RECORD_BYTES
from signing.status_list import MAX_STATUS_LIST_BYTES

DID = "did:web:rz.example.cn"
NO_KEYS = TrustedKeys([])
P = 2**255 - 19

REFUSALS: list[tuple[str, Callable[[], object]]] = [
    ("malformed base64url", lambda: decode_base64url("Q")),
    ("base64url in another than its one spelling", lambda: decode_base64url("QR")),
    ("a bitstring of another encoding", lambda: decode_bitstring("zAAAA")),
    ("a bitstring that is not gzip", lambda: decode_bitstring("uAAAA")),
    ("a bitstring of another length", lambda: decode_bitstring("u" + encode_base64url(gzip.compress(b"")))),
    ("a value cannot be written as canonical JSON", lambda: canonicalize({"a": "\ud800"})),
    ("an integer is too large to be exact everywhere", lambda: canonicalize({"a": 2**53})),
    ("a member name is not ASCII text", lambda: canonicalize({"名": 1})),
    ("a value is not text, integer, boolean, null, array or object", lambda: canonicalize({"a": 1.5})),
    ("not JSON, or JSON that has no canonical form", lambda: parse_canonical(b"{")),
    ("not a JSON object in canonical form", lambda: parse_canonical(b"[]")),
    ("a part of a certificate number is out of range", lambda: format_certificate_number("QMT", 999, 1)),
    ("malformed certificate number", lambda: parse_certificate_number("QMT")),
    ("the check character does not fit the certificate number", lambda: parse_certificate_number("QMT20260000010")),
    ("malformed CBOR", lambda: decode_cbor(b"\xff")),
    ("malformed COSE Sig_structure", lambda: parse_sig_structure(encode_cbor([]))),
    ("malformed COSE_Sign1", lambda: decode_sign1(encode_cbor([]))),
    ("malformed COSE header", lambda: decode_sign1(cbor2.dumps(cbor2.CBORTag(18, [b"\xa0", {}, b"", bytes(64)])))),
    ("an Ed25519 public key has 32 bytes", lambda: validate_public_key(b"")),
    ("the public key is not in canonical form", lambda: validate_public_key(P.to_bytes(32, "little"))),
    ("the public key is a point of small order", lambda: validate_public_key(bytes(32))),
    ("the public key is not a point on the curve", lambda: validate_public_key(b"\2" + bytes(31))),
    (
        "the year of a key id has four digits, its number is from 1 to 9999",
        lambda: format_key_id(999, KeyPurpose.QR, 1),
    ),
    ("malformed key id", lambda: parse_key_id("2026")),
    ("no trusted credential key has this id", lambda: NO_KEYS.get("2026-c1", KeyPurpose.CREDENTIAL)),
    ("no trusted QR key has this COSE kid", lambda: NO_KEYS.get_by_cose_kid(1)),
    ("malformed base58btc", lambda: decode_base58btc("")),
    ("malformed base58btc", lambda: decode_base58btc("z0")),
    ("not an Ed25519 Multikey", lambda: decode_multikey(encode_base58btc(b""))),
    ("not the text of a certificate's QR code", lambda: qr_matrix("王芳")),
    ("not the text of a certificate's QR code", lambda: parse_qr_text("https://rz.example.cn/")),
    ("too large for a record", lambda: verify_record(b" " * (MAX_RECORD_BYTES + 1), NO_KEYS, DID)),
    ("too large for a status list", lambda: verify_status_list(b" " * (MAX_STATUS_LIST_BYTES + 1), NO_KEYS, DID)),
    (
        "an instant must be aware, in UTC and in whole seconds",
        lambda: format_timestamp(datetime(2026, 11, 23, 2, 0, 0, 1, tzinfo=UTC)),
    ),
    ("malformed timestamp", lambda: parse_timestamp("2026-02-30T02:00:00Z")),
    ("timestamp in another than its one spelling", lambda: parse_timestamp("2026-11-23T02:00:00.000Z")),
    ("a token has 10 bytes", lambda: format_token(b"")),
    ("a token has 16 characters of Crockford's base 32", lambda: parse_token("0" * 15)),
]


@pytest.mark.parametrize(("sentence", "call"), REFUSALS, ids=[f"{n}: {r[0]}" for n, r in enumerate(REFUSALS)])
def test_a_refusal_says_what_is_wrong(sentence: str, call: Callable[[], object]) -> None:
    with pytest.raises(SigningError) as refused:
        call()

    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("key_id", "purpose", "cose_kid", "sentence"),
    [
        ("2026-q1", KeyPurpose.CREDENTIAL, None, "the key id does not fit the purpose of the key"),
        ("2026-q1", KeyPurpose.QR, None, "QR keys have a COSE kid, and no others do"),
        ("2026-c1", KeyPurpose.CREDENTIAL, 1, "QR keys have a COSE kid, and no others do"),
        ("2026-q1", KeyPurpose.QR, 65_536, "a COSE kid has two bytes"),
    ],
)
def test_a_key_says_which_of_its_names_contradict(
    credential_signer: Ed25519Signer, key_id: str, purpose: KeyPurpose, cose_kid: int | None, sentence: str
) -> None:
    with pytest.raises(SigningError) as refused:
        PublicKey(KeyId(key_id), purpose, credential_signer.public_key, cose_kid)

    assert str(refused.value) == sentence


def test_two_keys_say_what_they_share(credential_key: PublicKey, qr_key: PublicKey) -> None:
    twin = PublicKey(KeyId("2026-q2"), KeyPurpose.QR, credential_key.raw, qr_key.cose_kid)

    with pytest.raises(SigningError, match=r"^two keys have one key id$"):
        TrustedKeys([credential_key, credential_key])
    with pytest.raises(SigningError, match=r"^two keys have one COSE kid$"):
        TrustedKeys([qr_key, twin])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("purpose", "suspension"),
        ("number", -1),
        ("valid_until", datetime(2026, 1, 1, tzinfo=UTC)),
        ("bits", bytes(16_383)),
    ],
)
def test_a_status_list_names_the_field_it_refuses(field: str, value: object) -> None:
    made = StatusList(
        issuer_did=DID,
        public_url="https://rz.example.cn",
        purpose="revocation",
        number=1,
        valid_from=datetime(2026, 11, 23, tzinfo=UTC),
        valid_until=datetime(2026, 11, 26, tzinfo=UTC),
        bits=bytes(16_384),
    )

    with pytest.raises(SigningError) as refused:
        msgspec.structs.replace(made, **{field: value})

    assert str(refused.value) == f"malformed {field}"
    with pytest.raises(SigningError, match=r"^a position outside the status list$"):
        made.is_set(131_072)
