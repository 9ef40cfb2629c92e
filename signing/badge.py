"""The Open Badges twin of a record: the same document under a proof of the cryptosuite `eddsa-rdfc-2022`.

Software for Open Badges verifies RDF, not JSON, so it cannot check a record. The twin says the same and is signed by
the same key; only its signature is stored, the rest is in the record.

>>> signature = sign_badge(record, signer)         # repeated, the same 64 bytes
>>> badge = badge_from_record(record, signature)   # what is served
>>> verify_badge(badge, trusted_keys, did) == statement
True
"""

import hashlib
from typing import Final

from signing.canonical import JsonObject
from signing.credential import CredentialStatement
from signing.data_integrity import (
    Cryptosuite,
    make_signature,
    proof_options,
    signed_document,
    split_document,
)
from signing.document import parse_document
from signing.errors import MalformedCredentialError
from signing.keys import KeyPurpose, TrustedKeys
from signing.n_quads import canonical_n_quads
from signing.record import verify_statement
from signing.signer import Signer, require_purpose


def sign_badge(record: bytes, signer: Signer) -> bytes:
    """Return the 64-byte signature of a record's twin; whether the record's own is genuine is the caller's question.

    Raises:
        MalformedCredentialError: `record` is not canonical JSON of a statement with the proof of a record.
        InvalidKeyError: it names another key than the signer's, or that is not a credential key.
    """
    require_purpose(signer, KeyPurpose.CREDENTIAL)
    document, options = _twin(record)
    return make_signature(document, options, signer, _EDDSA_RDFC)


def badge_from_record(record: bytes, signature: bytes) -> bytes:
    """Return the canonical bytes of a record's twin with this signature; neither signature is verified.

    Raises:
        MalformedCredentialError: `record` is not canonical JSON with the proof of a record.
    """
    document, options = _twin(record)
    return signed_document(document, options, signature)


def verify_badge(badge: bytes, keys: TrustedKeys, did: str) -> CredentialStatement:
    """Return what a twin says, if the issuer `did` signed it with a trusted credential key.

    As strict as `verify_record`: other JSON of the same RDF graph is refused.

    Raises:
        MalformedCredentialError: no twin of this format, or one that names another issuer than its signer.
        UnknownKeyError: another issuer, or a key that is not a trusted credential key.
        InvalidSignatureError: the twin was changed after it was signed.
    """
    return verify_statement(badge, keys, did, _EDDSA_RDFC)


def _twin(record: bytes) -> tuple[JsonObject, JsonObject]:
    """Return the document, and the proof without its value: the record's key and instant under this suite."""
    document, of_record, _ = split_document(record)
    return document, proof_options(_EDDSA_RDFC, document, of_record["verificationMethod"], of_record["created"])


def _hash_n_quads(options: JsonObject, document: JsonObject) -> bytes:
    """VC-DI-EdDSA §3.2.4, for documents of our shape alone.

    Their shape comes first: in another, an IRI that holds `> .` and a line end could make the quads of a record that
    somebody else was given, and nodes without number could keep us sorting.
    """
    issuer = parse_document(document).issuer_did
    if options["verificationMethod"].rpartition("#")[0] != issuer:
        raise MalformedCredentialError("the record names another issuer than its signer")
    hashes = (hashlib.sha256(canonical_n_quads(part)).digest() for part in (options, document))
    return b"".join(hashes)


_EDDSA_RDFC: Final = Cryptosuite(name="eddsa-rdfc-2022", repeats_context=False, hash_data=_hash_n_quads)
