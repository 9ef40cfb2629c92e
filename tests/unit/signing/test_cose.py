import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signing import MalformedCredentialError
from signing.cose import decode_cbor, decode_sign1, encode_cbor, encode_sign1, parse_sig_structure, sig_structure

KIDS = st.integers(0, 65_535)
HEADER = encode_cbor({1: -8, 4: b"\x00\x01"})
SIGNATURE = bytes(64)


@settings(max_examples=100, deadline=None)
@given(KIDS, st.binary(max_size=100))
def test_kid_and_payload_survive_both_round_trips(cose_kid: int, payload: bytes) -> None:
    assert parse_sig_structure(sig_structure(cose_kid, payload)) == (cose_kid, payload)
    assert decode_sign1(encode_sign1(cose_kid, payload, SIGNATURE)) == (cose_kid, payload, SIGNATURE)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=100))
def test_decoding_is_total(data: bytes) -> None:
    with pytest.raises(MalformedCredentialError):
        decode_sign1(data)


@pytest.mark.parametrize(
    "tagged",
    [
        cbor2.CBORTag(18, [HEADER, {}, b"payload"]),
        cbor2.CBORTag(18, [HEADER, {}, b"payload", SIGNATURE, b""]),
        cbor2.CBORTag(18, [HEADER, {}, None, SIGNATURE]),
        cbor2.CBORTag(18, [HEADER, {}, b"payload", SIGNATURE[1:]]),
        cbor2.CBORTag(18, [HEADER, {4: b"\x00\x02"}, b"payload", SIGNATURE]),
        cbor2.CBORTag(18, [b"", {1: -8, 4: b"\x00\x01"}, b"payload", SIGNATURE]),
        cbor2.CBORTag(98, [HEADER, {}, b"payload", SIGNATURE]),
        [HEADER, {}, b"payload", SIGNATURE],
        cbor2.CBORTag(18, [encode_cbor({1: -7, 4: b"\x00\x01"}), {}, b"payload", SIGNATURE]),
        cbor2.CBORTag(18, [encode_cbor({1: -8}), {}, b"payload", SIGNATURE]),
        cbor2.CBORTag(18, [encode_cbor({1: -8, 4: b"\x01"}), {}, b"payload", SIGNATURE]),
        cbor2.CBORTag(18, [encode_cbor({1: -8, 4: "01"}), {}, b"payload", SIGNATURE]),
        cbor2.CBORTag(18, [encode_cbor({1: -8, 2: [4], 4: b"\x00\x01"}), {}, b"payload", SIGNATURE]),
        cbor2.CBORTag(18, [encode_cbor([]), {}, b"payload", SIGNATURE]),
    ],
)
def test_a_signature_of_any_other_shape_is_refused(tagged: object) -> None:
    with pytest.raises(MalformedCredentialError):
        decode_sign1(encode_cbor(tagged))


@pytest.mark.parametrize("suffix", [b"\x00", b"\xf6", b"\xff"])
def test_bytes_after_the_signature_are_refused(suffix: bytes) -> None:
    with pytest.raises(MalformedCredentialError):
        decode_sign1(encode_sign1(1, b"payload", SIGNATURE) + suffix)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x9f\xff",  # indefinite length
        b"\xa2\x01\x01\x01\x02",  # a member twice
        b"\x81" * 100 + b"\x00",  # nesting
        b"\x9b" + b"\xff" * 8,  # an array of 2^64 - 1 items
        bytes.fromhex("d82361") + b"(",  # a regular expression
        bytes.fromhex("c5821b7fffffffffffffff01"),  # 2 to the power of 2^63
        bytes.fromhex("c1fb7ff8000000000000"),  # a date that is not a number
        bytes.fromhex("d81d00"),  # a reference to itself
        b"\x62\xff\xff",  # text that is not UTF-8
    ],
)
def test_cbor_that_could_harm_a_parser_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedCredentialError):
        decode_cbor(data)
