"""Offering receipts on the pages of answers, and drawing them."""

import asyncio
import datetime
from collections.abc import Iterable

import msgspec

from pdf import PdfError, SignatureField, UnsignedFile, render_receipt
from signing import MalformedCredentialError, parse_token
from verify_service.credentials.rules.lookup_keys import Facts
from verify_service.errors import UnavailableError
from verify_service.pages.views import CertificateView, LandingView, ResultView
from verify_service.receipts.model import FORM, FRESH, Asked, Receipt, StatedCertificate, StatedIssuer
from verify_service.receipts.rules.masking import mask_ends, mask_name
from verify_service.receipts.rules.offers import seal_offer
from verify_service.receipts.rules.statements import new_number
from verify_service.receipts.rules.wording import compose_content
from verify_service.trust import ReceiptKey
from verify_service.web_context import WebContext


def offer_of_result(context: WebContext, view: ResultView, facts: Facts) -> ResultView:
    """Return the answer to a lookup with a sealed offer of its receipt; as it is, where this site gives none."""
    name, id_number, phone = facts.name, facts.id_number, facts.phone
    asked = Asked(
        "facts",
        name=None if name is None else mask_name(name),
        id_number=None if id_number is None else mask_ends(id_number),
        phone=None if phone is None else mask_ends(phone),
    )
    recheck = f"{context.public_url}/"
    return msgspec.structs.replace(view, receipt=_offer(context, asked, view.certificates, view.checked_at, recheck))


def offer_of_landing(context: WebContext, view: LandingView) -> LandingView:
    """Return the answer about a QR code with a sealed offer of its receipt; as it is, where this site gives none."""
    certificates = () if view.certificate is None else (view.certificate,)
    try:
        parse_token(view.token)
    except MalformedCredentialError:
        # Whatever a stranger put into an address is not put on paper.
        asked, recheck = Asked("qrCode"), f"{context.public_url}/"
    else:
        asked, recheck = Asked("qrCode", token=mask_ends(view.token)), f"{context.public_url}/v/{view.token}"
    return msgspec.structs.replace(view, receipt=_offer(context, asked, certificates, view.checked_at, recheck))


def draw_receipt(receipt: Receipt, key: ReceiptKey) -> bytes:
    """Return the signed PDF of a receipt, the same for the same receipt and key. Takes a thread: 60 ms of work.

    Raises:
        UnavailableError: it cannot be drawn.

    """
    # pyHanko takes a second to load, and whoever gives no receipts never needs it.
    from signing.pades import PadesSigner  # noqa: PLC0415

    signer = PadesSigner(key.private_key, key.certificates)
    field = SignatureField(receipt.checked_at, signer.max_bytes)
    try:
        unsigned = UnsignedFile(render_receipt(compose_content(receipt), field))
    except PdfError as error:
        raise UnavailableError("RECEIPT_NOT_DRAWN", "a receipt cannot be drawn") from error
    return unsigned.embed(asyncio.run(signer.sign_digest(unsigned.digest)))


def _offer(
    context: WebContext,
    asked: Asked,
    certificates: Iterable[CertificateView],
    checked_at: datetime.datetime,
    recheck: str,
) -> str | None:
    trust, site = context.trust, context.site
    if not trust.receipt_signing:
        return None
    stated = tuple(_stated(certificate, asked) for certificate in certificates)
    receipt = Receipt(
        form=FORM,
        number=new_number(checked_at),
        issuer=StatedIssuer(
            trust.did,
            site.issuer_line + site.issuer_name,
            f"{site.issuer_line_english} {site.issuer_name_english}".strip(),
        ),
        asked=asked,
        outcome="found" if stated else "not_found",
        certificates=stated,
        checked_at=checked_at,
        fresh_until=checked_at + FRESH,
        recheck=recheck,
    )
    return seal_offer(receipt, trust.receipt_signing[0])


def _stated(certificate: CertificateView, asked: Asked) -> StatedCertificate:
    assert certificate.title is not None  # noqa: S101  # answers of the register have one
    assert certificate.status is not None  # noqa: S101  # and a status
    holder = certificate.name if asked.by == "qrCode" else None
    return StatedCertificate(
        title=certificate.title,
        number=certificate.number,
        issued_on=certificate.issued_on,
        status=certificate.status,
        status_since=certificate.status_since,
        status_reason=certificate.status_reason,
        superseded_by=certificate.superseded_by,
        holder=None if holder is None else mask_name(holder),
    )
