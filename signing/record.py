"""Records: the signed JSON of one certificate, the same bytes from the signature to the archive.

>>> unsigned = unsigned_record(build_document(statement), did, key_id, created)   # store these bytes first
>>> record = sign_record(unsigned, signer)                                        # again after a crash: same bytes
>>> verify_record(record, trusted_keys, did) == statement
True
"""

from datetime import datetime
from typing import Final

import msgspec

from signing.canonical import JsonObject
from signing.credential import CredentialStatement
from signing.data_integrity import (
    EDDSA_JCS,
    Cryptosuite,
    sign_document,
    unsigned_document,
    verify_document,
)
from signing.document import build_document, parse_document, read_statement
from signing.errors import MalformedCredentialError
from signing.keys import KeyId, KeyPurpose, TrustedKeys
from signing.signer import Signer, require_purpose
from signing.timestamp import parse_timestamp

MAX_RECORD_BYTES: Final = 65_536
"""Ours have about 2,000 bytes; more is refused before it is parsed."""


class _UnsignedProof(msgspec.Struct):
    """The two members of a proof that are not the same in every record."""

    verification_method: str = msgspec.field(name="verificationMethod")
    created: str


def unsigned_record(document: JsonObject, did: str, key_id: KeyId, created: datetime) -> bytes:
    """Return the canonical bytes to store before signing: `document` with its proof but for `proofValue`.

    Raises:
        UnsafeJsonError: a text of the document has a lone surrogate.
        MalformedCredentialError: `created` is not aware UTC in whole seconds.
    """
    return unsigned_document(document, did, key_id, created)


def parse_unsigned_record(unsigned: bytes) -> tuple[CredentialStatement, str, datetime]:
    """Return what a record would say once signed, the verification method (`DID#key id`) and the instant of its proof.

    Raises:
        SigningError: `unsigned` is not what `unsigned_record` returns.
    """
    try:
        document = msgspec.json.decode(unsigned, type=JsonObject)
        proof = msgspec.convert(document.get("proof"), _UnsignedProof)
    except (ValueError, RecursionError):
        raise MalformedCredentialError("not the JSON of a record to be signed") from None
    statement, created = read_statement(document), parse_timestamp(proof.created)
    did, _, key_id = proof.verification_method.rpartition("#")
    # Compared once and as bytes: form, proof and every member the reader skipped cannot differ.
    if unsigned_record(build_document(statement), did, KeyId(key_id), created) != unsigned:
        raise MalformedCredentialError("the record says something this format has no place for")
    return statement, proof.verification_method, created


def sign_record(unsigned: bytes, signer: Signer) -> bytes:
    """Return the record of bytes that `unsigned_record` returned; repeated, it returns the same bytes.

    Raises:
        MalformedCredentialError: `unsigned` is anything else.
        InvalidKeyError: it names another key than the signer's, or that is not a credential key.
    """
    require_purpose(signer, KeyPurpose.CREDENTIAL)
    return sign_document(unsigned, signer)


def verify_record(record: bytes, keys: TrustedKeys, did: str) -> CredentialStatement:
    """Return what a record says, if the issuer `did` signed it with a trusted credential key.

    Revocation is another question: the register and the status lists answer it.

    Raises:
        MalformedCredentialError: no record of this format, or one that names another issuer than its signer.
        UnknownKeyError: another issuer, or a key that is not a trusted credential key.
        InvalidSignatureError: the record was changed after it was signed.
    """
    return verify_statement(record, keys, did, EDDSA_JCS)


def verify_statement(signed: bytes, keys: TrustedKeys, did: str, suite: Cryptosuite) -> CredentialStatement:
    """Return what a credential says that is signed under a proof of `suite`; refuse as `verify_record` does."""
    # (1) A size no attack on the parser needs to be feared at.
    if len(signed) > MAX_RECORD_BYTES:
        raise MalformedCredentialError("too large for a record")
    # (2) Form, key and signature.
    document = verify_document(signed, keys, did, KeyPurpose.CREDENTIAL, suite)
    # (3) Nothing but a statement of this format.
    statement = parse_document(document)
    # (4) The issuer it names is the one who signed.
    if statement.issuer_did != did:
        raise MalformedCredentialError("the record names another issuer than its signer")
    return statement
