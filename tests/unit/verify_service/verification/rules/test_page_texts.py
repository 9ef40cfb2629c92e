"""PDFs as they are read back, and what changed ones are refused for."""

import io
from collections.abc import Callable
from datetime import date

import pikepdf
import pypdfium2  # type: ignore[import-untyped]  # ships no py.typed
import pytest
from msgspec.structs import replace
from PIL import Image, ImageDraw

from pdf import Orientation, page_form
from tests.artefacts import ID_NUMBER, MASKED, STATEMENT, TEXTS, pdf, qr_text, record
from tests.pictures import block, encode, ring, shaded
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
    return check_text(read_artefact(io.BytesIO(data)), proven, STATEMENT.id_number_hash).detail


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
    assert check_text(artefact, PROVEN, STATEMENT.id_number_hash).outcome == "pass"


@pytest.mark.parametrize("name", NAMES)
def test_every_name_we_can_draw_is_read_back(name: str) -> None:
    assert checked(pdf(name=name), replace(PROVEN, name=name)) == "TEXT_AGREES"


@pytest.mark.parametrize("design", ["omnimedia_operator", "online_host"])
def test_every_ink_of_every_design_counts_as_visible(design: str) -> None:
    assert checked(pdf(design=design)) == "TEXT_AGREES"


def test_the_masked_edition_agrees_with_the_same_certificate() -> None:
    assert checked(pdf(id_number=mask_id_number(ID_NUMBER))) == "TEXT_AGREES"


@pytest.mark.parametrize("orientation", Orientation)
@pytest.mark.parametrize("size", [(295, 413), (600, 413), (295, 800)])
def test_photo_seal_and_logo_have_places_on_either_page(orientation: Orientation, size: tuple[int, int]) -> None:
    drawn = pdf(orientation=orientation, photo_jpeg=encode(shaded(*size)), seal_png=ring(), logo_png=block())

    page = read_artefact(io.BytesIO(drawn)).page

    assert page is not None
    assert len(page.pictures) == 3
    assert checked(drawn) == "TEXT_AGREES"


def with_picture(*boxes_mm: tuple[float, float, float, float]) -> Callable[[pikepdf.Pdf], None]:
    """Return the change that stamps a red picture over boxes of the page, each left, bottom, width, height."""

    def stamp(opened: pikepdf.Pdf) -> None:
        page = opened.pages[0]
        red = pikepdf.Dictionary(
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=1,
            Height=1,
            ColorSpace=pikepdf.Name.DeviceRGB,
            BitsPerComponent=8,
        )
        name = page.add_resource(opened.make_stream(b"\xff\0\0", red), pikepdf.Name.XObject)
        for left, bottom, width, height in boxes_mm:
            x, y, across, up = (value * 72 / 25.4 for value in (left, bottom, width, height))
            page.contents_add(f"q {across} 0 0 {up} {x} {y} cm {name} Do Q".encode())

    return stamp


WHOLE = {"photo_jpeg": encode(shaded()), "seal_png": ring(), "logo_png": block()}


@pytest.mark.parametrize("drawn", [{}, WHOLE], ids=["specimen", "photo, seal and logo"])
@pytest.mark.parametrize("orientation", Orientation)
@pytest.mark.parametrize("box", [(110, 100, 30, 8), (0, 0, 297, 210), (35, 95, 40, 35)], ids=["name", "page", "wide"])
def test_a_picture_elsewhere_is_foreign(
    box: tuple[float, float, float, float], orientation: Orientation, drawn: dict[str, bytes]
) -> None:
    assert checked(changed(with_picture(box), pdf(orientation=orientation, **drawn))) == "PAGE_ALTERED"


@pytest.mark.parametrize("orientation", Orientation)
@pytest.mark.parametrize("place", range(3), ids=["photo", "seal", "logo"])
def test_no_place_takes_a_second_picture(place: int, orientation: Orientation) -> None:
    drawn = pdf(orientation=orientation)
    area = page_form(*pypdfium2.PdfDocument(drawn)[0].get_size()).pictures[place]
    box = (area.left, area.bottom, area.width, area.height)

    assert checked(changed(with_picture(box), drawn)) == "TEXT_AGREES"
    assert checked(changed(with_picture(box, box), drawn)) == "PAGE_ALTERED"


def test_a_picture_inside_a_drawing_is_foreign() -> None:
    def hide(opened: pikepdf.Pdf) -> None:
        with_picture((110, 100, 30, 8))(opened)
        page = opened.pages[0]
        form = opened.make_stream(page.Contents[-1].read_bytes(), Resources=page.Resources)
        form.Type, form.Subtype, form.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, [0, 0, 900, 900]
        del page.Contents[-1]
        name = page.add_resource(form, pikepdf.Name.XObject)
        page.contents_add(f"q {name} Do Q".encode())

    assert checked(changed(hide)) == "PAGE_ALTERED"


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
    assert check_text(artefact, PROVEN, STATEMENT.id_number_hash).detail == "NO_TEXT"


def test_a_copy_is_compared_as_far_as_its_signatures_go() -> None:
    by_qr_code = ProvenCertificate(PROVEN.number, PROVEN.name, PROVEN.issued_on)

    assert checked(pdf(attachments=(), id_number=MASKED), by_qr_code) == "TEXT_AGREES"
    assert checked(pdf(attachments=(), name="林晓禾"), by_qr_code) == "NAME_DIFFERS"
    assert checked(pdf(attachments=()), by_qr_code) == "ID_NUMBER_UNPROVEN"


def test_a_picture_has_no_text_to_check() -> None:
    picture = io.BytesIO()
    ImageDraw.Draw(blank := Image.new("L", (300, 300), 255)).rectangle((9, 9, 99, 99), fill=0)
    blank.save(picture, "PNG")

    assert checked(picture.getvalue()) == "NOT_A_PDF"
