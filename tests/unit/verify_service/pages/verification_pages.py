"""Every state of the pages about checking files and about keys."""

import datetime
from typing import Final, get_args, get_type_hints

import msgspec

from verify_service.pages.verification_views import KeysView, KeyView, MadeCheckView, UploadFormView, VerdictView
from verify_service.pages.views import CertificateView

UPLOAD_FORMS: Final = {
    "verify": UploadFormView(),
    "verify-no-file": UploadFormView("file"),
    "verify-no-text": UploadFormView("qr"),
}
FINGERPRINT: Final = " ".join(["0af9"] * 16)
SINCE: Final = datetime.date(2026, 1, 1)
KEYS: Final = KeysView(
    "https://verify.example.cn",
    "did:web:verify.example.cn",
    (
        KeyView("2026-c2", "credential", "active", SINCE, FINGERPRINT),
        KeyView("2026-c1", "credential", "retired", SINCE, FINGERPRINT),
        KeyView("2026-q1", "qr", "compromised", SINCE, FINGERPRINT),
        KeyView("2026-q2", "qr", "rotated", SINCE, FINGERPRINT),
        KeyView("2026-s1", "status", "active", SINCE, FINGERPRINT),
        KeyView("2026-l1", "log", "active", SINCE, FINGERPRINT),
        KeyView("2026-p1", "pdf", "active", SINCE, FINGERPRINT),
        KeyView("2026-r1", "receipt", "active", SINCE, FINGERPRINT),
        KeyView("2026-a1", "audit", "active", SINCE, FINGERPRINT),
    ),
)
PASSED: Final = tuple(
    MadeCheckView(name, "pass", "与签名记录一致。") for name in get_args(get_type_hints(MadeCheckView)["check"])
)


def verdicts(
    checked_at: datetime.datetime, valid: CertificateView, revoked: CertificateView, superseded: CertificateView
) -> dict[str, VerdictView]:
    """Return one verdict of each outcome, with and without a certificate where both occur."""
    proven = msgspec.structs.replace(valid, sex="女", id_number_masked="1****************4")
    from_qr = CertificateView("QMT20260001234", datetime.date(2026, 8, 6), name="林晓雯")
    failed = (MadeCheckView("text", "fail", "页面上的姓名与签名记录不同。"), *PASSED)
    unsure = (
        MadeCheckView("registry", "error", "登记系统暂时连接不上。"),
        MadeCheckView("log", "skipped", "尚未启用。"),
    )
    return {
        "verdict-valid": VerdictView("valid", checked_at, PASSED, proven),
        "verdict-revoked": VerdictView("revoked", checked_at, failed, revoked),
        "verdict-superseded": VerdictView("superseded", checked_at, failed, superseded),
        "verdict-not-found": VerdictView("not_found", checked_at, failed),
        "verdict-invalid": VerdictView("invalid", checked_at, failed, proven),
        "verdict-invalid-bare": VerdictView("invalid", checked_at, failed),
        "verdict-unverifiable": VerdictView("unverifiable", checked_at, unsure, from_qr),
    }
