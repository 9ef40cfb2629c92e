"""One statement, its claims and its keys. The private keys are those of RFC 8032 §7.1: public, and only for tests."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from signing import (
    CredentialStatement,
    Ed25519Signer,
    KeyId,
    KeyPurpose,
    PublicKey,
    QrClaims,
    StatusList,
    TrustedKeys,
    badge_from_record,
    build_document,
    format_qr_text,
    identity_hash,
    photo_value,
    qr_structure,
    sign_badge,
    sign_qr,
    sign_record,
    unsigned_record,
)
from tests.json_ld import CONTEXTS

TESTS = Path(__file__).parents[2]
PUBLIC_URL = "https://rz.example.cn"
DID = "did:web:rz.example.cn"
ISSUED_AT = datetime(2026, 11, 23, 2, 0, 0, tzinfo=UTC)
SALT = bytes(range(16))
COSE_KID = 1


@pytest.fixture(scope="session")
def contexts() -> dict[str, Any]:
    return CONTEXTS


@pytest.fixture(scope="session")
def vector() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((TESTS / "vectors" / "certificate.json").read_text())
    return loaded


@pytest.fixture(scope="session")
def credential_signer() -> Ed25519Signer:
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    return Ed25519Signer(Ed25519PrivateKey.from_private_bytes(seed), KeyId("2026-c1"))


@pytest.fixture(scope="session")
def qr_signer() -> Ed25519Signer:
    seed = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    return Ed25519Signer(Ed25519PrivateKey.from_private_bytes(seed), KeyId("2026-q1"))


@pytest.fixture(scope="session")
def credential_key(credential_signer: Ed25519Signer) -> PublicKey:
    return PublicKey(credential_signer.key_id, KeyPurpose.CREDENTIAL, credential_signer.public_key)


@pytest.fixture(scope="session")
def qr_key(qr_signer: Ed25519Signer) -> PublicKey:
    return PublicKey(qr_signer.key_id, KeyPurpose.QR, qr_signer.public_key, COSE_KID)


@pytest.fixture(scope="session")
def status_signer() -> Ed25519Signer:
    seed = bytes.fromhex("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7")
    return Ed25519Signer(Ed25519PrivateKey.from_private_bytes(seed), KeyId("2026-s1"))


@pytest.fixture(scope="session")
def status_key(status_signer: Ed25519Signer) -> PublicKey:
    return PublicKey(status_signer.key_id, KeyPurpose.STATUS, status_signer.public_key)


@pytest.fixture(scope="session")
def status_list() -> StatusList:
    bits = bytearray(16_384)
    for position in (0, 94_567, 131_071):
        bits[position // 8] |= 0x80 >> position % 8
    return StatusList(
        public_url=PUBLIC_URL,
        issuer_did=DID,
        purpose="revocation",
        number=0,
        valid_from=ISSUED_AT,
        valid_until=ISSUED_AT + timedelta(hours=24),
        bits=bytes(bits),
    )


@pytest.fixture(scope="session")
def trusted_keys(credential_key: PublicKey, qr_key: PublicKey) -> TrustedKeys:
    return TrustedKeys([credential_key, qr_key])


@pytest.fixture(scope="session")
def statement() -> CredentialStatement:
    return CredentialStatement(
        public_url=PUBLIC_URL,
        token="04HMASW9NF6YY000",
        issuer_did=DID,
        issuer_name="国家广播电视总局广播影视人才交流中心",
        certificate_number="QMT20260001234",
        kind="omnimedia_operator",
        title="全媒体运营师岗位合格证书",
        description="全媒体运营师岗位培训考试合格",
        criteria="完成规定培训并通过考试",
        valid_from=ISSUED_AT,
        name="𠮷野·𬱖",
        sex="女",
        identity_type="nationalIdentityNumber",
        id_number_hash=identity_hash("11010519491231002X", SALT),
        photo_hash=identity_hash(photo_value(b"not really a JPEG"), SALT),
        template_digest=bytes(range(32)),
        status_list=0,
        status_index=94567,
    )


@pytest.fixture(scope="session")
def claims() -> QrClaims:
    return QrClaims(
        issued_at=int(ISSUED_AT.timestamp()),
        token=bytes.fromhex("0123456789abcdef0000"),
        kind_code=1,
        name="𠮷野·𬱖",
        certificate_number="QMT20260001234",
        status_index=94567,
    )


@pytest.fixture(scope="session")
def unsigned(statement: CredentialStatement, credential_signer: Ed25519Signer) -> bytes:
    return unsigned_record(build_document(statement), DID, credential_signer.key_id, ISSUED_AT)


@pytest.fixture(scope="session")
def record(unsigned: bytes, credential_signer: Ed25519Signer) -> bytes:
    return sign_record(unsigned, credential_signer)


@pytest.fixture(scope="session")
def badge(record: bytes, credential_signer: Ed25519Signer) -> bytes:
    return badge_from_record(record, sign_badge(record, credential_signer))


@pytest.fixture(scope="session")
def qr_text(claims: QrClaims, qr_signer: Ed25519Signer) -> str:
    return format_qr_text(PUBLIC_URL, sign_qr(qr_structure(claims, COSE_KID), qr_signer))
