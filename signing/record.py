"""Records: the signed JSON of one certificate, the same bytes from the signature to the archive.

>>> unsigned = unsigned_record(build_document(statement), did, key_id, created)   # store these bytes first
>>> record = sign_record(unsigned, signer)                                        # again after a crash: same bytes
>>> verify_record(record, trusted_keys, did) == statement
True
"""

from datetime import datetime
from typing import Final

from signing.canonical import JsonObject
from signing.credential import CredentialStatement
from signing.data_integrity import sign_document, unsigned_document, verify_document
from signing.document import parse_document
from signing.errors import MalformedCredentialError
from signing.keys import KeyId, KeyPurpose, TrustedKeys
from signing.signer import Signer, require_purpose

MAX_RECORD_BYTES: Final = 65_536
"""Ours have about 2,000 bytes; more is refused before it is parsed."""


def unsigned_record(document: JsonObject, did: str, key_id: KeyId, created: datetime) -> bytes:
    """Return the canonical bytes to store before signing: `document` with its proof but for `proofValue`.

    Raises:
        UnsafeJsonError: a text of the document has a lone surrogate.
        MalformedCredentialError: `created` is not aware UTC in whole seconds.
    """
    return unsigned_document(document, did, key_id, created)


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
    # (1) A size no attack on the parser needs to be feared at.
    if len(record) > MAX_RECORD_BYTES:
        raise MalformedCredentialError("too large for a record")
    # (2) Form, key and signature.
    document = verify_document(record, keys, did, KeyPurpose.CREDENTIAL)
    # (3) Nothing but a statement of this format.
    statement = parse_document(document)
    # (4) The issuer it names is the one who signed.
    if statement.issuer_did != did:
        raise MalformedCredentialError("the record names another issuer than its signer")
    return statement
