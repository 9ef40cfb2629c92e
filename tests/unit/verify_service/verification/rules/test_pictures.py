"""QR codes in photographs and screen shots."""

import io
import random
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw, ImageFilter

from tests.artefacts import qr_picture, qr_text
from verify_service.verification.rules.pictures import read_picture

TEXT = qr_text()


def symbol(scale: int = 4) -> Image.Image:
    return Image.open(io.BytesIO(qr_picture(TEXT, scale=scale))).convert("RGB")


def photographed() -> Image.Image:
    """A print on a table, taken by hand in poor light."""
    generator = random.Random(1)  # noqa: S311  # the same noise in every run
    table = Image.new("RGB", (1600, 1200), "#7A6A5A")
    table.paste(symbol(6), (500, 300))
    table = table.rotate(11, fillcolor="#7A6A5A").filter(ImageFilter.GaussianBlur(1.2))
    shade = Image.linear_gradient("L").resize(table.size).point(lambda level: 120 + level // 2)
    dark = Image.composite(table, Image.new("RGB", table.size), shade)
    pen = ImageDraw.Draw(dark)
    for _ in range(3000):
        pen.point((generator.randrange(1600), generator.randrange(1200)), fill="white")
    return dark


def transparent() -> Image.Image:
    """Black modules on nothing."""
    grey = symbol().convert("L")
    picture = Image.new("RGBA", grey.size, (0, 0, 0, 0))
    picture.putalpha(grey.point(lambda level: 255 - level))
    return picture


@pytest.mark.parametrize(
    ("picture", "kind"),
    [
        (symbol, "PNG"),
        (lambda: symbol(1), "PNG"),
        (lambda: symbol(2).convert("1"), "PNG"),
        (lambda: symbol(2).convert("P"), "PNG"),
        (lambda: symbol().convert("L").convert("I").point(lambda level: level * 257).convert("I;16"), "PNG"),
        (lambda: symbol().rotate(90, expand=True), "PNG"),
        (lambda: symbol().rotate(180), "PNG"),
        (lambda: symbol().convert("CMYK"), "JPEG"),
        (transparent, "PNG"),
        (photographed, "JPEG"),
        (lambda: photographed().resize((8000, 6000)), "JPEG"),
    ],
)
def test_a_qr_code_is_read(picture: Callable[[], Image.Image], kind: str) -> None:
    written = io.BytesIO()
    picture().save(written, kind)

    assert read_picture(written.getvalue()).qr_texts == (TEXT,)


def test_a_picture_without_a_qr_code_is_read_too() -> None:
    written = io.BytesIO()
    Image.new("RGB", (1, 1)).save(written, "JPEG")

    assert read_picture(written.getvalue()).qr_texts == ()
