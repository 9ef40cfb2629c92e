"""PDFs as they are read back, and what changed ones are refused for."""

import io
from collections.abc import Callable
from datetime import date

import pikepdf
import pypdfium2  # type: ignore[import-untyped]  # ships no py.typed
import pytest
from msgspec.structs import replace
from PIL import Image, ImageDraw

from tests.artefacts import ID_NUMBER, MASKED, STATEMENT, TEXTS, pdf, qr_text, record
from tests.unit.pdf.test_certificate import NAMES
from verify_service.subjects.rules.masks import mask_id_number
from verify_service.verification.model import ProvenCertificate
from verify_service.verification.rules.artefacts import read_artefact
from verify_service.verification.rules.page_texts import check_text

PROVEN = ProvenCertificate(
    number=STATEMENT.certificate_number,
    name=STATEMENT.name,
    issued_on=date(2026, 11, 23),
    title=STATEMENT.title,
    sex=STATEMENT.sex,
    id_number_masked=MASKED,
)
BLACK_TEXT = "BT /F1 12 Tf 0 g 1 0 0 1 {x} {y} Tm <0001> Tj ET\n"


def checked(data: bytes, proven: ProvenCertificate = PROVEN) -> str:
    return check_text(read_artefact(io.BytesIO(data)), proven).detail


def changed(change: Callable[[pikepdf.Pdf], object], data: bytes | None = None) -> bytes:
    """Return a certificate changed by somebody who has the tools."""
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(data or pdf())) as opened:
        change(opened)
        opened.save(written)
    return written.getvalue()


def redrawn(change: Callable[[bytes], bytes]) -> bytes:
    """Return a certificate with other drawing instructions."""

    def redraw(opened: pikepdf.Pdf) -> None:
        page = opened.pages[0]
        before = page.Contents.read_bytes()
        after = change(before)
        assert after != before
        page.Contents = opened.make_stream(after)

    return changed(redraw)


def scanned(data: bytes) -> bytes:
    """Return a PDF of a picture of the page, as a scanner makes one."""
    picture: Image.Image = pypdfium2.PdfDocument(data)[0].render(scale=3).to_pil()
    written = io.BytesIO()
    picture.convert("RGB").save(written, "PDF", resolution=216)
    return written.getvalue()


def test_what_we_draw_is_read_back_with_record_and_qr_code() -> None:
    artefact = read_artefact(io.BytesIO(pdf()))

    assert (artefact.record, artefact.qr_texts, artefact.pages) == (record(), (qr_text(),), 1)
    assert artefact.pdf_signature is None
    assert check_text(artefact, PROVEN).outcome == "pass"


@pytest.mark.parametrize("name", NAMES)
def test_every_name_we_can_draw_is_read_back(name: str) -> None:
    assert checked(pdf(name=name), replace(PROVEN, name=name)) == "TEXT_AGREES"


@pytest.mark.parametrize("design", ["omnimedia_operator", "online_host"])
def test_every_ink_of_every_design_counts_as_visible(design: str) -> None:
    assert checked(pdf(design=design)) == "TEXT_AGREES"


def test_the_masked_edition_agrees_with_the_same_certificate() -> None:
    assert checked(pdf(id_number=mask_id_number(ID_NUMBER))) == "TEXT_AGREES"


@pytest.mark.parametrize("without", [{}, {"attachments": ()}])
@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"name": "欧阳堃喆喆"}, "NAME_DIFFERS"),
        ({"name": "林晓禾"}, "NAME_DIFFERS"),
        ({"sex": "男"}, "SEX_DIFFERS"),
        ({"id_number": "21010519491231002X"}, "ID_NUMBER_DIFFERS"),
        ({"certificate_number": "QMT20260001242"}, "NUMBER_DIFFERS"),
        ({"issued_on": date(2026, 11, 24)}, "DATE_DIFFERS"),
        ({"texts": replace(TEXTS, title="网络视听主播岗位合格证书")}, "TITLE_DIFFERS"),
    ],
)
def test_a_page_that_shows_another_value_is_refused_with_its_record_or_without(
    changes: dict[str, object], detail: str, without: dict[str, object]
) -> None:
    assert checked(pdf(**changes, **without)) == detail


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        (redrawn(lambda page: page + BLACK_TEXT.format(x=310.4, y=347.5).encode()), "NAME_DIFFERS"),
        (redrawn(lambda page: page + BLACK_TEXT.format(x=310.4, y=300).encode()), "PAGE_ALTERED"),
        (redrawn(lambda page: page + BLACK_TEXT.format(x=-90, y=347.5).encode()), "PAGE_ALTERED"),
        (redrawn(lambda page: page + b"1 g 300 340 200 30 re f\n"), "PAGE_ALTERED"),
        (redrawn(lambda page: page.replace(b" Tj", b" Tj 3 Tr", 1)), "TEXT_HIDDEN"),
        (redrawn(lambda page: b"3 Tr " + page), "TEXT_HIDDEN"),
        (redrawn(lambda page: b"0 0 1 1 re W n " + page), "TEXT_HIDDEN"),
        (changed(lambda opened: opened.pages.append(opened.pages[0])), "PAGE_ALTERED"),
        (changed(lambda opened: opened.pages[0].rotate(180, relative=False)), "PAGE_ALTERED"),
        (changed(lambda opened: setattr(opened.pages[0], "mediabox", [0, 0, 500, 500])), "PAGE_ALTERED"),
        (changed(lambda opened: setattr(opened.pages[0], "mediabox", [9, 9, 850.9, 604.3])), "PAGE_ALTERED"),
    ],
)
def test_an_altered_page_is_refused(data: bytes, detail: str) -> None:
    assert checked(data) == detail


def test_an_annotation_over_the_page_is_refused() -> None:
    def annotate(opened: pikepdf.Pdf) -> None:
        note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FreeText, Rect=[300, 340, 500, 370])
        opened.pages[0].Annots = opened.make_indirect(pikepdf.Array([note]))

    assert checked(changed(annotate)) == "PAGE_ALTERED"


def test_what_a_reader_would_copy_does_not_stand_for_what_is_drawn() -> None:
    drawn, told = ("".join(f"{ord(c):04X}" for c in name).encode() for name in ("林晓禾禾", STATEMENT.name))
    lying = pdf(name="林晓禾禾")

    def lie(opened: pikepdf.Pdf) -> None:
        page = opened.pages[0]
        content = page.Contents.read_bytes()
        assert drawn in content
        page.Contents = opened.make_stream(content.replace(drawn, told))

    assert checked(changed(lie, lying)) == "NAME_DIFFERS"


def test_a_scan_has_no_text_to_compare_and_its_qr_code_is_read() -> None:
    artefact = read_artefact(io.BytesIO(scanned(pdf())))

    assert artefact.qr_texts == (qr_text(),)
    assert check_text(artefact, PROVEN).detail == "NO_TEXT"


def test_a_copy_is_compared_as_far_as_its_signatures_go() -> None:
    by_qr_code = ProvenCertificate(PROVEN.number, PROVEN.name, PROVEN.issued_on)

    assert checked(pdf(attachments=()), by_qr_code) == "TEXT_AGREES"
    assert checked(pdf(attachments=(), name="林晓禾"), by_qr_code) == "NAME_DIFFERS"


def test_a_picture_has_no_text_to_check() -> None:
    picture = io.BytesIO()
    ImageDraw.Draw(blank := Image.new("L", (300, 300), 255)).rectangle((9, 9, 99, 99), fill=0)
    blank.save(picture, "PNG")

    assert checked(picture.getvalue()) == "NOT_A_PDF"
