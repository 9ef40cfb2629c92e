"""A verdict on a receipt as the page shows it."""

import datetime
from urllib.parse import urlsplit

import msgspec

from verify_service.clock import date_in_shanghai
from verify_service.pages.verification_views import (
    AskedFactView,
    ReceiptVerdictView,
    ReceiptView,
    StandingView,
    StatedCertificateView,
)
from verify_service.receipts.model import Asked, StatedCertificate
from verify_service.translations import Language
from verify_service.verification.model import PresentStatus, ProvenReceipt, Verdict
from verify_service.verification.routes.verdicts import made_checks


def receipt_verdict_view(verdict: Verdict, checked_at: datetime.datetime, language: Language) -> ReceiptVerdictView:
    """Return the view of a verdict on a receipt."""
    assert verdict.outcome in ("valid", "invalid", "unverifiable")  # noqa: S101  # of receipts, no others
    proven = None if verdict.receipt is msgspec.UNSET else verdict.receipt
    return ReceiptVerdictView(
        outcome=verdict.outcome,
        checked_at=checked_at,
        checks=made_checks(verdict, language),
        receipt=None if proven is None else _receipt(proven),
    )


def _receipt(proven: ProvenReceipt) -> ReceiptView:
    states, now = proven.states, proven.now
    standing = (None,) * len(states.certificates) if now is None else now
    return ReceiptView(
        number=states.number,
        checked_at=states.checked_at,
        fresh_until=states.fresh_until,
        asked=_asked(states.asked),
        certificates=tuple(
            _certificate(then, present) for then, present in zip(states.certificates, standing, strict=True)
        ),
        is_now_known=now is not None,
        recheck_path=urlsplit(states.recheck).path,
    )


def _asked(asked: Asked) -> tuple[AskedFactView, ...]:
    facts = (
        AskedFactView("name", asked.name or ""),
        AskedFactView("idNumber", asked.id_number or ""),
        AskedFactView("phone", asked.phone or ""),
        AskedFactView("token", asked.token or ""),
    )
    return tuple(fact for fact in facts if fact.value)


def _certificate(then: StatedCertificate, now: PresentStatus | None) -> StatedCertificateView:
    return StatedCertificateView(
        title=then.title,
        number=then.number,
        holder=then.holder,
        then=StandingView(then.status, then.status_since, then.status_reason, then.superseded_by),
        now=None if now is None else _present(now),
    )


def _present(now: PresentStatus) -> StandingView:
    since = None if now.status_since is None else date_in_shanghai(now.status_since)
    return StandingView(now.status or "not_found", since, now.status_reason, now.superseded_by)
