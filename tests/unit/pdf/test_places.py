"""Where texts begin, compared with what is drawn."""

from collections.abc import Callable

import pypdfium2  # type: ignore[import-untyped]  # ships no py.typed
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]
import pytest

from pdf import CertificateContent, Orientation, page_form, render_certificate
from tests.unit.pdf.conftest import qr_matrix
from tests.unit.pdf.test_certificate import NAMES

MM = 72 / 25.4


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("qr_version", [10, 18])
@pytest.mark.parametrize("orientation", Orientation)
def test_every_text_begins_in_exactly_one_place(
    name: str, qr_version: int, orientation: Orientation, make_content: Callable[..., CertificateContent]
) -> None:
    drawn = render_certificate(make_content(name=name, qr=qr_matrix("A" * 200, qr_version), orientation=orientation))

    page = pypdfium2.PdfDocument(drawn)[0]
    expected = page_form(*page.get_size()).places
    texts = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT])
    begins = [(text.get_matrix().e / MM, text.get_matrix().f / MM) for text in texts]
    fields = [[place for place in expected if place.holds(*begin)] for begin in begins]
    assert all(len(places) == 1 for places in fields)
    assert {places[0] for places in fields} == set(expected)
    assert len([places for places in fields if places[0].is_one_piece]) == len(expected) - 1
