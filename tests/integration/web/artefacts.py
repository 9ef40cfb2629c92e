"""Artefacts of the register `published`, as somebody hands them in."""

import io
from pathlib import Path

import segno

from tests.office import Office
from tests.registers import Certificate
from verify_service.settings import Settings


def qr_picture(text: str) -> bytes:
    """Return a PNG of a QR code."""
    picture = io.BytesIO()
    segno.make(text, error="m", boost_error=False).save(picture, kind="png", scale=6)
    return picture.getvalue()


def pdf_of(certificate: Certificate, site: Settings, folder: Path) -> bytes:
    """Return a certificate's PDF, drawn by the command."""
    file = folder / f"{certificate.number}.pdf"
    assert Office(site, folder).run("certificates", "pdf", certificate.number, "-o", str(file)).code == 0
    return file.read_bytes()
