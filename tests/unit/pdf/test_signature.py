"""The signature inside a file, judged by pyHanko and poppler, which share no code with what wrote it."""

import datetime
import io
import shutil
import subprocess
from pathlib import Path

import pytest
from asn1crypto import x509  # type: ignore[import-untyped]  # asn1crypto ships no types
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from pdf import SignatureError, SignatureField, UnsignedFile, render_certificate
from tests.artefacts import ISSUED_AT, pdf_content, signed_pdf

SIGNED = signed_pdf()


def judged(file: bytes) -> PdfSignatureStatus:
    (signature,) = PdfFileReader(io.BytesIO(file)).embedded_signatures
    assert signature.docmdp_level is MDPPerm.NO_CHANGES
    own: x509.Certificate = signature.signer_cert
    return validate_pdf_signature(signature, ValidationContext(trust_roots=[own]))


def test_pyhanko_finds_the_whole_file_signed_and_unchanged() -> None:
    status = judged(SIGNED)

    assert (status.intact, status.valid, status.docmdp_ok, status.bottom_line) == (True, True, True, True)
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert status.signer_reported_dt == ISSUED_AT


@pytest.mark.parametrize("place", range(0, 100, 9))
def test_one_changed_byte_is_noticed(place: int) -> None:
    """All but the bytes that hold the file together: without them there is no signature to find."""
    changed = bytearray(SIGNED)
    at = SIGNED.index(b"stream") + 10 + place * (SIGNED.rindex(b"endstream") - SIGNED.index(b"stream")) // 101
    changed[at] ^= 1

    assert not judged(bytes(changed)).intact


def test_what_is_appended_is_noticed() -> None:
    assert judged(SIGNED + b"\n% more\n").coverage is not SignatureCoverageLevel.ENTIRE_FILE


def test_the_same_certificate_is_signed_to_the_same_file() -> None:
    assert signed_pdf() == SIGNED


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="poppler-utils is not installed")
def test_poppler_agrees(tmp_path: Path) -> None:
    changed = bytearray(SIGNED)
    changed[SIGNED.index(b"stream") + 20] ^= 1
    said = []
    for file in (SIGNED, bytes(changed)):
        (tmp_path / "certificate.pdf").write_bytes(file)
        ran = subprocess.run(["pdfsig", tmp_path / "certificate.pdf"], capture_output=True, text=True, check=False)  # noqa: S603, S607  # our own arguments
        said.append(ran.stdout)

    assert "Signature is Valid" in said[0]
    assert "Total document signed" in said[0]
    assert "Signature is Valid" not in said[1]


def test_a_drawing_without_room_is_not_signed() -> None:
    with pytest.raises(SignatureError, match="no room"):
        UnsignedFile(render_certificate(pdf_content()))


def test_a_signature_larger_than_its_room_is_refused() -> None:
    unsigned = UnsignedFile(render_certificate(pdf_content(), SignatureField(ISSUED_AT, 10)))

    with pytest.raises(SignatureError, match="larger"):
        unsigned.embed(bytes(11))
    assert len(unsigned.digest) == 32


def test_the_claimed_time_is_written_in_utc() -> None:
    east = ISSUED_AT.astimezone(datetime.timezone(datetime.timedelta(hours=8)))

    assert b"D:20261123020000+00'00'" in render_certificate(pdf_content(), SignatureField(east, 10))
