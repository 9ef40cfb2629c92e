import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from signing import InvalidKeyError, validate_public_key

P = 2**255 - 19


@settings(max_examples=50, deadline=None)
@given(st.binary(min_size=32, max_size=32))
def test_every_honest_key_passes(seed: bytes) -> None:
    validate_public_key(Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw())


@pytest.mark.parametrize(
    "encoded",
    [
        "0100000000000000000000000000000000000000000000000000000000000000",  # order 1
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  # order 2
        "0000000000000000000000000000000000000000000000000000000000000000",  # order 4
        "0000000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",  # order 8
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "0100000000000000000000000000000000000000000000000000000000000080",  # x = 0 with its sign bit set
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  # y = p, second spelling of 0
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",  # y = p + 1, second spelling of 1
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  # the largest y there is
        "0200000000000000000000000000000000000000000000000000000000000000",  # not on the curve
        "",
        "00" * 31,
        "00" * 33,
    ],
)
def test_hostile_points_are_refused(encoded: str) -> None:
    with pytest.raises(InvalidKeyError):
        validate_public_key(bytes.fromhex(encoded))


def test_no_second_spelling_of_any_point_passes() -> None:
    for y in range(P, 2**255):
        with pytest.raises(InvalidKeyError):
            validate_public_key(y.to_bytes(32, "little"))
