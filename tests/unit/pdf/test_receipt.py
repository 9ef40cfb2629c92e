"""Receipts as files: judged by pyHanko, qpdf and PDFium, none of which wrote them."""

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pikepdf
import pypdfium2  # type: ignore[import-untyped]  # ships no py.typed
import pytest
import zxingcpp
from asn1crypto import x509  # type: ignore[import-untyped]  # asn1crypto ships no types
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from tests.receipts import ANSWERS, receipt_pdf
from verify_service.receipts.model import FILE_NAME
from verify_service.receipts.rules.statements import write_receipt

GOLDEN = Path(__file__).parents[2] / "golden" / "pdf"

every = pytest.mark.parametrize("name", ANSWERS)


@cache
def file_of(name: str) -> bytes:
    return receipt_pdf(ANSWERS[name])


@every
def test_the_page_reads_as_its_form_does_for_ever(name: str, extract_text: Callable[[bytes], str]) -> None:
    """Receipts that were given are compared with these words: others are another form, with words of its own."""
    golden = (GOLDEN / f"receipt-1-{name}.txt").read_text("utf-8")

    assert extract_text(file_of(name)).splitlines() == golden.splitlines()


@every
def test_pyhanko_finds_the_whole_file_signed_and_no_change_allowed(name: str) -> None:
    (signature,) = PdfFileReader(io.BytesIO(file_of(name))).embedded_signatures
    own: x509.Certificate = signature.signer_cert
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=[own]))

    assert (status.intact, status.valid, status.docmdp_ok, status.bottom_line) == (True, True, True, True)
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert signature.docmdp_level is MDPPerm.NO_CHANGES
    assert status.signer_reported_dt == ANSWERS[name].checked_at


@every
def test_qpdf_has_nothing_to_say(name: str) -> None:
    with pikepdf.open(io.BytesIO(file_of(name))) as document:
        assert document.check_pdf_syntax() == []


@every
def test_it_is_one_upright_page_whose_code_leads_to_where_to_ask_again(name: str) -> None:
    document = pypdfium2.PdfDocument(file_of(name))
    (page,) = list(document)
    width, height = page.get_size()
    picture: Image.Image = page.render(scale=200 / 72).to_pil()

    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (210, 297)
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [ANSWERS[name].recheck]


@every
def test_the_same_is_attached_for_machines(name: str) -> None:
    with pikepdf.open(io.BytesIO(file_of(name))) as document:
        attached = {key: file.get_file().read_bytes() for key, file in document.attachments.items()}

    assert attached == {FILE_NAME: write_receipt(ANSWERS[name])}


def test_the_same_answer_is_the_same_file() -> None:
    assert receipt_pdf(ANSWERS["revoked"]) == file_of("revoked")


def test_programs_and_screen_readers_are_told_what_it_is() -> None:
    with pikepdf.open(io.BytesIO(file_of("valid"))) as document:
        assert (str(document.Root.Lang), bool(document.Root.MarkInfo.Marked)) == ("zh-CN", True)
        described = document.open_metadata()
        assert described["dc:title"] == "证书查验回执"
        roles = [str(element.S) for element in document.Root.StructTreeRoot.K.K]
    assert roles.count("/H1") == 1
    assert {"/H2", "/P", "/Figure"} < set(roles)


def test_a_name_is_nowhere_in_the_file_but_masked() -> None:
    text = pypdfium2.PdfDocument(file_of("superseded"))[0].get_textpage().get_text_range()

    assert "𠮷**禾" in text
    assert "7H3K9QWXYZ2M4P6R" not in text


def test_a_certificate_has_what_a_receipt_has_not() -> None:
    """Neither seal nor photo, and no frame: nobody takes one for the other."""
    page = pypdfium2.PdfDocument(file_of("valid"))[0]

    assert "不是证书" in page.get_textpage().get_text_range()
    assert not [item for item in page.get_objects() if item.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]
