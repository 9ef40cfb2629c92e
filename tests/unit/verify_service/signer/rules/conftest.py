"""An intent as the register holds it, with the bytes that say the same."""

import datetime
import hashlib
from uuid import UUID

import msgspec
import pytest

from signing import (
    STATUS_LIST_ENTRIES,
    CredentialStatement,
    KeyId,
    QrClaims,
    build_document,
    format_certificate_number,
    format_token,
    identity_hash,
    qr_structure,
    unsigned_record,
)
from verify_service.signer.model import Consent, Intent, Origin

COSE_KID = 7
NUMBER = format_certificate_number("QMT", 2026, 1)
INSTANT = datetime.datetime(2026, 11, 23, 2, 0, 0, tzinfo=datetime.UTC)
ORIGIN = Origin("did:web:rz.example.cn", frozenset({"https://rz.example.cn", "https://old.example.cn"}))
INTENT = Intent(
    credential_id=UUID(int=1),
    subject_id=UUID(int=2),
    cohort_id=UUID(int=3),
    supersedes=None,
    superseded_number=None,
    approval_id=UUID(int=4),
    certificate_number=NUMBER,
    token=bytes(range(10)),
    kind="omnimedia_operator",
    kind_code=1,
    status_list=2,
    status_index=77,
    template_digest=hashlib.sha256(b"template").digest(),
    issued_at=INSTANT,
    credential_key_id="2026-c1",
    qr_key_id="2026-q1",
    sealed_document=b"",
    sealed_qr_structure=b"",
    kek_id="field-1",
    wrapped=b"",
)
CONSENT = Consent(
    action="issue",
    given_by="operator",
    actor="ann",
    second_actor=None,
    object_type="cohort",
    object_id=str(INTENT.cohort_id),
    recorded_by="verify_service_operator",
    proposed=False,
)
STATEMENT = CredentialStatement(
    public_url="https://rz.example.cn",
    token=format_token(INTENT.token),
    issuer_did=ORIGIN.did,
    issuer_name="样例培训中心",
    certificate_number=NUMBER,
    kind=INTENT.kind,
    title="样例证书",
    description="说明",
    criteria="标准",
    valid_from=INSTANT,
    name="林样例",
    sex="女",
    identity_type="nationalIdentityNumber",
    id_number_hash=identity_hash("11000119900101960X", bytes(16)),
    photo_hash=None,
    template_digest=INTENT.template_digest,
    status_list=INTENT.status_list,
    status_index=INTENT.status_index,
)
CLAIMS = QrClaims(
    issued_at=int(INSTANT.timestamp()),
    token=INTENT.token,
    kind_code=1,
    name=STATEMENT.name,
    certificate_number=NUMBER,
    status_index=2 * STATUS_LIST_ENTRIES + 77,
)


@pytest.fixture
def document() -> bytes:
    return document_of()


@pytest.fixture
def structure() -> bytes:
    return qr_structure(CLAIMS, COSE_KID)


def document_of(
    *, did: str = ORIGIN.did, key_id: str = "2026-c1", proved_at: datetime.datetime = INSTANT, **changes: object
) -> bytes:
    """Return the bytes to be signed of the statement with some fields changed."""
    statement = msgspec.structs.replace(STATEMENT, **changes)
    return unsigned_record(build_document(statement), did, KeyId(key_id), proved_at)
