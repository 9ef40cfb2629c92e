"""Whom somebody outside believes: the keys an issuer publishes."""

from collections.abc import Iterable
from typing import Final
from urllib.parse import unquote

import msgspec

from signing import (
    DOCUMENT_PURPOSES,
    DocumentKey,
    InvalidKeyError,
    KeyPurpose,
    SigningError,
    TrustedKeys,
    did_from_url,
    parse_compromised_keys,
    parse_did_document,
    parse_document_keys,
    parse_jwks,
)
from verify_service.verification.model import Issuer

DID_WEB: Final = "did:web:"


class _Identified(msgspec.Struct, frozen=True):
    id: str


def read_issuer(did_document: bytes, jwk_set: bytes, origins: Iterable[str] = ()) -> Issuer:
    """Return the issuer of its DID document, with the QR keys of its JWK set.

    Keys that sign records and status lists are those the DID document authorises; the JWK set also tells which others
    are compromised. Without `origins` the files were handed over by someone who is trusted, and QR codes may lead to
    the host the DID names.

    Raises:
        InvalidKeyError: not such files, keys that must not be trusted, or the DID of none of `origins`.

    """
    did = _read_did(did_document)
    allowed = tuple(dict.fromkeys(origins))
    if allowed and did not in map(did_from_url, allowed):
        raise InvalidKeyError("the DID document of another issuer")
    qr_keys = [key for key in parse_jwks(jwk_set) if key.purpose is KeyPurpose.QR]
    compromised = {key.key_id: key for key in parse_compromised_keys(jwk_set)}
    sound = [key for key in (*parse_did_document(did_document, did), *qr_keys) if key.key_id not in compromised]
    keys = TrustedKeys([*sound, *compromised.values()])
    by_purpose: dict[KeyPurpose, list[DocumentKey]] = {purpose: [] for purpose in DOCUMENT_PURPOSES}
    for key in parse_document_keys(jwk_set):
        by_purpose[key.purpose].append(key)
    return Issuer(
        did,
        allowed or (origin_of(did),),
        keys,
        frozenset(compromised),
        tuple(by_purpose[KeyPurpose.PDF]),
        tuple(by_purpose[KeyPurpose.RECEIPT]),
    )


def origin_of(did: str) -> str:
    """Return the origin of a did:web without a path; plain http on loopback, as nobody can have a certificate there.

    Raises:
        InvalidKeyError: no such DID.

    """
    host = unquote(did.removeprefix(DID_WEB))
    for scheme in ("https", "http"):
        try:
            if did_from_url(f"{scheme}://{host}") == did and (scheme == "http") == _is_loopback(host):
                return f"{scheme}://{host}"
        except SigningError:
            continue
    raise InvalidKeyError("not the DID of a host")


def _is_loopback(host: str) -> bool:
    return host.partition(":")[0] in {"127.0.0.1", "localhost"}


def _read_did(did_document: bytes) -> str:
    try:
        return msgspec.json.decode(did_document, type=_Identified).id
    except (ValueError, RecursionError):
        raise InvalidKeyError("not a DID document") from None
