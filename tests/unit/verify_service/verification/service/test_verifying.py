"""Files of every kind, read in the confined process."""

import tempfile
from collections.abc import Mapping

import pytest

from signing import format_salt
from tests.artefacts import (
    MASKED,
    SALT,
    STATEMENT,
    FakeAuthority,
    attached,
    pdf,
    qr_picture,
    qr_text,
    record,
    registered,
)
from verify_service.verification.model import Verdict
from verify_service.verification.service.verifying import verify_qr_text, verify_upload

SOUND: Mapping[str, bytes] = {
    "pdf": pdf(),
    "masked pdf": pdf(id_number=MASKED, attachments=attached(record_bytes=record())),
    "png": qr_picture(qr_text()),
    "jpeg": qr_picture(qr_text(), format="JPEG"),
    "record": record(),
    "text": qr_text().encode() + b"\r\n",
}


async def uploaded(data: bytes) -> Verdict:
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        return await verify_upload(file, FakeAuthority(registered()))


@pytest.mark.parametrize("kind", SOUND)
async def test_a_sound_file_of_any_kind_is_valid(kind: str) -> None:
    verdict = await uploaded(SOUND[kind])

    assert verdict.outcome == "valid"
    assert verdict.certificate is not None
    assert verdict.certificate.name == STATEMENT.name


async def test_a_text_is_as_good_as_a_picture_of_it() -> None:
    assert (await verify_qr_text(f" {qr_text()}\n", FakeAuthority(registered()))).outcome == "valid"


OTHERS_NUMBER = "11022219600229002X"
"""Masked, it reads as the holder's."""
WITHOUT_SALT = attached(record_bytes=record())
WITHOUT_RECORD = attached(salt=format_salt(SALT))


@pytest.mark.parametrize(
    ("data", "outcome", "detail"),
    [
        (pdf(id_number=OTHERS_NUMBER), "invalid", "ID_NUMBER_DIFFERS"),
        (pdf(id_number=OTHERS_NUMBER, attachments=WITHOUT_SALT), "invalid", "ID_NUMBER_DIFFERS"),
        (pdf(id_number=OTHERS_NUMBER, attachments=WITHOUT_RECORD), "invalid", "ID_NUMBER_DIFFERS"),
        (pdf(id_number=OTHERS_NUMBER, attachments=()), "unverifiable", "ID_NUMBER_UNPROVEN"),
        (pdf(attachments=()), "unverifiable", "ID_NUMBER_UNPROVEN"),
        (pdf(attachments=WITHOUT_RECORD), "valid", "TEXT_AGREES"),
        (pdf(attachments=(), id_number=MASKED), "valid", "TEXT_AGREES"),
    ],
)
async def test_a_whole_id_number_counts_only_with_the_salt_that_proves_it(
    data: bytes, outcome: str, detail: str
) -> None:
    verdict = await uploaded(data)

    said = next(check.detail for check in verdict.checks if check.check == "text")
    assert (verdict.outcome, said) == (outcome, detail)


@pytest.mark.parametrize(("data", "detail"), [(b"", "ARTEFACT_EMPTY"), (b"%PDF-1.7", "PDF_DAMAGED")])
async def test_a_file_that_cannot_be_read_is_invalid_and_says_why(data: bytes, detail: str) -> None:
    verdict = await uploaded(data)

    assert (verdict.outcome, verdict.certificate) == ("invalid", None)
    assert detail in {check.detail for check in verdict.checks if check.outcome == "fail"}
