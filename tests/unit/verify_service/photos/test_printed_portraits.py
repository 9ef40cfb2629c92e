"""A partner's picture as it comes out of the printer: upright, in its colours, with its head."""

import io
import struct
import zlib
from collections.abc import Iterator

import pytest
from PIL import Image

from pdf import render_certificate
from pdf.layouts import LANDSCAPE, LAYOUTS, Area, Layout
from pdf.photo import fit_photo
from tests.pictures import encode
from tests.unit.pdf.conftest import make_content, rasterise
from verify_service.photos.rules.pictures import MAX_PIXELS, make_portrait

DPI = 150
RED, GREEN, BLUE, YELLOW = (220, 30, 30), (30, 160, 60), (30, 60, 200), (230, 210, 40)
QUARTERS = (RED, GREEN, BLUE, YELLOW)
"""Upper left, upper right, lower left, lower right."""
UPRIGHT_TO_STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
TOLERANCE = 45
"""Of 256: CMYK without a profile, JPEG and one bit each change a colour a little."""


def quarters(width: int = 500, height: int = 700) -> Image.Image:
    picture = Image.new("RGB", (width, height))
    for place, colour in enumerate(QUARTERS):
        left, top = place % 2 * (width // 2), place // 2 * (height // 2)
        picture.paste(colour, (left, top, left + width - width // 2, top + height - height // 2))
    return picture


def stored(picture: Image.Image, orientation: int, kind: str) -> bytes:
    """Return a file whose EXIF says how to turn it upright."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    transpose = UPRIGHT_TO_STORED[orientation]
    return encode(picture if transpose is None else picture.transpose(transpose), kind, exif=exif.tobytes())


def sixteen_bits(picture: Image.Image) -> bytes:
    """Return a PNG of 16 bits a channel, which Pillow reads but does not write."""
    rows = [picture.crop((0, y, picture.width, y + 1)).tobytes() for y in range(picture.height)]
    wide = b"".join(b"\0" + bytes(byte for level in row for byte in (level, level)) for row in rows)
    header = struct.pack(">IIBBBBB", *picture.size, 16, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(wide, 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def in_print(jpeg: bytes, area: Area = LANDSCAPE.photo) -> Image.Image:
    """Return the photo's place on a drawn page."""
    page = rasterise(render_certificate(make_content(photo_jpeg=jpeg)), DPI)
    scale = DPI / 25.4
    top = page.height - (area.bottom + area.height) * scale
    box = (area.left * scale, top, (area.left + area.width) * scale, page.height - area.bottom * scale)
    return page.crop(tuple(map(round, box)))  # type: ignore[arg-type]  # four sides


def colours(picture: Image.Image) -> Iterator[tuple[int, ...]]:
    """Yield the colour in the middle of each quarter."""
    for x, y in ((1, 1), (3, 1), (1, 3), (3, 3)):
        yield picture.getpixel((picture.width * x // 4, picture.height * y // 4))  # type: ignore[misc]  # RGB


def assert_shows(picture: Image.Image, expected: tuple[tuple[int, ...], ...]) -> None:
    for found, colour in zip(colours(picture), expected, strict=True):
        assert all(abs(had - wanted) <= TOLERANCE for had, wanted in zip(found, colour, strict=True)), (found, colour)


def grey(colour: tuple[int, int, int]) -> tuple[int, ...]:
    return Image.new("RGB", (1, 1), colour).convert("L").convert("RGB").getpixel((0, 0))  # type: ignore[return-value]


@pytest.mark.parametrize("orientation", UPRIGHT_TO_STORED)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_it_stands_upright(orientation: int, kind: str) -> None:
    assert_shows(in_print(make_portrait(stored(quarters(), orientation, kind)).jpeg), QUARTERS)


@pytest.mark.parametrize("orientation", UPRIGHT_TO_STORED)
def test_a_photo_drawn_without_being_prepared_stands_upright_too(orientation: int) -> None:
    assert_shows(in_print(stored(quarters(), orientation, "JPEG")), QUARTERS)


@pytest.mark.parametrize(
    "data",
    [
        encode(quarters().convert("CMYK")),  # inverted, with Adobe's marker
        encode(quarters(), progressive=True),
        encode(quarters().convert("RGBA"), "PNG"),
        encode(quarters().convert("P", palette=Image.Palette.ADAPTIVE), "PNG"),
        encode(quarters().convert("P", palette=Image.Palette.ADAPTIVE), "PNG", transparency=255),
        sixteen_bits(quarters(250, 350)),
        encode(quarters(), "PNG", save_all=True, append_images=[Image.new("RGB", (500, 700), "black")]),
        encode(quarters(100, 140), quality=95),
    ],
    ids=["CMYK", "progressive", "alpha", "palette", "transparent palette", "16 bits", "animated", "smallest"],
)
def test_it_keeps_its_colours(data: bytes) -> None:
    assert_shows(in_print(make_portrait(data).jpeg), QUARTERS)


@pytest.mark.parametrize("mode", ["L", "LA"])
def test_greyscale_stays_grey(mode: str) -> None:
    assert_shows(in_print(make_portrait(encode(quarters().convert(mode), "PNG")).jpeg), tuple(map(grey, QUARTERS)))


@pytest.mark.parametrize("data", [encode(quarters().convert("CMYK")), encode(quarters().convert("L"))])
def test_what_is_drawn_unprepared_has_the_same_colours(data: bytes) -> None:
    is_grey = Image.open(io.BytesIO(data)).mode == "L"

    assert_shows(in_print(data), tuple(map(grey, QUARTERS)) if is_grey else QUARTERS)


@pytest.mark.parametrize("orientation", UPRIGHT_TO_STORED)
@pytest.mark.parametrize("size", [(400, 1200), (2400, 7200)], ids=["small", "shrunk in strips"])
def test_a_tall_picture_keeps_its_head(orientation: int, size: tuple[int, int]) -> None:
    """560 of 1,200 rows are shown, from the 160th on: what is red there, above the middle, is there in print."""
    width, height = size
    person = Image.new("RGB", size, BLUE)
    person.paste(RED, (0, 0, width, height * 440 // 1200))
    assert width * height < MAX_PIXELS

    shown = in_print(make_portrait(stored(person, orientation, "PNG")).jpeg)

    assert_shows(shown, (RED, RED, BLUE, BLUE))
    middle = shown.getpixel((shown.width // 2, shown.height // 2 - 4))
    assert middle[0] > middle[2]  # type: ignore[index]


def test_a_tall_picture_is_cut_alike_where_it_is_drawn() -> None:
    person = Image.new("RGB", (400, 1200), BLUE)
    person.paste(RED, (0, 0, 400, 440))

    unprepared, prepared = (in_print(jpeg) for jpeg in (encode(person), make_portrait(encode(person)).jpeg))

    assert_shows(unprepared, (RED, RED, BLUE, BLUE))
    assert_shows(prepared, (RED, RED, BLUE, BLUE))


def test_a_wide_picture_is_cut_on_both_sides() -> None:
    wide = Image.new("RGB", (1500, 700), "white")
    wide.paste(quarters(), (500, 0))

    for jpeg in (encode(wide), make_portrait(encode(wide)).jpeg):
        assert_shows(in_print(jpeg), QUARTERS)


@pytest.mark.parametrize("size", [(100, 140), (100, 400), (1000, 140), (294, 412)])
def test_whatever_is_taken_with_a_warning_can_be_drawn(size: tuple[int, int]) -> None:
    portrait = make_portrait(encode(quarters(*size)))

    assert "PHOTO_LOW_RESOLUTION" in portrait.warnings
    assert fit_photo(portrait.jpeg).jpeg == portrait.jpeg


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_without_a_photo_its_place_is_an_empty_frame_of_one_colour(layout: Layout) -> None:
    page = rasterise(render_certificate(make_content(orientation=layout.orientation)), DPI)
    scale = DPI / 25.4
    area = layout.photo
    inner = page.crop(
        (
            round((area.left + 1) * scale),
            round(page.height - (area.bottom + area.height - 1) * scale),
            round((area.left + area.width - 1) * scale),
            round(page.height - (area.bottom + 1) * scale),
        )
    )

    assert len(inner.getcolors() or ()) == 1
