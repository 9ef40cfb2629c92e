"""The public keys as a JWK set (RFC 7517, RFC 8037): the one file an offline verifier of ours needs."""

from collections.abc import Collection, Iterable
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


def jwks(keys: Iterable[PublicKey], compromised: Collection[str] = ()) -> bytes:
    """Return the canonical JSON of `/.well-known/jwks.json`: credential, QR and status keys, retired ones too.

    Keys of `compromised` (key ids) are left out: a verifier without the register cannot tell what the issuer signed
    with them from what a thief did. The issuer's own site accepts such a record if the register has the very bytes.
    The member `coseKid` is ours: the number whose two big-endian bytes stand in the header of QR codes.
    """
    published = (key for key in keys if key.purpose in _PURPOSES and key.key_id not in compromised)
    return canonicalize({"keys": [_format_jwk(key) for key in published]})


def parse_jwks(data: bytes) -> tuple[PublicKey, ...]:
    """Return the keys of a JWK set that `jwks` wrote; the purpose of each is read from its id.

    Raises:
        InvalidKeyError: not such a set, or one with a key that must not be trusted.
    """
    try:
        return tuple(_read_jwk(jwk) for jwk in msgspec.json.decode(data, type=_JwkSet).keys)
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
