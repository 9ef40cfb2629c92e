"""Ways to bend the text of a QR code that keep its outer form, beside those for any bytes."""

from random import Random
from typing import Any, Final

import cbor2

from signing import decode_base64url, encode_base64url, format_token, sign_qr
from signing.cose import sig_structure
from tests.artefacts import signer
from tests.storms.mutations import BYTES, Mutation, flip_a_bit, splice_halves, truncate

STRANGER: Final = signer("2026-q1", seed=1)


def _split(text: bytes) -> tuple[bytes, bytes]:
    """Return the address up to the hash sign, and the COSE bytes behind it."""
    address, _, fragment = text.rpartition(b"#")
    return address + b"#", decode_base64url(fragment.decode())


def _joined(address: bytes, cose: bytes) -> bytes:
    return address + encode_base64url(cose).encode()


def flip_a_bit_below_the_encoding(chance: Random, original: bytes, other: bytes) -> bytes:
    address, cose = _split(original)
    return _joined(address, flip_a_bit(chance, cose, other))


def truncate_below_the_encoding(chance: Random, original: bytes, other: bytes) -> bytes:
    address, cose = _split(original)
    return _joined(address, truncate(chance, cose, other))


def splice_below_the_encoding(chance: Random, original: bytes, other: bytes) -> bytes:
    address, cose = _split(original)
    return _joined(address, splice_halves(chance, cose, _split(other)[1]))


def move_it_under_another_token(chance: Random, original: bytes, other: bytes) -> bytes:
    """The signature of one certificate at the address of another: cti and path differ."""
    token = chance.choice([_split(other)[0][-17:-1], format_token(chance.randbytes(10)).encode()])
    return original[: -len(original.rpartition(b"/")[2])] + token + b"#" + original.rpartition(b"#")[2]


def name_another_kid(chance: Random, original: bytes, _: bytes) -> bytes:
    address, cose = _split(original)
    return _joined(address, cose.replace(cose[7:9], chance.randbytes(2), 1))


def sign_it_with_a_strangers_key(chance: Random, original: bytes, other: bytes) -> bytes:
    """Whole and well formed, with claims of either code, under our kid."""
    address, cose = _split(chance.choice([original, other]))
    payload = cbor2.loads(cose).value[2]
    return _joined(address, sign_qr(sig_structure(1, payload), STRANGER))


def write_it_otherwise(chance: Random, original: bytes, _: bytes) -> bytes:
    """The same claims and signature for a lenient reader."""
    address, cose = _split(original)
    protected, unprotected, payload, signature = cbor2.loads(cose).value
    others: list[Any] = [
        [protected, unprotected, payload, signature],
        cbor2.CBORTag(61, cbor2.CBORTag(18, [protected, unprotected, payload, signature])),
        cbor2.CBORTag(98, [protected, unprotected, payload, signature]),
        cbor2.CBORTag(18, [protected, {4: b"\x00\x01"}, payload, signature]),
        cbor2.CBORTag(18, [protected, unprotected, payload, signature, b""]),
        cbor2.CBORTag(18, [protected, unprotected, cbor2.dumps(_longer(payload, chance)), signature]),
    ]
    bent = [cbor2.dumps(other) for other in others]
    bent += [cose + b"\x00", cose.replace(b"\xd2\x84", b"\xd2\x9f", 1) + b"\xff", b"\xd8\x12" + cose[1:]]
    text = [original + b"=", original + b"\n", b" " + original, original.swapcase(), original.replace(b"#", b"?", 1)]
    return chance.choice([*text, *(_joined(address, one) for one in bent)])


def _longer(payload: bytes, chance: Random) -> Any:  # noqa: ANN401  # CBOR
    claims = cbor2.loads(payload)
    return {**claims, chance.choice([1, 2, 4, 5, "name"]): chance.choice([0, "x", claims[6]])}


QR_TEXTS: Final[tuple[Mutation, ...]] = (
    *BYTES,
    flip_a_bit_below_the_encoding,
    truncate_below_the_encoding,
    splice_below_the_encoding,
    move_it_under_another_token,
    name_another_kid,
    sign_it_with_a_strangers_key,
    write_it_otherwise,
)
