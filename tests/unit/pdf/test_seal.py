"""The specimen ring and the image that replaces it."""

import io
from collections.abc import Callable

import pikepdf
import pytest
from PIL import Image

from pdf import CertificateContent, SealError, render_certificate
from pdf.background import MICROTEXT
from pdf.images import read_seal
from pdf.layouts import LANDSCAPE, LAYOUTS, Layout

MakeContent = Callable[..., CertificateContent]
Rasterise = Callable[[bytes, int], Image.Image]


def make_png(size: tuple[int, int] = (496, 496), mode: str = "RGBA") -> bytes:
    written = io.BytesIO()
    Image.new(mode, size, "#C80000").save(written, "PNG")
    return written.getvalue()


def test_the_seal_is_multiplied_onto_unit_and_date(make_content: MakeContent) -> None:
    document = pikepdf.open(io.BytesIO(render_certificate(make_content())))

    states = document.pages[0].Resources.ExtGState
    assert any(state.get("/BM") == "/Multiply" for state in states.values())


def test_the_specimen_ring_is_red_on_its_rim_and_empty_where_a_star_would_be(
    make_content: MakeContent, rasterise: Rasterise
) -> None:
    page = rasterise(render_certificate(make_content()), 100).convert("RGB")
    seal = LANDSCAPE.seal
    x, y = seal.centre

    assert _is_red(_pixel(page, x, seal.top - 0.6))
    assert _is_red(_pixel(page, seal.right - 0.6, y))
    below_date = _pixel(page, x, LANDSCAPE.issued_on.baseline - 4)
    assert not _is_red(below_date)


def test_a_mounted_seal_replaces_the_specimen(make_content: MakeContent, rasterise: Rasterise) -> None:
    page = rasterise(render_certificate(make_content(seal_png=make_png())), 100).convert("RGB")

    assert _is_red(_pixel(page, LANDSCAPE.seal.left + 1, LANDSCAPE.seal.bottom + 1))


@pytest.mark.parametrize(
    "png",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        make_png()[:200],
        make_png(size=(496, 500)),
        make_png(size=(100, 100)),
        make_png(size=(2000, 2000)),
        make_png(mode="RGB"),
    ],
)
def test_an_unusable_seal_is_refused(png: bytes) -> None:
    with pytest.raises(SealError):
        read_seal(png)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_the_seal_stays_inside_the_frame_and_below_the_statement(layout: Layout) -> None:
    assert layout.seal.top < layout.statement_english.baseline - 1
    assert layout.seal.right < layout.id_field.right
    assert layout.seal.bottom > MICROTEXT + 2


def _pixel(page: Image.Image, x_mm: float, y_mm: float) -> tuple[int, int, int]:
    scale = page.width / LANDSCAPE.page.width
    pixel = page.getpixel((round(x_mm * scale), round((LANDSCAPE.page.height - y_mm) * scale)))
    assert isinstance(pixel, tuple)
    red, green, blue = map(int, pixel)
    return red, green, blue


def _is_red(pixel: tuple[int, int, int]) -> bool:
    red, green, blue = pixel
    return red > 150 and green < 120 and blue < 120
