import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signing import MalformedCredentialError, decode_base64url, encode_base64url


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=40))
def test_bytes_survive_the_round_trip(data: bytes) -> None:
    assert decode_base64url(encode_base64url(data)) == data


@pytest.mark.parametrize("text", ["QQ==", "Q", "QR", "QQ\n", "Q Q", "+/+/", "QQQ名", "QQ!!", "=", "QUJD\u00e9"])
def test_a_second_spelling_of_the_same_bytes_is_refused(text: str) -> None:
    with pytest.raises(MalformedCredentialError):
        decode_base64url(text)
