"""A verdict as the page shows it."""

import datetime

from verify_service.clock import date_in_shanghai
from verify_service.pages.verification_views import MadeCheckView, VerdictView
from verify_service.pages.views import CertificateView
from verify_service.tables.rules.explanations import explain
from verify_service.translations import Language
from verify_service.verification.model import ProvenCertificate, Verdict


def verdict_view(verdict: Verdict, checked_at: datetime.datetime, language: Language) -> VerdictView:
    """Return the view of a verdict, with the sentence of each check in the language of the page."""
    return VerdictView(
        outcome=verdict.outcome,
        checked_at=checked_at,
        checks=made_checks(verdict, language),
        certificate=None if verdict.certificate is None else _certificate(verdict.certificate, verdict),
    )


def made_checks(verdict: Verdict, language: Language) -> tuple[MadeCheckView, ...]:
    """Return each check with its sentence."""
    return tuple(
        MadeCheckView(made.check, made.outcome, explain(made.detail, about=made.check, language=language))
        for made in verdict.checks
    )


def _certificate(proven: ProvenCertificate, verdict: Verdict) -> CertificateView:
    since = proven.status_since
    return CertificateView(
        kind=proven.kind,
        title=proven.title,
        number=proven.number,
        name=proven.name,
        sex=proven.sex,
        id_number_masked=proven.id_number_masked,
        issued_on=proven.issued_on,
        issuer=proven.issuer,
        status=verdict.outcome if verdict.outcome in ("valid", "revoked", "superseded") else None,
        status_since=None if since is None else date_in_shanghai(since),
        status_reason=proven.status_reason,
        superseded_by=proven.superseded_by,
    )
