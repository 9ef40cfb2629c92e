"""The words of a receipt. Those of a form never change: a page that was drawn once is compared with them for ever."""

import datetime
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from pdf import MOST_ROWS, Attachment, Fact, ReceiptContent, StatedRow, Tone, Words
from signing import qr_matrix
from verify_service.clock import SHANGHAI, date_in_shanghai
from verify_service.receipts.model import FILE_NAME, FORM, MEDIA_TYPE, Receipt, StatedCertificate
from verify_service.receipts.rules.statements import write_receipt
from verify_service.translations import Language, catalogue

TOPIC: Final = f"receipt-{FORM}"
_ASKED: Final = ("name", "idNumber", "phone", "token")


def compose_content(receipt: Receipt) -> ReceiptContent:
    """Return what the page of a receipt shows. Its form must be `FORM`."""
    tone, host = _tone(receipt), urlsplit(receipt.recheck).netloc
    return ReceiptContent(
        issuer=Words(receipt.issuer.name, receipt.issuer.name_english),
        heading=_words("heading"),
        caution=_words("caution"),
        tone=tone,
        state=_words(f"state.{tone}", count=len(receipt.certificates)),
        sentence=_words(f"sentence.{_sentence(receipt, tone)}"),
        asked_heading=_words("asked"),
        asked=tuple(_asked(receipt)),
        answered_heading=_words("answered"),
        columns=(_words("column.title"), _words("column.issuedOn"), _words("column.status"), _words("column.details")),
        rows=tuple(_row(certificate) for certificate in receipt.certificates[:MOST_ROWS]),
        remarks=tuple(_remarks(receipt)),
        blank=_words("blank"),
        facts=(
            Fact(_words("checkedAt"), f"{_instant(receipt.checked_at)}（UTC+8）"),
            Fact(_words("freshUntil"), f"{_instant(receipt.fresh_until)}（UTC+8）"),
            Fact(_words("number"), receipt.number),
        ),
        notes=(
            _words("note.fresh"),
            _words(f"note.recheck.{receipt.asked.by}", host=host),
            _words("note.genuine", host=host),
        ),
        qr=qr_matrix(receipt.recheck),
        scan_hint=_words("scan"),
        number=receipt.number,
        day=date_in_shanghai(receipt.checked_at),
        attachments=(Attachment(FILE_NAME, MEDIA_TYPE, write_receipt(receipt)),),
    )


def _tone(receipt: Receipt) -> Tone:
    if not receipt.certificates:
        return Tone.NOT_FOUND
    return Tone(receipt.certificates[0].status) if len(receipt.certificates) == 1 else Tone.SEVERAL


def _sentence(receipt: Receipt, tone: Tone) -> str:
    return f"{tone}.{receipt.asked.by}" if tone is Tone.NOT_FOUND else tone


def _asked(receipt: Receipt) -> Iterator[Fact]:
    asked = receipt.asked
    values = dict(zip(_ASKED, (asked.name, asked.id_number, asked.phone, asked.token), strict=True))
    yield from (Fact(_words(f"asked.{name}"), value) for name, value in values.items() if value is not None)
    if receipt.is_of_a_code and asked.token is None:
        yield Fact(_words("asked.token"), _words("asked.noToken").chinese)
    yield from (
        Fact(_words("asked.holder"), certificate.holder)
        for certificate in receipt.certificates
        if certificate.holder is not None
    )


def _row(certificate: StatedCertificate) -> StatedRow:
    return StatedRow(
        title=certificate.title,
        number=certificate.number,
        issued_on=certificate.issued_on.isoformat(),
        tone=Tone(certificate.status),
        status=_words(f"status.{certificate.status}"),
        details=tuple(_details(certificate)),
    )


def _details(certificate: StatedCertificate) -> Iterator[str]:
    if certificate.status_since is not None:
        yield f"{certificate.status_since.isoformat()} 起 since"
    if certificate.status_reason is not None:
        reason = _words(f"reason.{certificate.status_reason}")
        yield from (reason.chinese, reason.english)
    if certificate.superseded_by is not None:
        yield "新证书 new certificate"
        yield certificate.superseded_by


def _remarks(receipt: Receipt) -> Iterator[Words]:
    if not receipt.certificates:
        yield _words(f"remark.not_found.{receipt.asked.by}")
        yield _words("remark.caution")
    left = len(receipt.certificates) - MOST_ROWS
    if left > 0:
        yield _words("remark.more", count=left)


def _words(key: str, **values: str | int) -> Words:
    chinese, english = (catalogue(language, TOPIC)[key] for language in (Language.CHINESE, Language.ENGLISH))
    return Words(chinese.format(**values), english.format(**values)) if values else Words(chinese, english)


def _instant(instant: datetime.datetime) -> str:
    return f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
