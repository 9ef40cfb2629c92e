"""From a partner's picture to the certificate's portrait."""

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from verify_service.photos.model import PhotoError
from verify_service.photos.rules.pictures import PORTRAIT_SIZE, normalise_photo, require_picture

ORIENTATION = 0x0112
GPS = 0x8825


def encode(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    encoded = io.BytesIO()
    image.save(encoded, kind, **options)
    return encoded.getvalue()


def decode(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def png_of_announced_size(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


PHOTO = encode(Image.radial_gradient("L").resize((600, 840)).convert("RGB"))


@pytest.mark.parametrize(
    ("size", "portrait"),
    [((295, 413), (295, 413)), ((600, 840), PORTRAIT_SIZE), ((3000, 1000), PORTRAIT_SIZE), ((100, 3000), (100, 140))],
)
def test_a_portrait_is_25_by_35_and_never_enlarged(size: tuple[int, int], portrait: tuple[int, int]) -> None:
    image = decode(normalise_photo(encode(Image.new("RGB", size))))

    assert (image.size, image.mode, image.format) == (portrait, "RGB", "JPEG")


def test_a_wide_picture_keeps_its_middle() -> None:
    wide = Image.new("RGB", (1500, 700), "blue")
    wide.paste("red", (500, 0, 1000, 700))

    portrait = decode(normalise_photo(encode(wide, "PNG")))

    for corner in ((3, 3), (portrait.width - 4, portrait.height - 4)):
        red, _, blue = portrait.getpixel(corner)  # type: ignore[misc]
        assert red > 200
        assert blue < 50


def test_the_turn_that_exif_asks_for_is_made() -> None:
    lying = Image.new("RGB", (700, 500), "blue")
    lying.paste("red", (0, 0, 350, 500))
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # the camera was held upright: turn clockwise

    portrait = decode(normalise_photo(encode(lying, exif=exif.tobytes())))

    assert portrait.getpixel((200, 20))[0] > 200  # type: ignore[index]
    assert portrait.getpixel((200, portrait.height - 20))[2] > 200  # type: ignore[index]


def test_nothing_but_pixels_survives() -> None:
    exif = Image.Exif()
    exif[GPS] = {1: "N", 2: (39.0, 54.0, 0.0)}
    original = encode(decode(PHOTO), exif=exif.tobytes(), comment=b"hidden", icc_profile=b"profile" * 9) + b"<?php"

    portrait = normalise_photo(original)

    assert decode(portrait).getexif() == {}
    assert decode(portrait).info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert not any(left in portrait for left in (b"hidden", b"profile", b"<?php"))


def test_the_same_picture_gives_the_same_bytes() -> None:
    assert normalise_photo(PHOTO) == normalise_photo(PHOTO)


@pytest.mark.parametrize("mode", ["L", "P", "1", "CMYK", "RGBA", "LA", "I;16"])
def test_any_colour_mode_becomes_rgb(mode: str) -> None:
    data = encode(Image.new(mode, (250, 350)), "JPEG" if mode == "CMYK" else "PNG")

    assert decode(normalise_photo(data)).mode == "RGB"


def test_what_is_transparent_becomes_white() -> None:
    portrait = decode(normalise_photo(encode(Image.new("RGBA", (250, 350), (0, 0, 0, 0)), "PNG")))

    assert portrait.getpixel((100, 100)) == (255, 255, 255)


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
        (encode(Image.new("RGB", (99, 400))), "PHOTO_SMALL"),
    ],
)
def test_what_cannot_become_a_portrait_is_refused_by_its_header(data: bytes, code: str) -> None:
    for judge in (require_picture, normalise_photo):
        with pytest.raises(PhotoError, match=f"^{code}$"):
            judge(data)


@pytest.mark.parametrize("data", [PHOTO[:2000], png_of_announced_size(300, 400)])
def test_a_picture_with_broken_pixels_is_refused(data: bytes) -> None:
    with pytest.raises(PhotoError, match="PHOTO_DAMAGED"):
        normalise_photo(data)


@given(st.binary(min_size=1, max_size=30), st.integers(0, 3000))
@settings(max_examples=100, deadline=None)
def test_damaged_bytes_give_a_portrait_or_a_refusal(patch: bytes, at: int) -> None:
    try:
        assert decode(normalise_photo(PHOTO[:at] + patch + PHOTO[at + len(patch) :])).format == "JPEG"
    except PhotoError as refused:
        assert refused.code.startswith("PHOTO_")  # noqa: PT017 - either outcome is right, a third is not
