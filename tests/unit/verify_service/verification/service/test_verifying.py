"""Files of every kind, read in the confined process."""

import tempfile
from collections.abc import Mapping

import pytest

from signing import format_salt, qr_matrix
from tests.artefacts import (
    MASKED,
    SALT,
    STATEMENT,
    URL,
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


OTHER_SITE = "https://rz.example.com/v/7H3K9QWXYZ2M4P6R"


@pytest.mark.parametrize(
    ("qr", "check", "detail"),
    [
        ("https://rz.example.com/", "record", "OTHER_SITE"),
        (OTHER_SITE, "record", "OTHER_SITE"),
        ("weixin://dl/business/?t=1", "text", "PAGE_ALTERED"),
        (STATEMENT.certificate_number, "text", "PAGE_ALTERED"),
        (f"{URL}/verify", "text", "PAGE_ALTERED"),
    ],
)
async def test_an_original_with_another_qr_code_is_invalid(qr: str, check: str, detail: str) -> None:
    verdict = await uploaded(pdf(qr=qr_matrix(qr)))

    failed = [(made.check, made.detail) for made in verdict.checks if made.outcome == "fail"]
    assert (verdict.outcome, failed) == ("invalid", [(check, detail)])


async def test_an_original_without_its_qr_code_is_invalid() -> None:
    blank = tuple((False,) * len(row) for row in qr_matrix(qr_text()))

    verdict = await uploaded(pdf(qr=blank))

    said = next(made for made in verdict.checks if made.check == "text")
    assert (verdict.outcome, said.detail) == ("invalid", "PAGE_ALTERED")


@pytest.mark.parametrize(("data", "detail"), [(b"", "ARTEFACT_EMPTY"), (b"%PDF-1.7", "PDF_DAMAGED")])
async def test_a_file_that_cannot_be_read_is_invalid_and_says_why(data: bytes, detail: str) -> None:
    verdict = await uploaded(data)

    assert (verdict.outcome, verdict.certificate) == ("invalid", None)
    assert detail in {check.detail for check in verdict.checks if check.outcome == "fail"}
