"""The checks of a receipt: of its file alone, for what it says of certificates was true at one moment."""

from typing import Final

from verify_service.errors import UnavailableError
from verify_service.receipts.model import Receipt
from verify_service.receipts.rules.statements import read_receipt
from verify_service.verification.model import Artefact, Check, CheckName, PresentStatus, ProvenReceipt, Verdict
from verify_service.verification.rules.outcomes import ORDER
from verify_service.verification.rules.receipt_pages import check_receipt_signature, check_receipt_text
from verify_service.verification.service.authority import Authority, NotAskedError

OF_THE_FILE: Final[tuple[CheckName, ...]] = ("pdfSignature", "text")


async def check_receipt(artefact: Artefact, authority: Authority) -> Verdict:
    """Return the verdict on a receipt. Never of a certificate: those it names are asked about apart.

    `valid`: given by this issuer and unchanged. `invalid`: it is not. `unverifiable`: a copy without its signature, or
    a key that somebody else may hold. The register is asked only about the certificates of a genuine receipt: nobody
    can ask about numbers of their own.
    """
    signature = check_receipt_signature(artefact, authority.issuer)
    if signature.outcome != "pass":
        return _verdict(signature, Check("text", "skipped", "NOT_REACHED"), None)
    receipt = None if artefact.receipt is None else read_receipt(artefact.receipt)
    text = check_receipt_text(artefact, receipt, authority.issuer)
    if receipt is None or text.outcome != "pass":
        return _verdict(signature, text, None)
    return _verdict(signature, text, ProvenReceipt(receipt, await _now(receipt, authority)))


def _verdict(signature: Check, text: Check, receipt: ProvenReceipt | None) -> Verdict:
    made = {check.check: check for check in (signature, text)}
    checks = tuple(made.get(name, Check(name, "skipped", "NOT_OF_RECEIPTS")) for name in ORDER)
    outcomes = {check.outcome for check in made.values()}
    if "fail" in outcomes:
        return Verdict("invalid", checks, None, None)
    return Verdict("unverifiable" if "error" in outcomes else "valid", checks, None, receipt)


async def _now(receipt: Receipt, authority: Authority) -> tuple[PresentStatus, ...] | None:
    numbers = tuple(certificate.number for certificate in receipt.certificates)
    if not numbers:
        return ()
    try:
        found = await authority.standing(numbers)
    except (NotAskedError, UnavailableError):
        return None
    return tuple(found.get(number, PresentStatus(number, None)) for number in numbers)
