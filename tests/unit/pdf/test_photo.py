"""Photos as partners send them: kept, made fit, or refused."""

import io
from collections.abc import Callable

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from pdf import CertificateContent, PhotoError, render_certificate
from pdf.photo import fit_photo

MakeJpeg = Callable[..., bytes]


def test_a_plain_photo_is_embedded_byte_for_byte_under_its_own_size(
    make_jpeg: MakeJpeg, make_content: Callable[..., CertificateContent]
) -> None:
    jpeg = make_jpeg()

    document = pikepdf.open(io.BytesIO(render_certificate(make_content(photo_jpeg=jpeg))))

    images = [
        item for item in document.objects if isinstance(item, pikepdf.Stream) and item.get("/Filter") == "/DCTDecode"
    ]
    assert [image.read_raw_bytes() for image in images] == [jpeg]
    assert [(int(image.Width), int(image.Height)) for image in images] == [(295, 413)]


def test_a_greyscale_photo_stays_greyscale(make_jpeg: MakeJpeg) -> None:
    jpeg = make_jpeg("L")

    photo = fit_photo(jpeg)

    assert (photo.jpeg, photo.greyscale) == (jpeg, True)


def test_a_cmyk_photo_becomes_rgb_of_the_same_colours(make_jpeg: MakeJpeg) -> None:
    photo = fit_photo(make_jpeg("CMYK"))

    image = Image.open(io.BytesIO(photo.jpeg))
    red, green, blue = image.getpixel((100, 400))  # type: ignore[misc]  # an RGB pixel
    assert image.mode == "RGB"
    assert blue > green > red


def test_a_photo_taken_sideways_is_turned_upright(make_jpeg: MakeJpeg) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    sideways = Image.open(io.BytesIO(make_jpeg())).rotate(90, expand=True)
    written = io.BytesIO()
    sideways.save(written, "JPEG", exif=exif)

    photo = fit_photo(written.getvalue())

    image = Image.open(io.BytesIO(photo.jpeg))
    top, bottom = (sum(image.getpixel((150, y))) for y in (20, 400))  # type: ignore[arg-type]
    assert (photo.width, photo.height) == (295, 413)
    assert top > bottom


def test_place_and_comment_are_removed(make_jpeg: MakeJpeg) -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    photo = fit_photo(make_jpeg(exif=exif, comment=b"note to self"))

    assert b"taken at home" not in photo.jpeg
    assert b"note to self" not in photo.jpeg


def test_a_camera_sized_photo_is_reduced_to_what_printing_needs(make_jpeg: MakeJpeg) -> None:
    photo = fit_photo(make_jpeg(size=(2500, 3500)))

    assert (photo.width, photo.height) == (591, 827)


@pytest.mark.parametrize("size", [(99, 413), (295, 139), (10, 10), (5000, 5000)])
def test_a_photo_of_unprintable_size_is_refused(size: tuple[int, int], make_jpeg: MakeJpeg) -> None:
    with pytest.raises(PhotoError, match=r"100 x 140|24 megapixels"):
        fit_photo(make_jpeg(size=size))


def test_a_photo_too_short_once_upright_is_refused(make_jpeg: MakeJpeg) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6

    with pytest.raises(PhotoError, match="100 x 140"):
        fit_photo(make_jpeg(size=(110, 160), exif=exif))


def test_what_is_no_jpeg_is_refused(make_jpeg: MakeJpeg) -> None:
    png = io.BytesIO()
    Image.new("RGB", (295, 413)).save(png, "PNG")

    for file in (b"", b"\xff\xd8\xff", b"%PDF-1.7", png.getvalue(), make_jpeg()[:2000]):
        with pytest.raises(PhotoError, match="not a readable JPEG"):
            fit_photo(file)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_damaged_photo_is_drawn_or_refused_with_our_own_error(data: st.DataObject) -> None:
    jpeg = bytearray(DAMAGEABLE)
    for _ in range(data.draw(st.integers(1, 6))):
        jpeg[data.draw(st.integers(0, len(jpeg) - 1))] = data.draw(st.integers(0, 255))

    try:
        assert fit_photo(bytes(jpeg)).jpeg
    except PhotoError:
        return


def _photo_with_exif() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 3
    exif[0x010E] = "description"
    written = io.BytesIO()
    Image.effect_noise((160, 220), 40).save(written, "JPEG", exif=exif)
    return written.getvalue()


DAMAGEABLE = _photo_with_exif()
