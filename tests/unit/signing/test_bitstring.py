"""`encodedList`: one gzip member of 16,384 bytes, and nothing that hides beside or behind it."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openvc.status.bitstring import decode_bitstring as decode_independently
from openvc.status.bitstring import get_status_bit

from signing.base64url import encode_base64url
from signing.bitstring import BITSTRING_BYTES, decode_bitstring, encode_bitstring
from signing.errors import MalformedCredentialError

CLEAR = bytes(BITSTRING_BYTES)
PACKED = gzip.compress(CLEAR, mtime=0)

MALFORMED = {
    "empty": b"",
    "no gzip": CLEAR[:100],
    "zlib": zlib.compress(CLEAR),
    "cut off": PACKED[:-1],
    "without its checksum": PACKED[:-8],
    "another checksum": PACKED[:-8] + bytes(4) + PACKED[-4:],
    "one byte short": gzip.compress(CLEAR[1:]),
    "one byte more": gzip.compress(CLEAR + b"\0"),
    "nothing in it": gzip.compress(b""),
    "a second member": PACKED + gzip.compress(b""),
    "two halves": gzip.compress(CLEAR[:8_192]) + gzip.compress(CLEAR[8_192:]),
    "trailing bytes": PACKED + b"\0",
    "a bomb": gzip.compress(bytes(30_000_000)),
}


def encoded(data: bytes) -> str:
    return "u" + encode_base64url(data)


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED)
def test_whatever_is_not_one_whole_list_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedCredentialError):
        decode_bitstring(encoded(data))


@pytest.mark.parametrize(
    "text", ["", "u", "z" + encode_base64url(PACKED), encode_base64url(PACKED), encoded(PACKED) + "="]
)
def test_another_spelling_of_the_text_is_refused(text: str) -> None:
    with pytest.raises(MalformedCredentialError):
        decode_bitstring(text)


@pytest.mark.parametrize("level", [0, 1, 9])
def test_the_output_of_any_compressor_is_read(level: int) -> None:
    assert decode_bitstring(encoded(gzip.compress(b"\x80" * BITSTRING_BYTES, level))) == b"\x80" * BITSTRING_BYTES


@given(st.sets(st.integers(0, BITSTRING_BYTES * 8 - 1), max_size=50))
def test_what_was_encoded_comes_back_and_independent_software_reads_the_same_bits(positions: set[int]) -> None:
    bits = bytearray(BITSTRING_BYTES)
    for position in positions:
        bits[position // 8] |= 0x80 >> position % 8
    text = encode_bitstring(bytes(bits))

    assert decode_bitstring(text) == bits
    theirs = decode_independently(text)
    assert {place for place in (*positions, 0, 77, 131_071) if get_status_bit(theirs, place)} >= positions
    assert get_status_bit(theirs, 77) == (77 in positions)


def test_the_same_bits_give_the_same_text() -> None:
    assert encode_bitstring(CLEAR) == encode_bitstring(CLEAR)


@given(st.text() | st.binary().map(encoded))
def test_nothing_but_our_error_leaves_it(text: str) -> None:
    with pytest.raises(MalformedCredentialError):
        decode_bitstring(text)
