"""From people to the exact bytes that will be signed: documents, QR structures, and their lookup keys."""

import datetime
import secrets as random
from uuid import UUID

import msgspec

from signing import (
    CredentialStatement,
    QrClaims,
    build_document,
    format_certificate_number,
    format_token,
    identity_hash,
    identity_type_of,
    photo_value,
    qr_structure,
    unsigned_record,
)
from signing.credential import SALT_BYTES, STATUS_LIST_ENTRIES
from signing.token import TOKEN_BYTES
from verify_service.credentials.model import Candidate, Draft
from verify_service.credentials.rules.lookup_keys import Facts, lookup_hmacs
from verify_service.credentials.service.desk import Desk
from verify_service.database import new_row_id
from verify_service.sealing.model import SecretKey
from verify_service.subjects.service import OpenedSubject

LookupKey = tuple[UUID, int, int, bytes]


class Applicant(msgspec.Struct, frozen=True):
    """A candidate who passed preflight, with the person and photo the certificate will show."""

    candidate: Candidate
    subject: OpenedSubject
    photo_jpeg: bytes | None


class Slot(msgspec.Struct, frozen=True):
    """What the register allots to one certificate."""

    serial: int
    year: int
    status_list: int
    status_index: int
    issued_at: datetime.datetime
    template_digest: bytes
    approval_id: UUID


def draft(desk: Desk, applicant: Applicant, slot: Slot) -> Draft:
    """Return the row to record: every byte to be signed, sealed under the person's key."""
    candidate, subject = applicant.candidate, applicant.subject
    prefix = desk.kinds[candidate.kind].number_prefix
    number = format_certificate_number(prefix, slot.year, slot.serial)
    credential_id, token, salt = new_row_id(), random.token_bytes(TOKEN_BYTES), random.token_bytes(SALT_BYTES)
    statement = _statement(desk, applicant, slot, number=number, token=token, salt=salt)
    document = unsigned_record(build_document(statement), desk.did, desk.credential_key.key_id, slot.issued_at)
    structure = _qr(desk, applicant, slot, number=number, token=token)

    def seal(plaintext: bytes, column: str) -> bytes:
        return subject.cipher.seal(plaintext, f"credential:{column}", credential_id)

    return Draft(
        credential_id=credential_id,
        exam_entry_id=candidate.exam_entry_id,
        version=candidate.version,
        supersedes=candidate.supersedes,
        subject_id=subject.subject_id,
        kind=candidate.kind,
        certificate_number=number,
        token=token,
        status_list=slot.status_list,
        status_index=slot.status_index,
        credential_key_id=desk.credential_key.key_id,
        qr_key_id=desk.qr_key.key_id,
        template_digest=slot.template_digest,
        photo_id=candidate.photo_id,
        approval_id=slot.approval_id,
        issued_at=slot.issued_at,
        sealed_id_number=seal(subject.person.id_number.encode(), "sealed_id_number"),
        sealed_salt=seal(salt, "sealed_salt"),
        sealed_document=seal(document, "sealed_document"),
        sealed_qr_structure=seal(structure, "sealed_qr_structure"),
    )


def lookup_keys(index_secrets: tuple[SecretKey, ...], credential_id: UUID, facts: Facts) -> list[LookupKey]:
    """Return the blind indexes of one credential, under every version of the index secret."""
    return [
        (credential_id, pair.value, secret.version, hmac)
        for secret in index_secrets
        for pair, hmac in lookup_hmacs(secret, facts).items()
    ]


def _statement(
    desk: Desk, applicant: Applicant, slot: Slot, *, number: str, token: bytes, salt: bytes
) -> CredentialStatement:
    person, template = applicant.subject.person, desk.templates[applicant.candidate.kind]
    photo = applicant.photo_jpeg
    return CredentialStatement(
        public_url=desk.public_url,
        token=format_token(token),
        issuer_did=desk.did,
        issuer_name=template.issuer_name,
        certificate_number=number,
        kind=template.kind,
        title=template.title,
        description=template.description,
        criteria=template.criteria,
        valid_from=slot.issued_at,
        name=person.name,
        sex=person.sex.value,
        identity_type=identity_type_of(person.document_type.value),
        id_number_hash=identity_hash(person.id_number, salt),
        photo_hash=None if photo is None else identity_hash(photo_value(photo), salt),
        template_digest=slot.template_digest,
        status_list=slot.status_list,
        status_index=slot.status_index,
    )


def _qr(desk: Desk, applicant: Applicant, slot: Slot, *, number: str, token: bytes) -> bytes:
    claims = QrClaims(
        issued_at=int(slot.issued_at.timestamp()),
        token=token,
        kind_code=desk.kinds[applicant.candidate.kind].qr_code,
        name=applicant.subject.person.name,
        certificate_number=number,
        status_index=slot.status_list * STATUS_LIST_ENTRIES + slot.status_index,
    )
    assert desk.qr_key.cose_kid is not None  # noqa: S101  # PublicKey refuses a QR key without one
    return qr_structure(claims, desk.qr_key.cose_kid)
