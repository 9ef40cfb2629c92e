"""Drawing certificates from what is on the register: the signed record, the ID number and the photo."""

import asyncio
import datetime
import hashlib
from typing import Final

import msgspec

from pdf import (
    Attachment,
    CertificateContent,
    NameFaces,
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
    format_salt,
    qr_matrix,
    verify_qr,
    verify_record,
)
from verify_service.audit.model import Actor
from verify_service.clock import date_in_shanghai
from verify_service.credentials.model import Standing
from verify_service.credentials.queries import standing as credentials
from verify_service.credentials.service.templates import get_template
from verify_service.database import Connection
from verify_service.document_signing import OpenSigner, open_document_signer
from verify_service.documents.model import DrawnCertificate, Edition, ExpectedPrint
from verify_service.documents.rules.files import file_name
from verify_service.errors import ServiceError, UsageError
from verify_service.image_directory import ImageDirectory
from verify_service.key_directory import KeyDirectory
from verify_service.keys import queries as key_queries
from verify_service.keys import service as keys
from verify_service.name_faces import load_name_faces
from verify_service.sealing.model import Secrets
from verify_service.sealing.rules import unwrap_data_key
from verify_service.settings import Settings
from verify_service.subjects import service as subjects
from verify_service.subjects.rules.masks import mask_id_number
from verify_service.verification.model import SALT_FILE_NAME, ProvenCertificate

NATIONAL_NUMBER: Final = "nationalIdentityNumber"
RECORD_FILE_NAME: Final = "certificate.vc.json"
"""The signed record inside the PDF, without its salt: it tells no more than the page behind the QR code."""
RECORD_MEDIA_TYPE: Final = "application/vc"
SALT_MEDIA_TYPE: Final = "application/json"
"""Of the salt, in the full edition alone: whoever has it can tell by the record whether an ID number is the holder's,
and guess it in hours."""
SEAL_MISSING: Final = "SEAL_MISSING"
LOGO_MISSING: Final = "LOGO_MISSING"


class Studio(msgspec.Struct, frozen=True):
    """What drawing any certificate needs."""

    connection: Connection
    secrets: Secrets
    trusted_keys: TrustedKeys
    did: str
    signer: DocumentSigner
    actor: Actor
    images: ImageDirectory
    name_faces: NameFaces


async def open_studio(
    connection: Connection,
    secrets: Secrets,
    directory: KeyDirectory,
    actor: Actor,
    settings: Settings,
    open_signer: OpenSigner = open_document_signer,
) -> Studio:
    """Return a studio for the register's issuer; refuse before `keys init`, and without the key that signs PDFs."""
    issuer = await key_queries.find_issuer(connection)
    if issuer is None:
        raise UsageError("KEY_MISSING", "the issuer has no keys yet: run `verify-service keys init`")
    key_id = await keys.active_document_key(connection)
    signer = await asyncio.to_thread(open_signer, directory, key_id, settings.timestamp_url)
    return Studio(
        connection=connection,
        secrets=secrets,
        trusted_keys=await keys.trusted_keys(connection),
        did=issuer.did,
        signer=signer,
        actor=actor,
        images=ImageDirectory(settings),
        name_faces=load_name_faces(settings),
    )


async def find_certificate(studio: Studio, number: str) -> Standing:
    """Return a certificate by its number; refuse an unknown one."""
    standing = await credentials.find_by_number(studio.connection, number)
    if standing is None:
        raise UsageError("UNKNOWN_NUMBER", f"no certificate has the number {number}")
    return standing


async def draw(studio: Studio, standing: Standing, edition: Edition) -> DrawnCertificate:
    """Return the signed PDF of a certificate; raise `ServiceError` naming what makes it impossible to draw."""
    number = standing.certificate_number
    opened = await _open(studio, standing, edition)
    # A certificate that is older than the key was signed when the key was made, for all a reader can tell.
    claimed_at = max(opened.issued_at, studio.signer.not_before)
    try:
        room = SignatureField(claimed_at, studio.signer.max_bytes)
        # In a thread: beside a console's pages a drawing may take its time, not theirs.
        drawing = await asyncio.to_thread(render_certificate, opened.content, room, studio.name_faces)
        unsigned = UnsignedFile(drawing)
        data = unsigned.embed(await studio.signer.sign_digest(unsigned.digest))
    except (PdfError, TimeStampError) as error:
        raise ServiceError("NOT_DRAWN", f"{number} cannot be drawn: {error}") from None
    return DrawnCertificate(
        credential_id=standing.credential_id,
        file_name=file_name(opened.content.name, number),
        data=data,
        digest=hashlib.sha256(drawing).digest(),
        expected=opened.expected,
        status=standing.status,
        photo_ended=standing.photo_id is not None and opened.content.photo_jpeg is None,
    )


class _Opened(msgspec.Struct, frozen=True):
    """A certificate taken out of its seals."""

    content: CertificateContent
    expected: ExpectedPrint
    issued_at: datetime.datetime


async def _open(studio: Studio, standing: Standing, edition: Edition) -> _Opened:
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
    statement = _verified(studio, standing, record, qr)
    attachments = [Attachment(RECORD_FILE_NAME, RECORD_MEDIA_TYPE, record)]
    if edition is Edition.FULL:
        salt = cipher.open(sealed.sealed_salt, "credential:sealed_salt", row_id)
        attachments.append(Attachment(SALT_FILE_NAME, SALT_MEDIA_TYPE, format_salt(salt)))
    printed_id_number = id_number if edition is Edition.FULL else mask_id_number(id_number)
    content = CertificateContent(
        design=template.design,
        texts=template.paper(is_resident=statement.identity_type == NATIONAL_NUMBER),
        name=statement.name,
        sex=statement.sex,
        id_number=printed_id_number,
        certificate_number=statement.certificate_number,
        issued_on=date_in_shanghai(statement.valid_from),
        qr=qr_matrix(qr),
        photo_jpeg=next(iter(opened.values()), None),
        seal_png=_image(studio, template.seal, SEAL_MISSING),
        logo_png=_image(studio, template.logo, LOGO_MISSING),
        palette=template.palette,
        orientation=template.orientation,
        attachments=tuple(attachments),
    )
    return _Opened(content, _expected(content, statement, record, qr), statement.valid_from)


def _expected(
    content: CertificateContent, statement: CredentialStatement, record: bytes, qr_text: str
) -> ExpectedPrint:
    proven = ProvenCertificate(
        number=content.certificate_number,
        name=content.name,
        issued_on=content.issued_on,
        title=content.texts.title,
        sex=content.sex,
    )
    return ExpectedPrint(
        record=record,
        qr_text=qr_text,
        id_number=content.id_number,
        id_number_hash=statement.id_number_hash,
        proven=proven,
    )


def _verified(studio: Studio, standing: Standing, record: bytes, qr: str) -> CredentialStatement:
    """Nothing is drawn that its own signatures do not vouch for, and not two certificates as one."""
    number = standing.certificate_number
    try:
        statement = verify_record(record, studio.trusted_keys, studio.did)
        claims = verify_qr(qr, studio.trusted_keys, statement.public_url)
    except SigningError as error:
        raise ServiceError("NOT_DRAWN", f"{number} does not verify: {error}") from None
    told = (statement.certificate_number, claims.certificate_number, claims.name)
    if told != (number, number, statement.name):
        raise ServiceError("NOT_DRAWN", f"record and QR code of {number} are not of one certificate")
    return statement


def _image(studio: Studio, digest: str | None, code: str) -> bytes | None:
    """Return the image that a certificate was issued with: another seal, or none, would make it another paper."""
    if digest is None:
        return None
    try:
        return studio.images.find(bytes.fromhex(digest))
    except UsageError as error:
        raise ServiceError(code, error.message) from None
