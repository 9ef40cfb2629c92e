"""Certificates made by hand, without a register: an issuer, its records, QR codes, status lists and PDFs."""

import asyncio
import datetime
import io
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

import msgspec
import segno
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, derive_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image

from pdf import Attachment, CertificateContent, CertificateTexts, SignatureField, UnsignedFile, render_certificate
from signing import (
    STATUS_LIST_ENTRIES,
    CredentialStatement,
    DocumentCertificates,
    DocumentKey,
    Ed25519Signer,
    KeyId,
    KeyPurpose,
    PublicKey,
    QrClaims,
    StatusList,
    TrustedKeys,
    build_document,
    did_from_url,
    encode_point,
    format_qr_text,
    format_salt,
    identity_hash,
    parse_certificates,
    parse_key_id,
    parse_token,
    qr_matrix,
    qr_structure,
    self_signed_certificate,
    sign_qr,
    sign_record,
    sign_status_list,
    unsigned_record,
)
from signing.pades import PadesSigner
from verify_service.errors import UnavailableError
from verify_service.verification.model import SALT_FILE_NAME, Issuer, PresentStatus, RegisteredCertificate
from verify_service.verification.service.authority import NotAskedError

URL: Final = "https://rz.example.cn"
DID: Final = did_from_url(URL)
ISSUED_AT: Final = datetime.datetime(2026, 11, 23, 2, 0, tzinfo=datetime.UTC)
TOKEN: Final = "7H3K9QWXYZ2M4P6R"
ID_NUMBER: Final = "11010519491231002X"
MASKED: Final = "1****************X"
RECORD_NAME: Final = "certificate.vc.json"
SALT: Final = bytes(16)
TEXTS: Final = CertificateTexts(
    issuer="示例培训中心",
    title="全媒体运营师岗位合格证书",
    title_english="CERTIFICATE OF COMPLETION",
    subtitle_english="Omnimedia Operator Training Programme",
    statement="完成规定培训并通过考试，准予颁发本证书。",
    statement_english="The holder has completed the training and passed the exam.",
    unit="示例培训中心",
    lookup_hint="可凭姓名、身份号码、手机号中任意两项核验。",
    lookup_hint_english="Verify online with any two of name, ID number and phone.",
    scan_hint="扫码查验真伪",
    scan_hint_english="Scan to verify",
)
STATEMENT: Final = CredentialStatement(
    public_url=URL,
    token=TOKEN,
    issuer_did=DID,
    issuer_name="示例培训中心",
    certificate_number="QMT20260001234",
    kind="omnimedia_operator",
    title=TEXTS.title,
    description="说明",
    criteria="标准",
    valid_from=ISSUED_AT,
    name="欧阳堃喆",
    sex="女",
    identity_type="nationalIdentityNumber",
    id_number_hash=identity_hash(ID_NUMBER, SALT),
    photo_hash=None,
    template_digest=bytes(32),
    status_list=0,
    status_index=94567,
)


def signer(key_id: str, seed: int = 0) -> Ed25519Signer:
    """Return the signer of a key id; another seed is another key."""
    private_key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) + key_id.encode().ljust(31))
    return Ed25519Signer(private_key, KeyId(key_id))


def public_key(key_id: str) -> PublicKey:
    """Return the public half of `signer(key_id)`."""
    purpose = parse_key_id(key_id).purpose
    cose_kid = int(key_id[-1]) if purpose is KeyPurpose.QR else None
    return PublicKey(KeyId(key_id), purpose, signer(key_id).public_key, cose_kid)


DOCUMENT_KEY: Final = derive_private_key(1 + int.from_bytes(b"the key of tests that signs PDFs"), SECP256R1())
ISSUER: Final = Issuer(
    DID,
    (URL,),
    TrustedKeys(public_key(f"2026-{letter}1") for letter in "cqs"),
    document_keys=(DocumentKey(KeyId("2026-p1"), encode_point(DOCUMENT_KEY.public_key())),),
)


def record(key_id: str = "2026-c1", *, seed: int = 0, **changes: Any) -> bytes:  # noqa: ANN401  # any field's
    """Return the record of a statement like `STATEMENT`."""
    statement = msgspec.structs.replace(STATEMENT, **changes)
    unsigned = unsigned_record(build_document(statement), statement.issuer_did, KeyId(key_id), ISSUED_AT)
    return sign_record(unsigned, signer(key_id, seed))


def qr_text(*, seed: int = 0, public_url: str = URL, **changes: Any) -> str:  # noqa: ANN401  # any claim
    """Return the text of the QR code of `STATEMENT`, with other claims as named."""
    claims: dict[str, Any] = {
        "issued_at": int(ISSUED_AT.timestamp()),
        "token": parse_token(TOKEN),
        "kind_code": 1,
        "name": STATEMENT.name,
        "certificate_number": STATEMENT.certificate_number,
        "status_index": STATEMENT.status_list * STATUS_LIST_ENTRIES + STATEMENT.status_index,
    }
    structure = qr_structure(QrClaims(**{**claims, **changes}), 1)
    return format_qr_text(public_url, sign_qr(structure, signer("2026-q1", seed)))


def status_lists(
    *purposes_set: str, at: datetime.datetime = ISSUED_AT, number: int = 0, seed: int = 0
) -> tuple[bytes, bytes]:
    """Return both lists of a number, valid for a day, with the bit of `STATEMENT` set in those named."""

    def sign(purpose: str) -> bytes:
        bits = bytearray(STATUS_LIST_ENTRIES // 8)
        if purpose in purposes_set:
            bits[STATEMENT.status_index // 8] = 0x80 >> STATEMENT.status_index % 8
        status_list = StatusList(
            public_url=URL,
            issuer_did=DID,
            purpose=purpose,
            number=number,
            valid_from=at,
            valid_until=at + datetime.timedelta(days=1),
            bits=bytes(bits),
        )
        return sign_status_list(status_list, signer("2026-s1", seed))

    return sign("revocation"), sign("refresh")


def attached(*, record_bytes: bytes | None = None, salt: bytes | None = None) -> tuple[Attachment, ...]:
    """Return what is attached to a PDF: a record, and the file with its salt, in the full edition."""
    files = ((RECORD_NAME, "application/vc", record_bytes), (SALT_FILE_NAME, "application/json", salt))
    return tuple(Attachment(name, kind, data) for name, kind, data in files if data is not None)


def pdf_content(**changes: Any) -> CertificateContent:  # noqa: ANN401  # any field's
    """Return what the PDF of `STATEMENT` is drawn from, in the full edition: record and salt attached."""
    fields: dict[str, Any] = {
        "design": STATEMENT.kind,
        "texts": TEXTS,
        "name": STATEMENT.name,
        "sex": STATEMENT.sex,
        "id_number": ID_NUMBER,
        "certificate_number": STATEMENT.certificate_number,
        "issued_on": datetime.date(2026, 11, 23),
        "qr": qr_matrix(qr_text()),
        "attachments": attached(record_bytes=record(), salt=format_salt(SALT)),
    }
    return CertificateContent(**{**fields, **changes})


def pdf(**changes: Any) -> bytes:  # noqa: ANN401  # any field's
    """Return the PDF of `STATEMENT`, drawn with changes."""
    return render_certificate(pdf_content(**changes))


@cache
def certificates_of(private_key: EllipticCurvePrivateKey) -> DocumentCertificates:
    """Return a certificate of the key, the same at each call."""
    return parse_certificates(self_signed_certificate(private_key, STATEMENT.issuer_name, ISSUED_AT.date()))


def signed_pdf(private_key: EllipticCurvePrivateKey = DOCUMENT_KEY, **changes: Any) -> bytes:  # noqa: ANN401  # any field's
    """Return the PDF of `STATEMENT`, signed."""
    signer_of_files = PadesSigner(private_key, certificates_of(private_key))
    field = SignatureField(claimed_at=ISSUED_AT, max_bytes=signer_of_files.max_bytes)
    unsigned = UnsignedFile(render_certificate(pdf_content(**changes), field))
    return unsigned.embed(asyncio.run(signer_of_files.sign_digest(unsigned.digest)))


def qr_picture(text: str, *, scale: int = 4, format: str = "PNG") -> bytes:  # noqa: A002  # Pillow's word
    """Return a picture of a QR code, with its quiet zone."""
    symbol = io.BytesIO()
    segno.make_qr(text, error="m", boost_error=False).save(symbol, kind="png", scale=scale, border=4)
    picture = io.BytesIO()
    Image.open(symbol).convert("RGB").save(picture, format)
    return picture.getvalue()


def registered(status: str = "valid", **changes: Any) -> RegisteredCertificate:  # noqa: ANN401  # any field's
    """Return what the register has of `STATEMENT`."""
    fields: dict[str, Any] = {
        "record": record(),
        "kind": STATEMENT.kind,
        "kind_code": 1,
        "certificate_number": STATEMENT.certificate_number,
        "id_number_masked": MASKED,
        "status": status,
        "status_since": None,
        "status_reason": None,
        "superseded_by": None,
    }
    return RegisteredCertificate(**{**fields, **changes})


class FakeAuthority:
    """An authority that says what it is told to: a certificate, None, or an error that it raises."""

    def __init__(
        self,
        found: RegisteredCertificate | Exception | None = None,
        lists: tuple[bytes, ...] | Exception | None = None,
        issuer: Issuer = ISSUER,
    ) -> None:
        self.issuer = issuer
        self.asked: list[str] = []
        self._found = found
        self._lists = NotAskedError() if lists is None else lists

    async def find(self, token: str) -> RegisteredCertificate | None:
        self.asked.append(token)
        if isinstance(self._found, Exception):
            raise self._found
        return self._found

    async def standing(self, numbers: Sequence[str]) -> Mapping[str, PresentStatus]:  # noqa: ARG002
        """Refuse, as a site does."""
        raise NotAskedError

    async def status_lists(self, status_list: int, *, is_register_reached: bool) -> tuple[bytes, ...]:  # noqa: ARG002
        if isinstance(self._lists, Exception):
            raise self._lists
        return self._lists


UNREACHABLE: Final = UnavailableError("TEST", "the test's register cannot be reached")
