"""Signed JSON documents: W3C Data Integrity 1.0 with the cryptosuite `eddsa-jcs-2022` (VC-DI-EdDSA §3.3), or another.

Signing is split in two so that the exact bytes to be signed can be stored before a signature exists:
`unsigned_document` lays down everything but `proofValue`, `sign_document` adds that and nothing else.
Ed25519 is deterministic, so signing the stored bytes again after a crash gives the same document.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Final

import msgspec

from signing.canonical import JsonObject, canonicalize, parse_canonical
from signing.errors import InvalidKeyError, MalformedCredentialError, UnknownKeyError
from signing.keys import KeyId, KeyPurpose, TrustedKeys
from signing.multibase import decode_base58btc, encode_base58btc
from signing.signer import Signer
from signing.timestamp import format_timestamp, parse_timestamp

_PROOF: Final = "proof"
_PROOF_VALUE: Final = "proofValue"


class Cryptosuite(msgspec.Struct, frozen=True, kw_only=True):
    """One way from a proof and a document to the bytes that Ed25519 signs."""

    name: str
    repeats_context: bool
    """Whether the proof bears the document's `@context` again."""
    hash_data: Callable[[JsonObject, JsonObject], bytes]
    """Returns the 64 bytes to sign: a hash of the proof options, then one of the document without its proof."""


def _hash_canonical_json(options: JsonObject, document: JsonObject) -> bytes:
    """VC-DI-EdDSA §3.3.4."""
    return hashlib.sha256(canonicalize(options)).digest() + hashlib.sha256(canonicalize(document)).digest()


# VC-DI-EdDSA §3.3.5 has the context in the proof: Digital Bazaar's verifier refuses a proof of this suite without it.
EDDSA_JCS: Final = Cryptosuite(name="eddsa-jcs-2022", repeats_context=True, hash_data=_hash_canonical_json)


def unsigned_document(document: JsonObject, did: str, key_id: KeyId, created: datetime) -> bytes:
    """Return the canonical bytes of `document` with its proof, complete but for `proofValue`.

    Raises:
        UnsafeJsonError: the document has a value that cannot be signed.
        MalformedCredentialError: it has a proof already, or `created` is not aware UTC in whole seconds.
    """
    if _PROOF in document:
        raise MalformedCredentialError("the document has a proof already")
    options = proof_options(EDDSA_JCS, document, f"{did}#{key_id}", format_timestamp(created))
    return canonicalize({**document, _PROOF: options})


def sign_document(unsigned: bytes, signer: Signer) -> bytes:
    """Return the canonical bytes of the signed document; the same input always gives the same bytes.

    Raises:
        MalformedCredentialError: `unsigned` is not what `unsigned_document` returns.
        InvalidKeyError: it names another key than the signer's.
    """
    document = parse_canonical(unsigned)
    options = _take_proof(document, EDDSA_JCS)
    return signed_document(document, options, make_signature(document, options, signer, EDDSA_JCS))


def make_signature(document: JsonObject, options: JsonObject, signer: Signer, suite: Cryptosuite) -> bytes:
    """Return the 64 bytes of a signature of `document` under a proof with these options.

    Raises:
        InvalidKeyError: they name another key than the signer's.
    """
    if options["verificationMethod"].rpartition("#")[2] != signer.key_id:
        raise InvalidKeyError("the bytes to be signed name another key")
    return signer.sign(suite.hash_data(options, document))


def signed_document(document: JsonObject, options: JsonObject, signature: bytes) -> bytes:
    """Return the canonical bytes of a document with its whole proof."""
    return canonicalize({**document, _PROOF: {**options, _PROOF_VALUE: encode_base58btc(signature)}})


def verify_document(
    signed: bytes, keys: TrustedKeys, did: str, purpose: KeyPurpose, suite: Cryptosuite = EDDSA_JCS
) -> JsonObject:
    """Return the document, without its proof, that the issuer `did` signed with a trusted key of `purpose`.

    Whether the document says what its kind may say is the caller's next question.

    Raises:
        MalformedCredentialError: not canonical JSON with one proof of this suite.
        UnknownKeyError: the proof names another issuer, or a key not trusted for this purpose.
        InvalidSignatureError: the signature is not that key's signature of this document.
    """
    # (1) and (2) Form and proof.
    document, options, proof_value = split_document(signed, suite)
    # (3) A key of this issuer, trusted for this purpose.
    signed_did, _, key_id = options["verificationMethod"].rpartition("#")
    if signed_did != did:
        raise UnknownKeyError("the proof names another issuer")
    key = keys.get(key_id, purpose)
    # (4) Its signature of exactly this proof and this document.
    key.verify(decode_base58btc(proof_value), suite.hash_data(options, document))
    return document


def split_document(signed: bytes, suite: Cryptosuite = EDDSA_JCS) -> tuple[JsonObject, JsonObject, str]:
    """Return the document without its proof, the proof without its value, and that value; nothing is verified.

    Raises:
        MalformedCredentialError: not canonical JSON with one proof of this suite.
    """
    # (1) One JSON object in its one canonical form.
    document = parse_canonical(signed)
    # (2) One proof, of this suite, for assertions, under the document's own contexts.
    proof_value = _take_proof_value(document)
    return document, _take_proof(document, suite), proof_value


def proof_options(suite: Cryptosuite, document: JsonObject, verification_method: str, created: str) -> JsonObject:
    """Return the proof that a suite makes for a document, without its value; `created` is a formatted timestamp."""
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": suite.name,
        "created": created,
        "verificationMethod": verification_method,
        "proofPurpose": "assertionMethod",
    }
    return {"@context": document.get("@context"), **options} if suite.repeats_context else options


def _take_proof_value(document: JsonObject) -> str:
    match document.get(_PROOF):
        case {"proofValue": str(proof_value), **options}:
            document[_PROOF] = options
            return proof_value
    raise MalformedCredentialError("the document has no single signed proof")


def _take_proof(document: JsonObject, suite: Cryptosuite) -> JsonObject:
    """Remove the proof, which must be exactly what `proof_options` makes of its key and time, and return it."""
    match document.pop(_PROOF, None):
        case {"verificationMethod": str(verification_method), "created": str(created), **others}:
            parse_timestamp(created)
            options = proof_options(suite, document, verification_method, created)
            if options == {**others, "verificationMethod": verification_method, "created": created}:
                return options
    raise MalformedCredentialError("the document has no proof of this suite")
