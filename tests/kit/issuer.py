"""An issuer whose private keys everybody knows, for artefacts that no register has."""

import datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from signing import (
    Ed25519Signer,
    KeyId,
    KeyPurpose,
    PublicKey,
    QrClaims,
    StatusList,
    did_document,
    did_from_url,
    format_qr_text,
    jwks,
    qr_structure,
    sign_qr,
    sign_status_list,
)
from tests.kit.programs import Keys

PUBLIC_URL: Final = "https://rz.example.cn"
DID: Final = did_from_url(PUBLIC_URL)
COSE_KID: Final = 258
SIGNED_AT: Final = datetime.datetime(2026, 11, 23, 2, tzinfo=datetime.UTC)


def signer(key_id: str, seed: int) -> Ed25519Signer:
    """Return the signer of a key that is known by a number."""
    return Ed25519Signer(Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32), KeyId(key_id))


CREDENTIAL, QR, STATUS = signer("2026-c1", 1), signer("2026-q1", 2), signer("2026-s1", 3)


def published_keys(*, cose_kid: int = COSE_KID) -> Keys:
    """Return the issuer's did.json and jwks.json."""
    keys = (
        PublicKey(CREDENTIAL.key_id, KeyPurpose.CREDENTIAL, CREDENTIAL.public_key),
        PublicKey(QR.key_id, KeyPurpose.QR, QR.public_key, cose_kid),
        PublicKey(STATUS.key_id, KeyPurpose.STATUS, STATUS.public_key),
    )
    return Keys(did_document(DID, keys).decode(), jwks(keys).decode())


def qr_text(status_index: int, *, name: str = "林晓雯", by: Ed25519Signer = QR) -> str:
    """Return the text of a QR code whose certificate has this place in the status lists."""
    claims = QrClaims(
        issued_at=int(SIGNED_AT.timestamp()),
        token=bytes(range(10)),
        kind_code=1,
        name=name,
        certificate_number="QMT20260001234",
        status_index=status_index,
    )
    return format_qr_text(PUBLIC_URL, sign_qr(qr_structure(claims, COSE_KID), by))


def status_list(purpose: str, *positions: int, number: int = 0, signed_at: datetime.datetime = SIGNED_AT) -> str:
    """Return a signed list with these positions set, good for a day."""
    bits = bytearray(16_384)
    for position in positions:
        bits[position >> 3] |= 0x80 >> (position & 7)
    listed = StatusList(
        public_url=PUBLIC_URL,
        issuer_did=DID,
        purpose=purpose,
        number=number,
        valid_from=signed_at,
        valid_until=signed_at + datetime.timedelta(hours=24),
        bits=bytes(bits),
    )
    return sign_status_list(listed, STATUS).decode()
