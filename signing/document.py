"""A statement as a W3C Verifiable Credential 2.0 / Open Badges 3.0 document, and back.

Every member is a term of the two contexts: whatever a context does not define would silently vanish for
verifiers that sign RDF, so "nothing undefined" is tested, and extensions go where Open Badges leaves room
for them (`identityType` with the prefix `ext:`).
"""

import base64
import re
from typing import Any, Final

from signing.base64url import encode_base64url
from signing.canonical import JsonObject, canonicalize
from signing.credential import CredentialStatement
from signing.errors import MalformedCredentialError
from signing.public_url import ORIGIN_PATTERN
from signing.timestamp import format_timestamp, parse_timestamp

CONTEXTS: Final = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)
STATUS_PURPOSES: Final = ("revocation", "refresh")
"""`revocation` is set for revoked and superseded certificates, `refresh` for superseded ones only."""

_SRI_SHA256: Final = "sha256-"
_RECORD_URL: Final = re.compile(rf"({ORIGIN_PATTERN})/v/([0-9A-Z]{{16}})/record\.json")
_STATUS_LIST: Final = re.compile(r".*/(0|[1-9][0-9]{0,8})")
_STATUS_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,5}")


def build_document(statement: CredentialStatement) -> JsonObject:
    """Return the document, without proof, that says what `statement` says."""
    return {
        "@context": list(CONTEXTS),
        "id": f"{statement.public_url}/v/{statement.token}/record.json",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": statement.title,
        "issuer": {"id": statement.issuer_did, "type": ["Profile"], "name": statement.issuer_name},
        "validFrom": format_timestamp(statement.valid_from),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": _identifiers(statement),
            "licenseNumber": statement.certificate_number,
            "achievement": _achievement(statement),
        },
        "credentialStatus": [_status_entry(statement, purpose) for purpose in STATUS_PURPOSES],
        "relatedResource": _template_resource(statement.template_digest),
    }


def parse_document(document: JsonObject) -> CredentialStatement:
    """Return the statement `build_document` makes exactly this document of.

    Raises:
        MalformedCredentialError: no statement does: a member is missing, added, of another type or malformed.
    """
    statement = read_statement(document)
    # Compared as bytes: in Python 0 equals False. What the reader skipped cannot differ either.
    if canonicalize(build_document(statement)) != canonicalize(document):
        raise MalformedCredentialError("the record says something this format has no place for")
    return statement


def status_list_url(public_url: str, purpose: str, number: int) -> str:
    """Return where the signed list of a purpose and number is served: its own `id`, too."""
    return f"{public_url}/status/{purpose}/{number}"


def _identity(identity_type: str, value: str, *, hashed: bool) -> JsonObject:
    return {"type": "IdentityObject", "identityType": identity_type, "hashed": hashed, "identityHash": value}


def _identifiers(statement: CredentialStatement) -> list[JsonObject]:
    identifiers = [
        _identity("name", statement.name, hashed=False),
        _identity("ext:sex", statement.sex, hashed=False),
        _identity(statement.identity_type, statement.id_number_hash, hashed=True),
    ]
    if statement.photo_hash is not None:
        identifiers.append(_identity("ext:photo", statement.photo_hash, hashed=True))
    return identifiers


def _achievement(statement: CredentialStatement) -> JsonObject:
    return {
        "id": f"{statement.public_url}/achievements/{statement.kind}",
        "type": ["Achievement"],
        "achievementType": "Certification",
        "humanCode": statement.kind,
        "name": statement.title,
        "description": statement.description,
        "criteria": {"narrative": statement.criteria},
    }


def _status_entry(statement: CredentialStatement, purpose: str) -> JsonObject:
    list_url = status_list_url(statement.public_url, purpose, statement.status_list)
    return {
        "id": f"{list_url}#{statement.status_index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": str(statement.status_index),
        "statusListCredential": list_url,
    }


def _template_resource(digest: bytes) -> JsonObject:
    """VC Data Model 2.0 §5.3: a name by content (RFC 6920), with the digest as Subresource Integrity writes it."""
    return {
        "id": f"ni:///sha-256;{encode_base64url(digest)}",
        "digestSRI": _SRI_SHA256 + base64.b64encode(digest).decode("ascii"),
    }


def read_statement(document: JsonObject) -> CredentialStatement:
    """Pick each value from one place; whether the rest of the document agrees, the caller must compare.

    Raises:
        MalformedCredentialError: a value is missing, of another type or malformed.
    """
    match document:
        case {
            "id": str(record_url),
            "issuer": {"id": str(issuer_did), "name": str(issuer_name)},
            "validFrom": str(valid_from),
            "credentialSubject": {
                "identifier": [
                    {"identityHash": str(name)},
                    {"identityHash": str(sex)},
                    {"identityType": str(identity_type), "identityHash": str(id_number_hash)},
                    *photos,
                ],
                "licenseNumber": str(certificate_number),
                "achievement": {
                    "humanCode": str(kind),
                    "name": str(title),
                    "description": str(description),
                    "criteria": {"narrative": str(criteria)},
                },
            },
            "credentialStatus": [{"statusListCredential": str(list_url), "statusListIndex": str(index)}, _],
            "relatedResource": {"digestSRI": str(template_sri)},
        }:
            public_url, token = _match(_RECORD_URL, record_url)
            return CredentialStatement(
                public_url=public_url,
                token=token,
                issuer_did=issuer_did,
                issuer_name=issuer_name,
                certificate_number=certificate_number,
                kind=kind,
                title=title,
                description=description,
                criteria=criteria,
                valid_from=parse_timestamp(valid_from),
                name=name,
                sex=sex,
                identity_type=identity_type,
                id_number_hash=id_number_hash,
                photo_hash=_read_photo_hash(photos),
                template_digest=_read_digest(template_sri),
                status_list=int(_match(_STATUS_LIST, list_url)[0]),
                status_index=int(_match(_STATUS_INDEX, index)[0]),
            )
    raise MalformedCredentialError("a member of the record is missing or of another type")


def _match(shape: re.Pattern[str], text: str) -> tuple[str, ...]:
    """Return the groups of a full match, or the whole text where the shape has none."""
    found = shape.fullmatch(text)
    if found is None:
        raise MalformedCredentialError("malformed URL or index in the record")
    return found.groups() or (found[0],)


def _read_photo_hash(photos: list[Any]) -> str | None:
    match photos:
        case []:
            return None
        case [{"identityHash": str(photo_hash)}]:
            return photo_hash
    raise MalformedCredentialError("malformed photo entry")


def _read_digest(sri: str) -> bytes:
    try:
        return base64.b64decode(sri.removeprefix(_SRI_SHA256), validate=True)
    except ValueError:  # also binascii.Error, and characters outside ASCII
        raise MalformedCredentialError("malformed template digest") from None
