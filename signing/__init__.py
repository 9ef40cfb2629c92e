"""What a signed credential is: records, their Open Badges twins, QR codes, keys and numbers. FORMAT.md has every byte.

A library without input or output: instants, tokens, salts of records, files and the network are its caller's.
Only new keys and the salts of key files are drawn here, from the operating system's random generator.
"""

from signing.audit_head import AuditHead, sign_audit_head, verify_audit_head
from signing.badge import badge_from_record, sign_badge, verify_badge
from signing.base64url import decode_base64url, encode_base64url
from signing.canonical import JsonObject, canonicalize, parse_canonical
from signing.certificate_number import CertificateNumber, format_certificate_number, parse_certificate_number
from signing.credential import (
    SALT_BYTES,
    STATUS_LIST_ENTRIES,
    CredentialStatement,
    identity_hash,
    identity_type_of,
    photo_value,
)
from signing.data_integrity import sign_document, unsigned_document, verify_document
from signing.did import did_document, did_from_url, parse_did_document
from signing.document import STATUS_PURPOSES, build_document, parse_document, status_list_url
from signing.document_keys import (
    DocumentCertificates,
    DocumentKey,
    encode_point,
    generate_document_key,
    parse_certificates,
    self_signed_certificate,
)
from signing.edwards25519 import validate_public_key
from signing.errors import (
    InvalidKeyError,
    InvalidSignatureError,
    KeyFileError,
    MalformedCredentialError,
    MalformedUrlError,
    SigningError,
    TimeStampError,
    UnknownKeyError,
    UnsafeJsonError,
)
from signing.identity_salt import format_salt, parse_salt
from signing.jwks import jwks, parse_compromised_keys, parse_document_keys, parse_jwks
from signing.key_file import (
    generate_private_key,
    open_document_key,
    open_private_key,
    read_document_key,
    seal_private_key,
    write_document_key,
)
from signing.keys import DOCUMENT_PURPOSES, KeyId, KeyPurpose, PublicKey, TrustedKeys, format_key_id, parse_key_id
from signing.multibase import decode_multikey, encode_multikey
from signing.public_url import require_public_url
from signing.qr import (
    QrClaims,
    format_qr_text,
    parse_qr_structure,
    parse_qr_text,
    qr_structure,
    sign_qr,
    verify_qr,
)
from signing.qr_symbol import qr_matrix
from signing.record import parse_unsigned_record, sign_record, unsigned_record, verify_record
from signing.signer import DocumentSigner, Ed25519Signer, Signer
from signing.status_list import (
    CertificateStatus,
    StatusList,
    certificate_status,
    sign_status_list,
    verify_status_list,
)
from signing.timestamp import format_timestamp, parse_timestamp
from signing.token import TOKEN_BYTES, fold_token, format_token, parse_token
from signing.vkey import VerifierKey, format_vkey, log_name, parse_vkey, verifier_key

__all__ = [
    "DOCUMENT_PURPOSES",
    "SALT_BYTES",
    "STATUS_LIST_ENTRIES",
    "STATUS_PURPOSES",
    "TOKEN_BYTES",
    "AuditHead",
    "CertificateNumber",
    "CertificateStatus",
    "CredentialStatement",
    "DocumentCertificates",
    "DocumentKey",
    "DocumentSigner",
    "Ed25519Signer",
    "InvalidKeyError",
    "InvalidSignatureError",
    "JsonObject",
    "KeyFileError",
    "KeyId",
    "KeyPurpose",
    "MalformedCredentialError",
    "MalformedUrlError",
    "PublicKey",
    "QrClaims",
    "Signer",
    "SigningError",
    "StatusList",
    "TimeStampError",
    "TrustedKeys",
    "UnknownKeyError",
    "UnsafeJsonError",
    "VerifierKey",
    "badge_from_record",
    "build_document",
    "canonicalize",
    "certificate_status",
    "decode_base64url",
    "decode_multikey",
    "did_document",
    "did_from_url",
    "encode_base64url",
    "encode_multikey",
    "encode_point",
    "fold_token",
    "format_certificate_number",
    "format_key_id",
    "format_qr_text",
    "format_salt",
    "format_timestamp",
    "format_token",
    "format_vkey",
    "generate_document_key",
    "generate_private_key",
    "identity_hash",
    "identity_type_of",
    "jwks",
    "log_name",
    "open_document_key",
    "open_private_key",
    "parse_canonical",
    "parse_certificate_number",
    "parse_certificates",
    "parse_compromised_keys",
    "parse_did_document",
    "parse_document",
    "parse_document_keys",
    "parse_jwks",
    "parse_key_id",
    "parse_qr_structure",
    "parse_qr_text",
    "parse_salt",
    "parse_timestamp",
    "parse_token",
    "parse_unsigned_record",
    "parse_vkey",
    "photo_value",
    "qr_matrix",
    "qr_structure",
    "read_document_key",
    "require_public_url",
    "seal_private_key",
    "self_signed_certificate",
    "sign_audit_head",
    "sign_badge",
    "sign_document",
    "sign_qr",
    "sign_record",
    "sign_status_list",
    "status_list_url",
    "unsigned_document",
    "unsigned_record",
    "validate_public_key",
    "verifier_key",
    "verify_audit_head",
    "verify_badge",
    "verify_document",
    "verify_qr",
    "verify_record",
    "verify_status_list",
    "write_document_key",
]
