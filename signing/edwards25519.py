"""Which 32 bytes may serve as an Ed25519 public key (RFC 8032 §5.1.3, with the refusals it leaves open).

Verifiers disagree on hostile keys: some accept points of small order, for which one signature fits many
messages, and second spellings of a point. Refused once, when a key is registered, they never matter again.
"""

from typing import Final

from signing.errors import InvalidKeyError

PUBLIC_KEY_BYTES: Final = 32

_P: Final = 2**255 - 19
_D: Final = -121665 * pow(121666, -1, _P) % _P
_Y_OF_ORDER_8: Final = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_Y_OF_SMALL_ORDER: Final = frozenset({0, 1, _P - 1, _Y_OF_ORDER_8, _P - _Y_OF_ORDER_8})
"""The y coordinates of the eight points whose order divides the cofactor."""


def validate_public_key(public_key: bytes) -> None:
    """Return if `public_key` is the one encoding of a curve point of large order.

    Raises:
        InvalidKeyError: another length, y of 2^255 - 19 or more, a point off the curve, or one of small order.
    """
    if len(public_key) != PUBLIC_KEY_BYTES:
        raise InvalidKeyError("an Ed25519 public key has 32 bytes")
    y = int.from_bytes(public_key, "little") & ((1 << 255) - 1)
    if y >= _P:
        raise InvalidKeyError("the public key is not in canonical form")
    # This also covers "x is 0 with its sign bit set": x is 0 only for y = 1 and y = -1.
    if y in _Y_OF_SMALL_ORDER:
        raise InvalidKeyError("the public key is a point of small order")
    x_squared = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    if pow(x_squared, (_P - 1) // 2, _P) != 1:
        raise InvalidKeyError("the public key is not a point on the curve")
