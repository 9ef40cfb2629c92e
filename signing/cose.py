"""COSE_Sign1 (RFC 9052 §4.2) with one algorithm, one header and one encoding: deterministic CBOR (RFC 8949 §4.2.1).

Everything decoded is encoded again and compared, so one set of claims has one signature carrier.
"""

from typing import Final

import cbor2

from signing.errors import MalformedCredentialError

ALGORITHM: Final = -8
"""EdDSA (RFC 9053 §2.2). The newer -19, Ed25519 alone (RFC 9864), is still unknown to common verifiers."""

SIGNATURE_BYTES: Final = 64

_ALGORITHM_LABEL: Final = 1
_KID_LABEL: Final = 4
_KID_BYTES: Final = 2
_COSE_SIGN1_TAG: Final = 18
_CONTEXT: Final = "Signature1"
_NO_EXTERNAL_DATA: Final = b""
_MAX_DEPTH: Final = 4


def sig_structure(cose_kid: int, payload: bytes) -> bytes:
    """Return the bytes a signature is made of: the CBOR Sig_structure (RFC 9052 §4.4) of header and payload."""
    return encode_cbor([_CONTEXT, _protected(cose_kid), _NO_EXTERNAL_DATA, payload])


def parse_sig_structure(structure: bytes) -> tuple[int, bytes]:
    """Return COSE kid and payload of bytes that `sig_structure` returned.

    Raises:
        MalformedCredentialError: any other bytes.
    """
    match decode_cbor(structure):
        case [str(), bytes(protected), bytes(), bytes(payload)]:
            cose_kid = _parse_protected(protected)
            if sig_structure(cose_kid, payload) == structure:
                return cose_kid, payload
    raise MalformedCredentialError("malformed COSE Sig_structure")


def encode_sign1(cose_kid: int, payload: bytes, signature: bytes) -> bytes:
    """Return the tagged COSE_Sign1 of a signature of `sig_structure(cose_kid, payload)`."""
    return encode_cbor(cbor2.CBORTag(_COSE_SIGN1_TAG, [_protected(cose_kid), {}, payload, signature]))


def decode_sign1(cose: bytes) -> tuple[int, bytes, bytes]:
    """Return COSE kid, payload and 64-byte signature of bytes as `encode_sign1` writes them; nothing is verified.

    Raises:
        MalformedCredentialError: any other bytes: another algorithm, further headers, another encoding.
    """
    match decode_cbor(cose):
        case cbor2.CBORTag(tag=18, value=[bytes(protected), _, bytes(payload), bytes(signature)]):
            cose_kid = _parse_protected(protected)
            if len(signature) == SIGNATURE_BYTES and encode_sign1(cose_kid, payload, signature) == cose:
                return cose_kid, payload, signature
    raise MalformedCredentialError("malformed COSE_Sign1")


def encode_cbor(value: object) -> bytes:
    """Return deterministic CBOR."""
    return cbor2.dumps(value, canonical=True)


def decode_cbor(data: bytes) -> object:
    """Return the value of one CBOR item; the caller encodes it again to learn that nothing else stood there.

    Raises:
        MalformedCredentialError: not CBOR, or CBOR with anything our formats have no use for.
    """
    try:
        value: object = cbor2.loads(
            data,
            semantic_decoders=_REFUSED_TAGS,
            max_depth=_MAX_DEPTH,
            allow_indefinite=False,
            allow_duplicate_keys=False,
        )
    except (cbor2.CBORError, MalformedCredentialError):
        raise MalformedCredentialError("malformed CBOR") from None
    return value


def _protected(cose_kid: int) -> bytes:
    return encode_cbor({_ALGORITHM_LABEL: ALGORITHM, _KID_LABEL: cose_kid.to_bytes(_KID_BYTES, "big")})


def _parse_protected(protected: bytes) -> int:
    match decode_cbor(protected):
        case {1: -8, 4: bytes(kid)} if len(kid) == _KID_BYTES:
            return int.from_bytes(kid, "big")
    raise MalformedCredentialError("malformed COSE header")


def _refuse_tag(_value: object, _immutable: bool) -> object:  # noqa: FBT001  # cbor2 calls it by position
    raise MalformedCredentialError("a CBOR tag that has no place here")


# A decoder left to itself compiles regular expressions (35), computes big floats (4, 5) and parses MIME (36)
# that a stranger wrote on a piece of paper.
_REFUSED_TAGS: Final = dict.fromkeys(
    (0, 1, 2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 52, 54, 100, 256, 258, 260, 261, 1004, 43000, 55799), _refuse_tag
)
