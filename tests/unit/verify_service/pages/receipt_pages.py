"""Every state of the pages about receipts."""

import datetime
from typing import Final

from tests.unit.verify_service.pages.verification_pages import PASSED
from verify_service.pages.verification_views import (
    AskedFactView,
    MadeCheckView,
    ReceiptVerdictView,
    ReceiptView,
    StandingView,
    StatedCertificateView,
)

SINCE: Final = datetime.date(2026, 11, 20)
FAILED: Final = (MadeCheckView("pdfSignature", "fail", "出具后被改动过。"),)
UNSURE: Final = (MadeCheckView("pdfSignature", "error", "这是复制件。"),)
FACTS: Final = (
    AskedFactView("name", "林**雯"),
    AskedFactView("idNumber", "1****************4"),
    AskedFactView("phone", "1*********4"),
)
VALID: Final = StandingView("valid")
STANDINGS: Final = (
    VALID,
    StandingView("revoked", SINCE, "withdrawn"),
    StandingView("superseded", SINCE, superseded_by="QMT20260001235"),
    StandingView("not_found"),
)


def receipt_verdicts(checked_at: datetime.datetime) -> dict[str, ReceiptVerdictView]:
    """Return one verdict of each outcome, and of each thing that a receipt may say."""

    def genuine(
        *now: StandingView | None, asked: tuple[AskedFactView, ...] = FACTS, known: bool = True
    ) -> ReceiptVerdictView:
        certificates = tuple(
            StatedCertificateView("全媒体运营师岗位合格证书", "QMT20260001234", "林**雯", VALID, present)
            for present in now
        )
        fresh_until = checked_at + datetime.timedelta(days=1)
        said = ReceiptView("R20261123-7H3K9QWXYZ", checked_at, fresh_until, asked, certificates, known, "/")
        return ReceiptVerdictView("valid", checked_at, PASSED, said)

    return {
        "receipt-genuine": genuine(*STANDINGS),
        "receipt-genuine-unknown": genuine(None, asked=(AskedFactView("token", "7**************R"),), known=False),
        "receipt-genuine-nothing": genuine(),
        "receipt-altered": ReceiptVerdictView("invalid", checked_at, FAILED, None),
        "receipt-copy": ReceiptVerdictView("unverifiable", checked_at, UNSURE, None),
    }
