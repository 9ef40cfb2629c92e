"""Drawing certificates from what is on the register: the signed record, the ID number and the photo."""

import datetime
from collections.abc import AsyncIterator
from typing import Final

import msgspec

from pdf import (
    Attachment,
    CertificateContent,
    CertificateLabels,
    Label,
    PdfError,
    SignatureField,
    UnsignedFile,
    render_certificate,
)
from signing import (
    CredentialStatement,
    DocumentSigner,
    SigningError,
    TimeStampError,
    TrustedKeys,
    canonicalize,
    encode_base64url,
    qr_matrix,
    verify_record,
)
from verify_service.answers import Status
from verify_service.clock import date_in_shanghai
from verify_service.credentials.model import Standing
from verify_service.credentials.queries import standing as credentials
from verify_service.credentials.service.templates import get_template
from verify_service.database import Connection
from verify_service.document_signing import open_document_signer
from verify_service.documents.rules import Edition, file_name
from verify_service.errors import ServiceError, UsageError
from verify_service.key_directory import KeyDirectory
from verify_service.keys import queries as key_queries
from verify_service.keys import service as keys
from verify_service.sealing.model import Secrets
from verify_service.sealing.rules import unwrap_data_key
from verify_service.subjects import service as subjects
from verify_service.subjects.rules.masks import mask_id_number

NATIONAL_NUMBER: Final = "nationalIdentityNumber"
RECORD_FILE_NAME: Final = "certificate.vc.json"
"""The signed record inside the PDF, without its salt: it tells no more than the page behind the QR code."""
RECORD_MEDIA_TYPE: Final = "application/vc"
SALT_FILE_NAME: Final = "certificate.salt.json"
"""In the full edition alone: whoever has it can tell by the record whether an ID number is the holder's, and guess it
in hours."""
SALT_MEDIA_TYPE: Final = "application/json"
OTHER_DOCUMENT: Final = Label("证件号码", "ID Document No.")


class Studio(msgspec.Struct, frozen=True):
    """What drawing any certificate needs."""

    connection: Connection
    secrets: Secrets
    trusted_keys: TrustedKeys
    did: str
    signer: DocumentSigner


class DrawnCertificate(msgspec.Struct, frozen=True):
    """One PDF and the name to save it under."""

    file_name: str
    data: bytes
    status: Status
    """What the certificate is by now; its paper looks the same whatever became of it."""
    photo_ended: bool
    """It was issued with a photo that is no longer kept: the field on the paper is empty."""


class UndrawnCertificate(msgspec.Struct, frozen=True):
    """A certificate that could not be drawn, and why; the others of its class are."""

    certificate_number: str
    reason: str


async def open_studio(
    connection: Connection, secrets: Secrets, directory: KeyDirectory, timestamp_url: str | None = None
) -> Studio:
    """Return a studio for the register's issuer; refuse before `keys init`, and without the key that signs PDFs."""
    issuer = await key_queries.find_issuer(connection)
    if issuer is None:
        raise UsageError("KEY_MISSING", "the issuer has no keys yet: run `verify-service keys init`")
    signer = open_document_signer(directory, await keys.active_document_key(connection), timestamp_url)
    return Studio(connection, secrets, await keys.trusted_keys(connection), issuer.did, signer)


async def draw(studio: Studio, number: str, edition: Edition) -> DrawnCertificate:
    """Return the PDF of a certificate; refuse an unknown number, and name what makes it impossible to draw."""
    standing = await credentials.find_by_number(studio.connection, number)
    if standing is None:
        raise UsageError("UNKNOWN_NUMBER", f"no certificate has the number {number}")
    content, signed_at = await _content(studio, standing, edition)
    try:
        data = await _signed(studio.signer, content, signed_at)
    except (PdfError, TimeStampError) as error:
        raise ServiceError("NOT_DRAWN", f"{number} cannot be drawn: {error}") from None
    photo_ended = standing.photo_id is not None and content.photo_jpeg is None
    return DrawnCertificate(file_name(content.name, number), data, standing.status, photo_ended=photo_ended)


async def draw_cohort(
    studio: Studio, cohort_code: str, edition: Edition
) -> AsyncIterator[DrawnCertificate | UndrawnCertificate]:
    """Yield the PDFs of a cohort's certificates that are valid, by number, and which of them cannot be drawn."""
    async with studio.connection.transaction():
        numbers = [
            row.standing.certificate_number
            async for row in credentials.list_all(studio.connection, cohort_code)
            if row.standing.status == "valid"
        ]
    for number in numbers:
        try:
            yield await draw(studio, number, edition)
        except ServiceError as error:
            yield UndrawnCertificate(number, error.message)


async def _signed(signer: DocumentSigner, content: CertificateContent, at: datetime.datetime) -> bytes:
    """Return the PDF, signed as of the instant of issue: whenever it is drawn, it is the same file."""
    field = SignatureField(claimed_at=max(at, signer.not_before), max_bytes=signer.max_bytes)
    unsigned = UnsignedFile(render_certificate(content, field))
    return unsigned.embed(await signer.sign_digest(unsigned.digest))


async def _content(
    studio: Studio, standing: Standing, edition: Edition
) -> tuple[CertificateContent, datetime.datetime]:
    """Return what is drawn, and the instant of issue."""
    row_id = standing.credential_id
    sealed = await credentials.find_sealed(studio.connection, row_id)
    if sealed is None:
        raise ServiceError("ERASED", f"the person of {standing.certificate_number} was erased")
    cipher = unwrap_data_key(studio.secrets.field, sealed.kek_id, sealed.wrapped, standing.subject_id)
    record = cipher.open(sealed.sealed_record, "credential_signature:sealed_record", row_id)
    id_number = cipher.open(sealed.sealed_id_number, "credential:sealed_id_number", row_id).decode()
    qr = cipher.open(sealed.sealed_qr, "credential_signature:sealed_qr", row_id).decode()
    photos = {} if standing.photo_id is None else {standing.photo_id: cipher}
    opened = await subjects.find_photos(studio.connection, photos)
    template = await get_template(studio.connection, standing.template_digest)
    statement = _verified(studio, standing, record)
    attachments = [Attachment(RECORD_FILE_NAME, RECORD_MEDIA_TYPE, record)]
    if edition is Edition.FULL:
        salt = cipher.open(sealed.sealed_salt, "credential:sealed_salt", row_id)
        attachments.append(Attachment(SALT_FILE_NAME, SALT_MEDIA_TYPE, canonicalize({"salt": encode_base64url(salt)})))
    content = CertificateContent(
        design=template.design,
        texts=msgspec.structs.replace(template.texts, labels=_labels(statement)),
        name=statement.name,
        sex=statement.sex,
        id_number=id_number if edition is Edition.FULL else mask_id_number(id_number),
        certificate_number=statement.certificate_number,
        issued_on=date_in_shanghai(statement.valid_from),
        qr=qr_matrix(qr),
        photo_jpeg=next(iter(opened.values()), None),
        attachments=tuple(attachments),
    )
    return content, statement.valid_from


def _verified(studio: Studio, standing: Standing, record: bytes) -> CredentialStatement:
    """Nothing is drawn that its own signature does not vouch for."""
    try:
        return verify_record(record, studio.trusted_keys, studio.did)
    except SigningError as error:
        raise ServiceError(
            "NOT_DRAWN", f"the record of {standing.certificate_number} does not verify: {error}"
        ) from None


def _labels(statement: CredentialStatement) -> CertificateLabels:
    if statement.identity_type == NATIONAL_NUMBER:
        return CertificateLabels()
    return CertificateLabels(id_number=OTHER_DOCUMENT)
