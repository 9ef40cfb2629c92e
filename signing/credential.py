"""What one signed record says about one person, and the salted hashes it says it with."""

import hashlib
import re
from datetime import datetime
from typing import Final

import msgspec

from signing.base64url import encode_base64url
from signing.certificate_number import parse_certificate_number
from signing.errors import MalformedCredentialError
from signing.public_url import require_public_url
from signing.timestamp import format_timestamp
from signing.token import parse_token

STATUS_LIST_ENTRIES: Final = 131_072
"""Entries of one status list: the least W3C Bitstring Status List 1.0 allows, so that one hides among many."""

SALT_BYTES: Final = 16

_NATIONAL_ID_DOCUMENTS: Final = frozenset({"resident", "hmt_residence", "foreign_pr"})
"""Documents whose 18-digit numbers share one scheme (GB 11643)."""

_NATIONAL_IDENTITY_NUMBER: Final = "nationalIdentityNumber"
_SHAPES: Final = {
    "kind": re.compile(r"[a-z][a-z0-9_]*"),
    "issuer_did": re.compile(r"did:[a-z0-9]+:[A-Za-z0-9._:%-]+"),
    # Open Badges 3.0, IdentifierTypeEnum: a term of its list, or an extension behind "ext:"; not one of the other
    # entries' own, since two entries that say the same have no order in RDF.
    "identity_type": re.compile(rf"{_NATIONAL_IDENTITY_NUMBER}|ext:(?!(?:sex|photo)\Z)[A-Za-z0-9._-]+"),
    "id_number_hash": re.compile(r"sha256\$[0-9a-f]{64}"),
}
_TEXTS: Final = ("issuer_name", "title", "description", "criteria", "name", "sex")


class CredentialStatement(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a record says. Constructing it refuses what `parse_document` could not read back.

    Raises:
        MalformedCredentialError: a field outside its form; the message names the field, never its value.
    """

    public_url: str
    """Where the record and the status lists are served, such as `https://rz.example.cn`."""
    token: str
    """16 Crockford characters."""
    issuer_did: str
    issuer_name: str
    certificate_number: str
    kind: str
    """Code of the certificate kind, such as `omnimedia_operator`."""
    title: str
    description: str
    criteria: str
    valid_from: datetime
    """The instant of issue: aware, UTC, whole seconds."""
    name: str
    sex: str
    identity_type: str
    """What `identity_type_of` gives for the document the ID number stands on."""
    id_number_hash: str
    """`identity_hash` of the ID number."""
    photo_hash: str | None
    """`identity_hash` of `photo_value`; None for a certificate without a photo."""
    template_digest: bytes
    """SHA-256 of the canonical bytes of the template the certificate is drawn with."""
    status_list: int
    status_index: int
    """Position in that list, 0 to 131,071; one position for both status purposes."""

    def __post_init__(self) -> None:
        require_public_url(self.public_url)
        parse_token(self.token)
        parse_certificate_number(self.certificate_number)
        format_timestamp(self.valid_from)
        for field, shape in _SHAPES.items():
            _require(field, holds=shape.fullmatch(getattr(self, field)) is not None)
        for field in _TEXTS:
            _require(field, holds=getattr(self, field) != "")
        if self.photo_hash is not None:
            _require("photo_hash", holds=_SHAPES["id_number_hash"].fullmatch(self.photo_hash) is not None)
        _require("template_digest", holds=len(self.template_digest) == hashlib.sha256().digest_size)
        _require("status_list", holds=self.status_list >= 0)
        _require("status_index", holds=0 <= self.status_index < STATUS_LIST_ENTRIES)


def identity_type_of(document_type: str) -> str:
    """Return the Open Badges identity type of an ID document: the national number's, or `ext:` + the type's code."""
    return _NATIONAL_IDENTITY_NUMBER if document_type in _NATIONAL_ID_DOCUMENTS else f"ext:{document_type}"


def identity_hash(value: str, salt: bytes) -> str:
    """Return `sha256$` + hex SHA-256 of UTF-8(value + base64url(salt)), the IdentityHash of Open Badges 3.0.

    The 16-byte salt is not in the record. Where it is known, an 18-digit number is found from its hash in hours.
    """
    if len(salt) != SALT_BYTES:
        raise MalformedCredentialError("the salt of an identity hash has 16 bytes")
    salted = (value + encode_base64url(salt)).encode()
    return "sha256$" + hashlib.sha256(salted).hexdigest()


def photo_value(jpeg: bytes) -> str:
    """Return the text that stands for a photo in `identity_hash`: base64url of the SHA-256 of the stored JPEG."""
    return encode_base64url(hashlib.sha256(jpeg).digest())


def _require(field: str, *, holds: bool) -> None:
    if not holds:
        raise MalformedCredentialError(f"malformed {field}")
