"""Receipts that are handed in: genuine ones, and every way to make one say something else."""

import asyncio
import datetime
import io
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pikepdf
import pytest

from pdf import Attachment, SignatureField, UnsignedFile, render_receipt
from signing.pades import PadesSigner
from tests.artefacts import (
    DOCUMENT_KEY,
    ISSUED_AT,
    ISSUER,
    UNREACHABLE,
    FakeAuthority,
    certificates_of,
    qr_picture,
    record,
    registered,
    signed_pdf,
)
from tests.receipts import (
    ANSWERS,
    OTHER_KEY,
    RECEIPT_ISSUER,
    RECEIPT_KEY,
    REVOKED,
    VALID,
    receipt,
    receipt_key,
    receipt_pdf,
)
from verify_service.receipts.model import FILE_NAME, MEDIA_TYPE, Receipt
from verify_service.receipts.rules.statements import write_receipt
from verify_service.receipts.rules.wording import compose_content
from verify_service.verification.model import Issuer, PresentStatus, Verdict
from verify_service.verification.service.authority import NotAskedError
from verify_service.verification.service.verifying import verify_upload

SIGNED = receipt_pdf()
OF_A_CODE = receipt_pdf(ANSWERS["superseded"])


class Register(FakeAuthority):
    """A register that has the certificate behind every QR code, and says what became of those asked by number."""

    def __init__(self, standing: Mapping[str, PresentStatus] | Exception, issuer: Issuer = RECEIPT_ISSUER) -> None:
        super().__init__(registered(), issuer=issuer)
        self.numbers: list[str] = []
        self._standing = standing

    async def standing(self, numbers: Sequence[str]) -> Mapping[str, PresentStatus]:
        self.numbers += numbers
        if isinstance(self._standing, Exception):
            raise self._standing
        return self._standing


async def verdict_on(data: bytes, register: Register | None = None) -> Verdict:
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        return await verify_upload(file, register or Register({}))


def made(verdict: Verdict) -> dict[str, tuple[str, str]]:
    return {check.check: (check.outcome, check.detail) for check in verdict.checks if check.detail != "NOT_OF_RECEIPTS"}


def drawn(stated: Receipt, attached: Receipt | None, key: object = RECEIPT_KEY) -> bytes:
    """Return a page that says one thing and has another attached, signed: what a holder of the key could make."""
    content = compose_content(stated)
    files = () if attached is None else (Attachment(FILE_NAME, MEDIA_TYPE, write_receipt(attached)),)
    signer = PadesSigner(key, certificates_of(key))  # type: ignore[arg-type]  # of a parameter
    field = SignatureField(ISSUED_AT, signer.max_bytes)
    unsigned = UnsignedFile(render_receipt(msgspec.structs.replace(content, attachments=files), field))
    with ThreadPoolExecutor(1) as apart:
        return unsigned.embed(apart.submit(asyncio.run, signer.sign_digest(unsigned.digest)).result())


FORGED = drawn(ANSWERS["valid"], ANSWERS["valid"], OTHER_KEY)
AS_CERTIFICATES_ARE = drawn(ANSWERS["valid"], ANSWERS["valid"], DOCUMENT_KEY)
OTHER_TEXT = drawn(ANSWERS["valid"], ANSWERS["revoked"])
OTHER_CODE = drawn(receipt(VALID, recheck="https://rz.example.cn/v/0000000000000000"), None)
NOTHING_ATTACHED = drawn(ANSWERS["valid"], None)
CERTIFICATE = signed_pdf(RECEIPT_KEY)
GENUINE_CERTIFICATE = signed_pdf()
WITH_BOTH = signed_pdf(
    attachments=(
        Attachment("certificate.vc.json", "application/vc", record()),
        Attachment(FILE_NAME, MEDIA_TYPE, write_receipt(receipt(REVOKED))),
    )
)


@pytest.mark.parametrize("name", ANSWERS)
async def test_a_receipt_is_genuine_whatever_it_says(name: str) -> None:
    verdict = await verdict_on(receipt_pdf(ANSWERS[name]))

    assert (verdict.outcome, verdict.certificate) == ("valid", None)
    assert made(verdict) == {
        "pdfSignature": ("pass", "RECEIPT_SIGNED_BY_ISSUER"),
        "text": ("pass", "RECEIPT_TEXT_AGREES"),
    }
    assert isinstance(verdict.receipt, msgspec.Struct)
    assert verdict.receipt.states == ANSWERS[name]


async def test_it_is_told_what_its_certificates_are_now_and_nothing_about_people() -> None:
    now = PresentStatus(VALID.number, "revoked", ISSUED_AT + datetime.timedelta(hours=1), "withdrawn")
    register = Register({VALID.number: now})

    verdict = await verdict_on(SIGNED, register)

    assert isinstance(verdict.receipt, msgspec.Struct)
    assert (verdict.outcome, verdict.receipt.now, register.numbers) == ("valid", (now,), [VALID.number])
    assert msgspec.to_builtins(now).keys() == {"number", "status", "statusSince", "statusReason", "supersededBy"}


@pytest.mark.parametrize("silent", [UNREACHABLE, NotAskedError()])
async def test_it_stays_genuine_while_the_register_is_not_asked(silent: Exception) -> None:
    verdict = await verdict_on(SIGNED, Register(silent))

    assert isinstance(verdict.receipt, msgspec.Struct)
    assert (verdict.outcome, verdict.receipt.now) == ("valid", None)


@pytest.mark.parametrize("place", range(0, 200, 14))
async def test_one_changed_byte_is_never_genuine_and_never_a_certificate(place: int) -> None:
    changed = bytearray(OF_A_CODE)
    changed[9 + place * (len(changed) - 20) // 200] ^= 1
    register = Register({})

    verdict = await verdict_on(bytes(changed), register)

    assert (verdict.outcome, verdict.certificate) == ("invalid", None)
    assert register.numbers == []


@pytest.mark.parametrize(
    ("file", "check", "detail"),
    [
        (FORGED, "pdfSignature", "RECEIPT_SIGNED_BY_OTHERS"),
        (AS_CERTIFICATES_ARE, "pdfSignature", "RECEIPT_SIGNED_BY_OTHERS"),
        (SIGNED + b"\n% more\n", "pdfSignature", "RECEIPT_ALTERED"),
        (OTHER_TEXT, "text", "RECEIPT_TEXT_DIFFERS"),
        (OTHER_CODE, "text", "RECEIPT_UNREADABLE"),
        (NOTHING_ATTACHED, "text", "RECEIPT_UNREADABLE"),
        (CERTIFICATE, "text", "RECEIPT_UNREADABLE"),
    ],
    ids=["another's key", "the key of certificates", "appended", "other text", "other code", "no data", "certificate"],
)
async def test_what_is_not_as_it_was_given_is_refused_with_the_reason(file: bytes, check: str, detail: str) -> None:
    register = Register({})

    verdict = await verdict_on(file, register)

    assert (verdict.outcome, verdict.certificate, verdict.receipt) == ("invalid", None, None)
    assert made(verdict)[check] == ("fail", detail)
    assert register.numbers == []


async def test_a_certificate_signed_with_the_key_of_receipts_is_no_certificate() -> None:
    """The thief of a web process has that key, and this is all he can do with it."""
    verdict = await verdict_on(CERTIFICATE, Register({}))

    assert (verdict.outcome, verdict.certificate) == ("invalid", None)


async def test_another_code_on_the_page_than_in_the_data_is_noticed() -> None:
    stated = receipt(VALID)
    content = compose_content(stated)
    elsewhere = compose_content(receipt(VALID, recheck="https://rz.example.cn/v/0000000000000000"))
    signer = PadesSigner(RECEIPT_KEY, certificates_of(RECEIPT_KEY))
    drawing = render_receipt(
        msgspec.structs.replace(content, qr=elsewhere.qr), SignatureField(ISSUED_AT, signer.max_bytes)
    )
    unsigned = UnsignedFile(drawing)

    verdict = await verdict_on(unsigned.embed(await signer.sign_digest(unsigned.digest)))

    assert (verdict.outcome, made(verdict)["text"]) == ("invalid", ("fail", "RECEIPT_QR_DIFFERS"))


async def test_a_saved_again_copy_is_not_called_a_certificate() -> None:
    """It has the QR code of a valid certificate on it, which alone would be answered as that certificate."""
    with pikepdf.open(io.BytesIO(OF_A_CODE)) as document:
        del document.Root.Names, document.Root.AF, document.Root.AcroForm, document.Root.Perms, document.pages[0].Annots
        saved = io.BytesIO()
        document.save(saved)

    verdict = await verdict_on(saved.getvalue())

    assert (verdict.outcome, verdict.certificate) == ("unverifiable", None)
    assert made(verdict)["pdfSignature"] == ("error", "RECEIPT_COPY")


async def test_a_stolen_key_proves_nothing_and_calls_nobody_a_forger() -> None:
    issuer = msgspec.structs.replace(RECEIPT_ISSUER, compromised=frozenset({"2026-r1"}))

    verdict = await verdict_on(SIGNED, Register({}, issuer))

    assert (verdict.outcome, verdict.receipt) == ("unverifiable", None)
    assert made(verdict)["pdfSignature"] == ("error", "RECEIPT_KEY_COMPROMISED")


async def test_a_newer_form_is_not_called_altered() -> None:
    newer = receipt(VALID, form=2)

    verdict = await verdict_on(drawn(ANSWERS["valid"], newer))

    assert (verdict.outcome, made(verdict)["text"]) == ("unverifiable", ("error", "RECEIPT_FORM_UNKNOWN"))


async def test_a_receipt_of_another_issuer_is_none_of_ours() -> None:
    other = receipt(VALID, issuer=msgspec.structs.replace(ANSWERS["valid"].issuer, did="did:web:other.example"))

    assert (await verdict_on(receipt_pdf(other))).outcome == "invalid"
    assert (await verdict_on(SIGNED, Register({}, ISSUER))).outcome == "invalid"


async def test_a_certificate_with_a_receipt_attached_is_a_broken_receipt() -> None:
    verdict = await verdict_on(WITH_BOTH)

    assert (verdict.outcome, verdict.certificate, verdict.receipt) == ("invalid", None, None)


async def test_certificates_are_checked_as_before() -> None:
    verdict = await verdict_on(GENUINE_CERTIFICATE)
    of_a_picture = await verdict_on(qr_picture("https://rz.example.cn/"), Register({}))

    assert (verdict.outcome, verdict.receipt) == ("valid", msgspec.UNSET)
    assert of_a_picture.receipt is msgspec.UNSET


def test_two_keys_of_two_purposes_are_two_keys() -> None:
    assert receipt_key().private_key != DOCUMENT_KEY
