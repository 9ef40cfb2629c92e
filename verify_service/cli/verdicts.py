"""Verdicts for people: the outcome, why, every check, and the data to compare with the paper."""

from collections.abc import Iterator, Sequence

import click
import msgspec

from verify_service.cli.artefact_files import is_qr_text
from verify_service.cli.printing import print_table
from verify_service.receipts.model import Receipt
from verify_service.tables.rules.explanations import explain
from verify_service.translations import Language, catalogue
from verify_service.verification.model import Check, ProvenCertificate, ProvenReceipt, Verdict


class VerdictPrinter:
    """Prints verdicts in one language."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._words = catalogue(language, "verdicts")
        self._pages = catalogue(language, "pages")

    def print_all(self, artefacts: Sequence[str], verdicts: Sequence[Verdict]) -> None:
        """Print each verdict; several under the names of their files, but never under a text, which holds a name."""
        for number, (artefact, verdict) in enumerate(zip(artefacts, verdicts, strict=True), start=1):
            if len(verdicts) > 1:
                click.echo(f"{number}. {self._words['qrText'] if is_qr_text(artefact) else artefact}")
            self.print_one(verdict)

    def print_one(self, verdict: Verdict) -> None:
        """Print one verdict."""
        is_receipt = verdict.receipt is not msgspec.UNSET
        word = f"receipt.{verdict.outcome}" if is_receipt else verdict.outcome
        click.echo(click.style(self._words[word], bold=True))
        if verdict.outcome != "valid":
            decisive = next((made for made in verdict.checks if made.outcome in {"fail", "error"}), None)
            click.echo(self._sentence(decisive) if decisive else self._words["nothingShown"])
        elif any(made.detail == "NOT_ASKED" for made in verdict.checks):
            click.echo(self._words["notAsked"])
        headings = [self._words[word] for word in ("check", "result", "detail")]
        print_table(headings, [self._line(made) for made in verdict.checks])
        if verdict.certificate is not None:
            click.echo(self._words["compare"])
            print_table([self._words[word] for word in ("field", "value")], list(self._fields(verdict.certificate)))
        if isinstance(verdict.receipt, ProvenReceipt):
            click.echo(self._words["receipt.said"])
            headings = [self._words[word] for word in ("field", "value")]
            print_table(headings, list(self._said(verdict.receipt.states)))

    def _line(self, made: Check) -> tuple[str, str, str]:
        return self._words[made.check], self._words[made.outcome], self._sentence(made)

    def _sentence(self, made: Check) -> str:
        return explain(made.detail, about=made.check, language=self._language)

    def _said(self, receipt: Receipt) -> Iterator[tuple[str, str]]:
        asked = receipt.asked
        facts = {"name": asked.name, "idNumber": asked.id_number, "phone": asked.phone, "qrText": asked.token}
        yield self._words["receipt.number"], receipt.number
        yield self._words["receipt.checkedAt"], f"{receipt.checked_at:%Y-%m-%d %H:%M:%SZ}"
        yield self._words["receipt.freshUntil"], f"{receipt.fresh_until:%Y-%m-%d %H:%M:%SZ}"
        yield from ((self._words[field], value) for field, value in facts.items() if value)
        for certificate in receipt.certificates:
            yield self._words["number"], f"{certificate.number} {self._words[certificate.status]}"
        if not receipt.certificates:
            yield self._words["result"], self._words["not_found"]
        yield self._words["receipt.recheck"], receipt.recheck

    def _fields(self, certificate: ProvenCertificate) -> Iterator[tuple[str, str]]:
        values = {
            "title": certificate.title,
            "name": certificate.name,
            "sex": certificate.sex,
            "idNumber": certificate.id_number_masked,
            "number": certificate.number,
            "issuedOn": certificate.issued_on.isoformat(),
            "issuer": certificate.issuer,
            "statusSince": certificate.status_since and f"{certificate.status_since:%Y-%m-%d}",
            "statusReason": certificate.status_reason and self._pages[f"reason.{certificate.status_reason}"],
            "supersededBy": certificate.superseded_by,
        }
        yield from ((self._words[field], value) for field, value in values.items() if value)
