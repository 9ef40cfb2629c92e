"""From a partner's picture to the certificate's portrait."""

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageOps

from tests.pictures import decode, encode, halves, shaded
from verify_service.errors import UsageError
from verify_service.photos.model import PhotoError
from verify_service.photos.rules.pictures import MAX_FILE_BYTES, PORTRAIT_SIZE, make_portrait, read_portrait

ORIENTATION = 0x0112
GPS = 0x8825


def png_of_announced_size(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def portrait_of(data: bytes) -> Image.Image:
    return decode(make_portrait(data).jpeg)


def turned(image: Image.Image, kind: str = "JPEG") -> bytes:
    """Return a picture that is to be turned clockwise: the camera was held upright."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    return encode(image, kind, exif=exif.tobytes())


PHOTO = encode(shaded(600, 840))


@pytest.mark.parametrize(
    ("size", "portrait"),
    [
        ((295, 413), (295, 413)),
        ((600, 840), PORTRAIT_SIZE),
        ((3000, 1000), PORTRAIT_SIZE),
        ((100, 3000), (100, 140)),
        ((3000, 4000), PORTRAIT_SIZE),
        ((20_000, 1000), PORTRAIT_SIZE),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_portrait_is_25_by_35_and_never_enlarged(size: tuple[int, int], portrait: tuple[int, int], kind: str) -> None:
    image = portrait_of(encode(shaded(*size), kind))

    assert (image.size, image.mode, image.format) == (portrait, "RGB", "JPEG")


@pytest.mark.parametrize("size", [(1500, 700), (6000, 2800)])
def test_a_wide_picture_keeps_its_middle(size: tuple[int, int]) -> None:
    wide = Image.new("RGB", size, "blue")
    wide.paste(halves(size[0] // 3, size[1]), (size[0] // 3, 0))

    portrait = portrait_of(encode(wide, "PNG"))

    for column in (3, portrait.width - 4):
        assert portrait.getpixel((column, 3))[0] > 200  # type: ignore[index]


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("scale", [1, 4])
def test_the_turn_that_exif_asks_for_is_made(kind: str, scale: int) -> None:
    lying = halves(500 * scale, 700 * scale).transpose(Image.Transpose.ROTATE_90)

    made = make_portrait(turned(lying, kind))

    portrait = decode(made.jpeg)
    assert portrait.getpixel((200, 20))[0] > 200  # type: ignore[index]
    assert portrait.getpixel((200, portrait.height - 20))[2] > 200  # type: ignore[index]
    assert made.warnings == ()


def test_nothing_but_pixels_survives() -> None:
    exif = Image.Exif()
    exif[GPS] = {1: "N", 2: (39.0, 54.0, 0.0)}
    original = encode(decode(PHOTO), exif=exif.tobytes(), comment=b"hidden", icc_profile=b"profile" * 9) + b"<?php"

    portrait = make_portrait(original).jpeg

    assert decode(portrait).getexif() == {}
    assert decode(portrait).info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert not any(left in portrait for left in (b"hidden", b"profile", b"<?php"))


def test_the_same_picture_gives_the_same_bytes() -> None:
    assert make_portrait(PHOTO) == make_portrait(PHOTO)


@pytest.mark.parametrize("size", [(600, 800), (1600, 2400)])
def test_a_picture_of_ordinary_size_is_not_shrunk_on_the_way(size: tuple[int, int]) -> None:
    # Other bytes than an earlier version made would replace every photo of an import that is repeated.
    original = encode(shaded(*size))
    plainly = ImageOps.fit(decode(original), PORTRAIT_SIZE, Image.Resampling.LANCZOS, centering=(0.5, 0.25))

    assert make_portrait(original).jpeg == encode(plainly, quality=88, subsampling=0)


@pytest.mark.parametrize("mode", ["L", "P", "1", "CMYK", "RGBA", "LA", "I;16"])
@pytest.mark.parametrize("size", [(250, 350), (2000, 2800)])
def test_any_colour_mode_becomes_the_same_rgb(mode: str, size: tuple[int, int]) -> None:
    grey = shaded(*size, "L")
    image = Image.merge("LA", (grey, Image.new("L", size, 255))).convert(mode) if mode != "I;16" else grey.convert(mode)
    if mode == "I;16":
        image = image.point(lambda level: level * 257)
    data = encode(image, "JPEG" if mode == "CMYK" else "PNG")

    difference = ImageChops.difference(portrait_of(data), portrait_of(encode(grey, "PNG")))

    assert max(high for _, high in difference.getextrema()) <= (255 if mode == "1" else 12)  # type: ignore[misc]


def test_what_is_transparent_becomes_white() -> None:
    picture = shaded(250, 350, "RGBA")
    picture.paste((0, 0, 0, 0), (0, 0, 250, 40))

    assert portrait_of(encode(picture, "PNG")).getpixel((100, 10)) == (255, 255, 255)


@pytest.mark.parametrize(("kind", "save_as"), [("PNG", "PNG"), ("JPEG", "MPO")])
def test_of_several_pictures_in_one_file_the_first_counts(kind: str, save_as: str) -> None:
    several = encode(halves(250, 350), save_as, save_all=True, append_images=[shaded(250, 350)])

    assert portrait_of(several).getpixel((100, 10))[0] > 200  # type: ignore[index]
    assert Image.open(io.BytesIO(several)).format in {kind, save_as}


@pytest.mark.parametrize(
    ("size", "warnings"),
    [
        ((295, 413), ()),
        ((600, 800), ()),  # 3:4
        ((600, 900), ()),  # 2:3
        ((1080, 1920), ()),  # a phone
        ((294, 413), ("PHOTO_LOW_RESOLUTION",)),
        ((295, 412), ("PHOTO_LOW_RESOLUTION",)),
        ((600, 600), ("PHOTO_SHAPE",)),
        ((600, 1200), ("PHOTO_SHAPE",)),
        ((4000, 3000), ("PHOTO_SHAPE",)),
        ((400, 300), ("PHOTO_LOW_RESOLUTION", "PHOTO_SHAPE")),
    ],
)
def test_shape_and_resolution_are_remarked_upon(size: tuple[int, int], warnings: tuple[str, ...]) -> None:
    assert make_portrait(encode(shaded(*size))).warnings == warnings


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "PHOTO_FORMAT"),
        (b"\xff\xd8\xff", "PHOTO_FORMAT"),
        (encode(Image.new("RGB", (300, 400)), "GIF"), "PHOTO_FORMAT"),
        (encode(Image.new("RGB", (300, 400)), "TIFF"), "PHOTO_FORMAT"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heic", "PHOTO_FORMAT"),
        (png_of_announced_size(30_000, 30_000), "PHOTO_PIXELS"),
        (png_of_announced_size(13_000, 13_000), "PHOTO_PIXELS"),  # Pillow itself would only warn
        (png_of_announced_size(5_001, 5_000), "PHOTO_PIXELS"),
        (encode(Image.new("CMYK", (4_600, 5_400)), progressive=True), "PHOTO_PIXELS"),  # 200 MB of coefficients
        (encode(shaded(99, 400)), "PHOTO_SMALL"),
        (encode(shaded(400, 139)), "PHOTO_SMALL"),
        ("姓名,照片\n".encode(), "PHOTO_FORMAT"),
        (PHOTO[:2000], "PHOTO_DAMAGED"),
        (png_of_announced_size(300, 400), "PHOTO_DAMAGED"),
        (PHOTO + b"\xff\xda" * 70, "PHOTO_DAMAGED"),  # as many passes over the picture
        (encode(Image.new("RGB", (300, 400), "white")), "PHOTO_BLANK"),
        (encode(Image.new("RGBA", (300, 400), (9, 9, 9, 0)), "PNG"), "PHOTO_BLANK"),
    ],
)
def test_what_cannot_become_a_portrait_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(PhotoError, match=f"^{code}$"):
        make_portrait(data)


def test_a_single_file_is_read_within_its_limit() -> None:
    assert read_portrait(io.BytesIO(PHOTO)) == make_portrait(PHOTO)
    with pytest.raises(UsageError) as refused:
        read_portrait(io.BytesIO(bytes(MAX_FILE_BYTES + 1)))
    assert refused.value.code == "FILE_TOO_LARGE"


@given(st.binary(min_size=1, max_size=30), st.integers(0, 3000))
@settings(max_examples=100, deadline=None)
def test_damaged_bytes_give_a_portrait_or_a_refusal(patch: bytes, at: int) -> None:
    try:
        assert portrait_of(PHOTO[:at] + patch + PHOTO[at + len(patch) :]).format == "JPEG"
    except PhotoError as refused:
        assert refused.code.startswith("PHOTO_")  # noqa: PT017 - either outcome is right, a third is not
