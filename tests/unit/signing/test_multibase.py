import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openvc import multibase as openvc_multibase

from signing import MalformedCredentialError, decode_multikey, encode_multikey
from signing.multibase import decode_base58btc, encode_base58btc


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=80))
def test_bytes_survive_the_round_trip_and_others_write_the_same(data: bytes) -> None:
    text = encode_base58btc(data)

    assert decode_base58btc(text) == data
    assert text == openvc_multibase.encode_multibase(data)


@pytest.mark.parametrize("text", ["", "1", "Z2", "u2", "z0", "zO", "zI", "zl", "z2 ", "z名", "z" + "2" * 256])
def test_text_outside_the_alphabet_or_too_long_to_be_ours_is_refused(text: str) -> None:
    with pytest.raises(MalformedCredentialError):
        decode_base58btc(text)


def test_a_multikey_begins_with_the_characters_of_ed25519() -> None:
    text = encode_multikey(bytes(range(32)))

    assert text.startswith("z6Mk")
    assert decode_multikey(text) == bytes(range(32))


@pytest.mark.parametrize("data", [b"", b"\xed\x01", b"\xed\x01" + bytes(31), b"\x12\x00" + bytes(32), bytes(34)])
def test_a_multikey_of_another_kind_or_length_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedCredentialError):
        decode_multikey(encode_base58btc(data))
