"""The holder's photo, made fit for embedding."""

import io

import msgspec
from PIL import Image, ImageOps
from reportlab.lib.units import mm

from pdf.errors import PhotoError
from pdf.layouts import Area
from pdf.paths import numbers, rectangle

# 25 x 35 mm at 100 dpi; below that a face is a blur in print.
_LEAST_WIDTH, _LEAST_HEIGHT = 100, 140
# Of what is too tall: heads are in the upper part of a picture.
_CUT_ABOVE = 0.25
# What one request may make the decoder allocate: 24 megapixels, some 70 MB.
_MOST_PIXELS = 24_000_000
# 25 x 35 mm at 600 dpi: more would only make the file larger.
_PRINT_SIZE = (591, 827)
_QUALITY = 90
# What Pillow reports of a JPEG that carries nothing but its picture.
_BARE_JPEG_INFO = frozenset({"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "progressive", "progression"})


class Photo(msgspec.Struct, frozen=True):
    """A baseline or progressive JPEG in RGB or greyscale, upright, without metadata."""

    jpeg: bytes
    width: int
    height: int
    greyscale: bool


def fit_photo(jpeg: bytes) -> Photo:
    """The photo ready to embed: the same bytes if they are plain already, so that their digest can be checked
    against the file; else turned upright, converted to RGB, reduced to 600 dpi and freed of metadata.

    Metadata goes because a phone writes place and time of the picture into it, and the certificate is passed on.

    Raises:
        PhotoError: not a whole JPEG, below 100 x 140 pixels, or above 24 megapixels.
    """
    try:
        with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as image:
            return _fit(image, jpeg)
    except PhotoError:
        raise
    except Exception as error:
        # Pillow's readers of damaged metadata raise what they stumble on: struct.error, TypeError and more.
        raise PhotoError("the photo is not a readable JPEG") from error


def place_photo(photo: Photo, area: Area) -> str:
    """Return the operators that fill the area with the photo.

    What is too wide is cut evenly on both sides; of what is too tall, a quarter goes above and the rest below.
    """
    scale = max(area.width / photo.width, area.height / photo.height) * mm
    width, height = photo.width * scale, photo.height * scale
    left = area.centre[0] * mm - width / 2
    bottom = area.bottom * mm - (height - area.height * mm) * (1 - _CUT_ABOVE)
    clip = rectangle(area.left * mm, area.bottom * mm, area.width * mm, area.height * mm)
    matrix = f"{numbers(width)} 0 0 {numbers(height, left, bottom)} cm"
    return f"q {clip} W n {matrix} /FormXob.photo Do Q"


def _fit(image: Image.Image, jpeg: bytes) -> Photo:
    if image.width * image.height > _MOST_PIXELS:
        raise PhotoError("the photo has more than 24 megapixels")
    if _is_plain(image):
        _require_pixels(image)
        plain = Photo(jpeg=jpeg, width=image.width, height=image.height, greyscale=image.mode == "L")
        _require_whole(image)
        return plain
    upright = ImageOps.exif_transpose(image)
    _require_pixels(upright)
    return _converted(upright)


def _require_pixels(image: Image.Image) -> None:
    if image.width < _LEAST_WIDTH or image.height < _LEAST_HEIGHT:
        raise PhotoError(f"the photo has {image.width} x {image.height} pixels: 100 x 140 are needed")


def _require_whole(image: Image.Image) -> None:
    """Read to the end a picture that is embedded as it is: it may have been cut off on its way.

    An eighth of the size suffices: every bit is still read, but a sixty-fourth of the pixels computed.
    """
    image.draft(image.mode, (image.width // 8, image.height // 8))
    image.load()


def _is_plain(image: Image.Image) -> bool:
    fits = image.width <= _PRINT_SIZE[0] and image.height <= _PRINT_SIZE[1]
    return fits and image.mode in {"RGB", "L"} and _BARE_JPEG_INFO.issuperset(image.info)


def _converted(upright: Image.Image) -> Photo:
    picture = upright.convert("RGB")
    picture.thumbnail(_PRINT_SIZE)
    # Pillow would write what it read (EXIF, XMP, comments) back into the new file.
    picture.info.clear()
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=_QUALITY)
    return Photo(jpeg=written.getvalue(), width=picture.width, height=picture.height, greyscale=False)
