"""Checking one artefact that somebody was handed: a PDF, a picture of a QR code, a record, or the text of a QR code.

    authority = RegisterAuthority(context.connection, trust=context.trust, origins=(public_url, *former_public_urls))
    verdict = await verify_upload(file, authority)

Both functions always return a verdict: whatever is wrong with the artefact is a failed check, whatever cannot be
reached is one with `error` and makes the outcome `unverifiable`. Nothing is stored.
"""

from typing import BinaryIO

import anyio.to_thread

from verify_service.clock import now
from verify_service.verification.model import Artefact, Verdict
from verify_service.verification.rules.evidence import RefutedError
from verify_service.verification.rules.outcomes import verdict
from verify_service.verification.rules.receipt_pages import is_receipt
from verify_service.verification.service.authority import Authority
from verify_service.verification.service.checking import check
from verify_service.verification.service.reading import read
from verify_service.verification.service.receipt_checking import check_receipt


async def verify_upload(file: BinaryIO, authority: Authority) -> Verdict:
    """Return the verdict on a file, whatever its name and type say it is.

    `file` needs a descriptor of its own (a temporary file); it is read in a confined process, which takes up to half a
    second of processor time for a sound file and never more than 4. The caller bounds how many run at once.
    """
    try:
        artefact = await anyio.to_thread.run_sync(read, file)
    except RefutedError as error:
        return verdict([error.check])
    if is_receipt(artefact, authority.issuer):
        return await check_receipt(artefact, authority)
    return await check(artefact, authority, now())


async def verify_qr_text(text: str, authority: Authority) -> Verdict:
    """Return the verdict on what a QR code says: our address, with or without the signed part after `#`."""
    return await check(Artefact(qr_texts=(text.strip(),)), authority, now())
