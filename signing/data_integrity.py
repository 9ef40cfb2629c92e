"""Signed JSON documents: W3C Data Integrity 1.0 with the cryptosuite `eddsa-jcs-2022` (VC-DI-EdDSA §3.3).

Signing is split in two so that the exact bytes to be signed can be stored before a signature exists:
`unsigned_document` lays down everything but `proofValue`, `sign_document` adds that and nothing else.
Ed25519 is deterministic, so signing the stored bytes again after a crash gives the same document.
"""

import hashlib
from datetime import datetime
from typing import Final

from signing.canonical import JsonObject, canonicalize, parse_canonical
from signing.errors import InvalidKeyError, MalformedCredentialError, UnknownKeyError
from signing.keys import KeyId, KeyPurpose, TrustedKeys
from signing.multibase import decode_base58btc, encode_base58btc
from signing.signer import Signer
from signing.timestamp import format_timestamp, parse_timestamp

_PROOF: Final = "proof"
_PROOF_VALUE: Final = "proofValue"


def unsigned_document(document: JsonObject, did: str, key_id: KeyId, created: datetime) -> bytes:
    """Return the canonical bytes of `document` with its proof, complete but for `proofValue`.

    Raises:
        UnsafeJsonError: the document has a value that cannot be signed.
        MalformedCredentialError: it has a proof already, or `created` is not aware UTC in whole seconds.
    """
    if _PROOF in document:
        raise MalformedCredentialError("the document has a proof already")
    options = _proof_options(document, f"{did}#{key_id}", format_timestamp(created))
    return canonicalize({**document, _PROOF: options})


def sign_document(unsigned: bytes, signer: Signer) -> bytes:
    """Return the canonical bytes of the signed document; the same input always gives the same bytes.

    Raises:
        MalformedCredentialError: `unsigned` is not what `unsigned_document` returns.
        InvalidKeyError: it names another key than the signer's.
    """
    document = parse_canonical(unsigned)
    options = _take_proof(document)
    if options["verificationMethod"].rpartition("#")[2] != signer.key_id:
        raise InvalidKeyError("the bytes to be signed name another key")
    signature = signer.sign(_hash_data(options, document))
    return canonicalize({**document, _PROOF: {**options, _PROOF_VALUE: encode_base58btc(signature)}})


def verify_document(signed: bytes, keys: TrustedKeys, did: str, purpose: KeyPurpose) -> JsonObject:
    """Return the document, without its proof, that the issuer `did` signed with a trusted key of `purpose`.

    Whether the document says what its kind may say is the caller's next question.

    Raises:
        MalformedCredentialError: not canonical JSON with one proof of this suite.
        UnknownKeyError: the proof names another issuer, or a key not trusted for this purpose.
        InvalidSignatureError: the signature is not that key's signature of this document.
    """
    # (1) One JSON object in its one canonical form.
    document = parse_canonical(signed)
    # (2) One proof, of this suite, for assertions, under the document's own contexts.
    proof_value = _take_proof_value(document)
    options = _take_proof(document)
    # (3) A key of this issuer, trusted for this purpose.
    signed_did, _, key_id = options["verificationMethod"].rpartition("#")
    if signed_did != did:
        raise UnknownKeyError("the proof names another issuer")
    key = keys.get(key_id, purpose)
    # (4) Its signature of exactly this proof and this document.
    key.verify(decode_base58btc(proof_value), _hash_data(options, document))
    return document


def _proof_options(document: JsonObject, verification_method: str, created: str) -> JsonObject:
    """VC-DI-EdDSA §3.3.5. `@context` is the document's: Digital Bazaar's verifier refuses a proof without it."""
    return {
        "@context": document.get("@context"),
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": created,
        "verificationMethod": verification_method,
        "proofPurpose": "assertionMethod",
    }


def _take_proof_value(document: JsonObject) -> str:
    match document.get(_PROOF):
        case {"proofValue": str(proof_value), **options}:
            document[_PROOF] = options
            return proof_value
    raise MalformedCredentialError("the document has no single signed proof")


def _take_proof(document: JsonObject) -> JsonObject:
    """Remove the proof, which must be exactly what `_proof_options` makes of its key and time, and return it."""
    match document.pop(_PROOF, None):
        case {"verificationMethod": str(verification_method), "created": str(created), **others}:
            parse_timestamp(created)
            options = _proof_options(document, verification_method, created)
            if options == {**others, "verificationMethod": verification_method, "created": created}:
                return options
    raise MalformedCredentialError("the document has no proof of this suite")


def _hash_data(options: JsonObject, document: JsonObject) -> bytes:
    """VC-DI-EdDSA §3.3.4: 64 bytes, the hash of the proof options first."""
    return hashlib.sha256(canonicalize(options)).digest() + hashlib.sha256(canonicalize(document)).digest()
