"""The issuer as a DID: did:web with Ed25519 Multikeys (W3C DID Core 1.0, Controlled Identifiers 1.0)."""

from collections.abc import Collection, Iterable
from typing import Final

import msgspec

from signing.canonical import JsonObject, canonicalize
from signing.errors import InvalidKeyError, SigningError
from signing.keys import KeyId, KeyPurpose, PublicKey, parse_key_id
from signing.multibase import decode_multikey, encode_multikey
from signing.public_url import require_public_url

_CONTEXTS: Final = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1")
_PURPOSES: Final = (KeyPurpose.CREDENTIAL, KeyPurpose.STATUS)


class _VerificationMethod(msgspec.Struct, frozen=True):
    id: str
    public_key: str = msgspec.field(name="publicKeyMultibase")


class _DidDocument(msgspec.Struct, frozen=True):
    id: str
    verification_methods: tuple[_VerificationMethod, ...] = msgspec.field(name="verificationMethod")
    assertion_methods: tuple[str, ...] = msgspec.field(name="assertionMethod")


def did_from_url(public_url: str) -> str:
    """Return the did:web of an origin, such as `did:web:rz.example.cn` or `did:web:127.0.0.1%3A8000`.

    Raises:
        MalformedUrlError: the URL is not an origin that can be public.
    """
    authority = require_public_url(public_url).partition("://")[2]
    return "did:web:" + authority.replace(":", "%3A")


def did_document(did: str, keys: Iterable[PublicKey], compromised: Collection[str] = ()) -> bytes:
    """Return the canonical JSON of `/.well-known/did.json`, with the credential and status keys among `keys`.

    Pass retired keys too: one that is missing from `assertionMethod` makes every record it signed unverifiable. That is
    what befalls those of `compromised` (key ids): whoever stole one signs what no verifier can tell from the issuer's.
    They stay among the verification methods, so that what names one is not mistaken for another issuer's.
    """
    methods = [_verification_method(did, key) for key in keys if key.purpose in _PURPOSES]
    withdrawn = {f"{did}#{key_id}" for key_id in compromised}
    return canonicalize(
        {
            "@context": list(_CONTEXTS),
            "id": did,
            "verificationMethod": methods,
            "assertionMethod": [method["id"] for method in methods if method["id"] not in withdrawn],
        }
    )


def parse_did_document(data: bytes, did: str) -> tuple[PublicKey, ...]:
    """Return the keys a document by `did_document` authorises for assertions.

    Raises:
        InvalidKeyError: not such a document, one of another DID, or one with a key that must not be trusted.
    """
    try:
        document = msgspec.json.decode(data, type=_DidDocument)
        if document.id != did:
            raise InvalidKeyError("the document of another DID")
        return tuple(
            _read_key(method, did)
            for method in document.verification_methods
            if method.id in document.assertion_methods
        )
    except (ValueError, RecursionError, SigningError):
        raise InvalidKeyError("not this issuer's DID document") from None


def _verification_method(did: str, key: PublicKey) -> JsonObject:
    return {
        "id": f"{did}#{key.key_id}",
        "type": "Multikey",
        "controller": did,
        "publicKeyMultibase": encode_multikey(key.raw),
    }


def _read_key(method: _VerificationMethod, did: str) -> PublicKey:
    key_id = method.id.removeprefix(f"{did}#")
    return PublicKey(KeyId(key_id), parse_key_id(key_id).purpose, decode_multikey(method.public_key))
