"""Receipts made by hand, without a site: an answer of each kind, and the key that signs them."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, derive_private_key

from signing import DocumentKey, KeyId, encode_point
from tests.artefacts import DID, ISSUED_AT, ISSUER, TOKEN, URL, certificates_of
from verify_service.receipts.model import FORM, FRESH, Asked, Receipt, StatedCertificate, StatedIssuer
from verify_service.receipts.service import draw_receipt
from verify_service.trust import ReceiptKey

RECEIPT_KEY: Final = derive_private_key(1 + int.from_bytes(b"the key tests sign receipts with"), SECP256R1())
OTHER_KEY: Final = derive_private_key(1 + int.from_bytes(b"a key that nobody registered"), SECP256R1())
RECEIPT_ISSUER: Final = msgspec.structs.replace(
    ISSUER, receipt_keys=(DocumentKey(KeyId("2026-r1"), encode_point(RECEIPT_KEY.public_key())),)
)
SINCE: Final = datetime.date(2026, 11, 22)
VALID: Final = StatedCertificate("网络视听主播岗位合格证书", "QHZ2026000001X", datetime.date(2026, 11, 20), "valid")
REVOKED: Final = msgspec.structs.replace(VALID, status="revoked", status_since=SINCE, status_reason="key_compromise")
SUPERSEDED: Final = msgspec.structs.replace(
    VALID, number="QMT2026000002M", status="superseded", status_since=SINCE, superseded_by="QMT2026000003K"
)
FACTS: Final = Asked("facts", name="迪**逊", id_number="1****************X", phone="1*********4")
CODE: Final = Asked("qrCode", token="7**************R")


def receipt(*certificates: StatedCertificate, **changes: Any) -> Receipt:  # noqa: ANN401  # any field's
    """Return the receipt of an answer with these certificates."""
    fields: dict[str, Any] = {
        "form": FORM,
        "number": "R20261123-7H3K9QWXYZ",
        "issuer": StatedIssuer(DID, "示例培训中心", "Sample Training Centre"),
        "asked": FACTS,
        "outcome": "found" if certificates else "not_found",
        "certificates": certificates,
        "checked_at": ISSUED_AT,
        "fresh_until": ISSUED_AT + FRESH,
        "recheck": f"{URL}/",
    }
    return Receipt(**{**fields, **changes})


ANSWERS: Final = {
    "valid": receipt(VALID),
    "revoked": receipt(REVOKED),
    "superseded": receipt(msgspec.structs.replace(SUPERSEDED, holder="𠮷**禾"), asked=CODE, recheck=f"{URL}/v/{TOKEN}"),
    "not_found": receipt(),
    "not_found-code": receipt(asked=Asked("qrCode")),
    "several": receipt(*(VALID, REVOKED, SUPERSEDED) * 3),
}


def receipt_key(private_key: EllipticCurvePrivateKey = RECEIPT_KEY, key_id: str = "2026-r1") -> ReceiptKey:
    """Return a key that signs receipts."""
    return ReceiptKey(KeyId(key_id), private_key, certificates_of(private_key))


def receipt_pdf(stated: Receipt = ANSWERS["valid"], key: ReceiptKey | None = None) -> bytes:
    """Return the signed page of a receipt."""
    with ThreadPoolExecutor(1) as apart:  # as on the site: signing needs an event loop of its own
        return apart.submit(draw_receipt, stated, key or receipt_key()).result()
