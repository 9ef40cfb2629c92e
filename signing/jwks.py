"""The public keys as a JWK set (RFC 7517, RFC 8037): the one file an offline verifier of ours needs."""

from collections.abc import Callable, Collection, Iterable
from typing import Final, Literal, TypeVar

import msgspec

from signing.base64url import decode_base64url, encode_base64url
from signing.canonical import JsonObject, canonicalize
from signing.document_keys import DocumentKey
from signing.errors import InvalidKeyError, SigningError
from signing.keys import KeyId, KeyPurpose, PublicKey, parse_key_id

_Key = TypeVar("_Key", PublicKey, DocumentKey)
_PURPOSES: Final = (KeyPurpose.CREDENTIAL, KeyPurpose.QR, KeyPurpose.STATUS)


class _Jwk(msgspec.Struct, frozen=True, tag_field="kty", tag="OKP"):
    crv: Literal["Ed25519"]
    kid: str
    x: str
    cose_kid: int | None = msgspec.field(default=None, name="coseKid")


class _EcJwk(msgspec.Struct, frozen=True, tag_field="kty", tag="EC"):
    crv: Literal["P-256"]
    kid: str
    x: str
    y: str


class _JwkSet(msgspec.Struct, frozen=True):
    keys: tuple[_Jwk | _EcJwk, ...]
    compromised_keys: tuple[_Jwk, ...] = msgspec.field(default=(), name="compromisedKeys")


def jwks(
    keys: Iterable[PublicKey], compromised: Collection[str] = (), document_keys: Iterable[DocumentKey] = ()
) -> bytes:
    """Return the canonical JSON of `/.well-known/jwks.json`: every key but those of the log, retired ones too.

    Keys of `compromised` (key ids) are not among `keys`: a verifier without the register cannot tell what the issuer
    signed with them from what a thief did. They stand in `compromisedKeys`, which only a verifier of ours looks at
    (RFC 7517 §5: others ignore it), so that it says "ask the register" and not "forged" of what was signed before.
    The member `coseKid` is ours: the number whose two big-endian bytes stand in the header of QR codes.
    """
    published = [key for key in keys if key.purpose in _PURPOSES]
    sound = [_format_jwk(key) for key in published if key.key_id not in compromised]
    sound += [_format_ec_jwk(key) for key in document_keys if key.key_id not in compromised]
    stolen = [_format_jwk(key) for key in published if key.key_id in compromised]
    return canonicalize({"keys": sound, "compromisedKeys": stolen} if stolen else {"keys": sound})


def parse_jwks(data: bytes) -> tuple[PublicKey, ...]:
    """Return the keys of a JWK set that `jwks` wrote, without compromised ones; their ids tell their purposes.

    Raises:
        InvalidKeyError: not such a set, or one with a key that must not be trusted.
    """
    return _read(data, lambda jwk_set: (_read_jwk(key) for key in jwk_set.keys if isinstance(key, _Jwk)))


def parse_document_keys(data: bytes) -> tuple[DocumentKey, ...]:
    """Return the keys of a JWK set by `jwks` that sign PDFs or receipts, without compromised ones.

    Raises:
        InvalidKeyError: as of `parse_jwks`.
    """
    return _read(data, lambda jwk_set: (_read_ec_jwk(key) for key in jwk_set.keys if isinstance(key, _EcJwk)))


def parse_compromised_keys(data: bytes) -> tuple[PublicKey, ...]:
    """Return the keys that a JWK set by `jwks` says others may hold.

    Raises:
        InvalidKeyError: as of `parse_jwks`.
    """
    return _read(data, lambda jwk_set: map(_read_jwk, jwk_set.compromised_keys))


def _read(data: bytes, choose: Callable[[_JwkSet], Iterable[_Key]]) -> tuple[_Key, ...]:
    try:
        return tuple(choose(msgspec.json.decode(data, type=_JwkSet)))
    except (ValueError, RecursionError, SigningError):
        raise InvalidKeyError("not a set of public keys of this service") from None


def _format_jwk(key: PublicKey) -> JsonObject:
    members: JsonObject = {
        "kty": "OKP",
        "crv": "Ed25519",
        "alg": "EdDSA",
        "use": "sig",
        "kid": key.key_id,
        "x": encode_base64url(key.raw),
    }
    return members if key.cose_kid is None else {**members, "coseKid": key.cose_kid}


def _format_ec_jwk(key: DocumentKey) -> JsonObject:
    """RFC 7518 §6.2."""
    x, y = (encode_base64url(half) for half in (key.point[1:33], key.point[33:]))
    return {"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": key.key_id, "x": x, "y": y}


def _read_ec_jwk(jwk: _EcJwk) -> DocumentKey:
    return DocumentKey(KeyId(jwk.kid), b"\4" + decode_base64url(jwk.x) + decode_base64url(jwk.y))


def _read_jwk(jwk: _Jwk) -> PublicKey:
    return PublicKey(KeyId(jwk.kid), parse_key_id(jwk.kid).purpose, decode_base64url(jwk.x), jwk.cose_kid)
