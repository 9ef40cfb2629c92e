"""The public keys as a JWK set (RFC 7517, RFC 8037): the one file an offline verifier of ours needs."""

from collections.abc import Callable, Collection, Iterable
from typing import Final, Literal

import msgspec

from signing.base64url import decode_base64url, encode_base64url
from signing.canonical import JsonObject, canonicalize
from signing.errors import InvalidKeyError, SigningError
from signing.keys import KeyId, KeyPurpose, PublicKey, parse_key_id

_PURPOSES: Final = (KeyPurpose.CREDENTIAL, KeyPurpose.QR, KeyPurpose.STATUS)


class _Jwk(msgspec.Struct, frozen=True):
    kty: Literal["OKP"]
    crv: Literal["Ed25519"]
    kid: str
    x: str
    cose_kid: int | None = msgspec.field(default=None, name="coseKid")


class _JwkSet(msgspec.Struct, frozen=True):
    keys: tuple[_Jwk, ...]
    compromised_keys: tuple[_Jwk, ...] = msgspec.field(default=(), name="compromisedKeys")


def jwks(keys: Iterable[PublicKey], compromised: Collection[str] = ()) -> bytes:
    """Return the canonical JSON of `/.well-known/jwks.json`: credential, QR and status keys, retired ones too.

    Keys of `compromised` (key ids) are not among `keys`: a verifier without the register cannot tell what the issuer
    signed with them from what a thief did. They stand in `compromisedKeys`, which only a verifier of ours looks at
    (RFC 7517 §5: others ignore it), so that it says "ask the register" and not "forged" of what was signed before.
    The member `coseKid` is ours: the number whose two big-endian bytes stand in the header of QR codes.
    """
    published = [key for key in keys if key.purpose in _PURPOSES]
    sound = [_format_jwk(key) for key in published if key.key_id not in compromised]
    stolen = [_format_jwk(key) for key in published if key.key_id in compromised]
    return canonicalize({"keys": sound, "compromisedKeys": stolen} if stolen else {"keys": sound})


def parse_jwks(data: bytes) -> tuple[PublicKey, ...]:
    """Return the keys of a JWK set that `jwks` wrote, without compromised ones; their ids tell their purposes.

    Raises:
        InvalidKeyError: not such a set, or one with a key that must not be trusted.
    """
    return _read(data, lambda jwk_set: jwk_set.keys)


def parse_compromised_keys(data: bytes) -> tuple[PublicKey, ...]:
    """Return the keys that a JWK set by `jwks` says others may hold.

    Raises:
        InvalidKeyError: as of `parse_jwks`.
    """
    return _read(data, lambda jwk_set: jwk_set.compromised_keys)


def _read(data: bytes, choose: Callable[[_JwkSet], tuple[_Jwk, ...]]) -> tuple[PublicKey, ...]:
    try:
        return tuple(map(_read_jwk, choose(msgspec.json.decode(data, type=_JwkSet))))
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


def _read_jwk(jwk: _Jwk) -> PublicKey:
    return PublicKey(KeyId(jwk.kid), parse_key_id(jwk.kid).purpose, decode_base64url(jwk.x), jwk.cose_kid)
