"""Signed status lists: W3C Bitstring Status List 1.0, one credential for each number and purpose.

>>> data = sign_status_list(status_list, signer)
>>> verify_status_list(data, trusted_keys, did) == status_list
True
"""

import re
from datetime import datetime
from typing import Final, Literal

import msgspec

from signing.bitstring import BITSTRING_BYTES, decode_bitstring, encode_bitstring
from signing.canonical import JsonObject, canonicalize
from signing.credential import STATUS_LIST_ENTRIES
from signing.data_integrity import sign_document, unsigned_document, verify_document
from signing.document import STATUS_PURPOSES, status_list_url
from signing.errors import MalformedCredentialError
from signing.keys import KeyPurpose, TrustedKeys
from signing.public_url import ORIGIN_PATTERN, require_public_url
from signing.signer import Signer, require_purpose
from signing.timestamp import format_timestamp, parse_timestamp

MAX_STATUS_LIST_BYTES: Final = 32_768
"""Bits that no compressor shortens make 23 kB; more is refused before it is parsed."""
MAX_STATUS_LISTS: Final = 10**9

_CONTEXTS: Final = ("https://www.w3.org/ns/credentials/v2",)
_LIST_URL: Final = re.compile(rf"({ORIGIN_PATTERN})/status/([a-z]+)/(0|[1-9][0-9]{{0,8}})")

CertificateStatus = Literal["valid", "revoked", "superseded"]


class StatusList(msgspec.Struct, frozen=True, kw_only=True):
    """What one status list says. Constructing it refuses what `verify_status_list` could not read back.

    Raises:
        MalformedCredentialError: a field outside its form; the message names the field.
    """

    public_url: str
    """Where the list is served, such as `https://rz.example.cn`."""
    issuer_did: str
    purpose: str
    """`revocation`, set for revoked and superseded certificates, or `refresh`, set for superseded ones only."""
    number: int
    valid_from: datetime
    """When it was signed: aware, UTC, whole seconds."""
    valid_until: datetime
    """A later instant, from which on the list says nothing any more."""
    bits: bytes
    """16,384 bytes; entry 0 is the most significant bit of byte 0."""

    def __post_init__(self) -> None:
        require_public_url(self.public_url)
        if self.purpose not in STATUS_PURPOSES:
            raise MalformedCredentialError("malformed purpose")
        if not 0 <= self.number < MAX_STATUS_LISTS:
            raise MalformedCredentialError("malformed number")
        if format_timestamp(self.valid_from) >= format_timestamp(self.valid_until):
            raise MalformedCredentialError("malformed valid_until")
        if len(self.bits) != BITSTRING_BYTES:
            raise MalformedCredentialError("malformed bits")

    def is_set(self, index: int) -> bool:
        """Return the bit at a position, 0 to 131,071; any other position is refused, never read as clear."""
        if not 0 <= index < STATUS_LIST_ENTRIES:
            raise MalformedCredentialError("a position outside the status list")
        return bool(self.bits[index >> 3] & 0x80 >> (index & 7))


def certificate_status(*, revocation: bool, refresh: bool) -> CertificateStatus:
    """Return what the bits of one position in the lists of both purposes amount to.

    Take both lists of one `valid_from`: of two ages, they may show a supersession half, which reads as a revocation.
    """
    if refresh:
        return "superseded"
    return "revoked" if revocation else "valid"


def sign_status_list(status_list: StatusList, signer: Signer) -> bytes:
    """Return the signed credential, canonical JSON; its proof is created at `valid_from`.

    Raises:
        InvalidKeyError: the signer's key is not a status key.
        UnsafeJsonError: the DID has a lone surrogate.
    """
    require_purpose(signer, KeyPurpose.STATUS)
    document = _build_document(status_list, encode_bitstring(status_list.bits))
    unsigned = unsigned_document(document, status_list.issuer_did, signer.key_id, status_list.valid_from)
    return sign_document(unsigned, signer)


def verify_status_list(data: bytes, keys: TrustedKeys, did: str) -> StatusList:
    """Return what a status list says, if the issuer `did` signed it with a trusted status key.

    Whether it is the list that was asked for, and still valid, are the caller's questions.

    Raises:
        MalformedCredentialError: no status list of this format, or one that names another issuer than its signer.
        UnknownKeyError: another issuer, or a key that is not a trusted status key.
        InvalidSignatureError: the list was changed after it was signed.
    """
    # (1) A size no attack on the parser needs to be feared at.
    if len(data) > MAX_STATUS_LIST_BYTES:
        raise MalformedCredentialError("too large for a status list")
    # (2) Form, key and signature; only then is anything unpacked.
    document = verify_document(data, keys, did, KeyPurpose.STATUS)
    # (3) Nothing but a status list of this format.
    status_list, encoded_list = _parse_document(document)
    # Compared as bytes, but for the gzip: compressors differ, and the bits it holds are all that counts.
    if canonicalize(_build_document(status_list, encoded_list)) != canonicalize(document):
        raise MalformedCredentialError("the status list says something this format has no place for")
    # (4) The issuer it names is the one who signed.
    if status_list.issuer_did != did:
        raise MalformedCredentialError("the status list names another issuer than its signer")
    return status_list


def _build_document(status_list: StatusList, encoded_list: str) -> JsonObject:
    url = status_list_url(status_list.public_url, status_list.purpose, status_list.number)
    return {
        "@context": list(_CONTEXTS),
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": status_list.issuer_did,
        "validFrom": format_timestamp(status_list.valid_from),
        "validUntil": format_timestamp(status_list.valid_until),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": status_list.purpose,
            "encodedList": encoded_list,
        },
    }


def _parse_document(document: JsonObject) -> tuple[StatusList, str]:
    """Pick each value from one place; the places that repeat it are compared by the caller."""
    match document:
        case {
            "id": str(url),
            "issuer": str(did),
            "validFrom": str(valid_from),
            "validUntil": str(valid_until),
            "credentialSubject": {"encodedList": str(encoded_list)},
        } if found := _LIST_URL.fullmatch(url):
            status_list = StatusList(
                public_url=found[1],
                issuer_did=did,
                purpose=found[2],
                number=int(found[3]),
                valid_from=parse_timestamp(valid_from),
                valid_until=parse_timestamp(valid_until),
                bits=decode_bitstring(encoded_list),
            )
            return status_list, encoded_list
    raise MalformedCredentialError("a member of the status list is missing or of another type")
