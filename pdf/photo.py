"""The holder's photo, made fit for embedding."""

import io

import msgspec
from PIL import Image, ImageOps

from pdf.errors import PhotoError

# 25 x 35 mm at 150 dpi; below that a face is a blur in print.
_LEAST_WIDTH, _LEAST_HEIGHT = 148, 207
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
        PhotoError: not a whole JPEG, below 148 x 207 pixels, or above 24 megapixels.
    """
    try:
        with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as image:
            return _fit(image, jpeg)
    except PhotoError:
        raise
    except Exception as error:
        # Pillow's readers of damaged metadata raise what they stumble on: struct.error, TypeError and more.
        raise PhotoError("the photo is not a readable JPEG") from error


def _fit(image: Image.Image, jpeg: bytes) -> Photo:
    if image.width * image.height > _MOST_PIXELS:
        raise PhotoError("the photo has more than 24 megapixels")
    # Decodes the whole picture, which also finds a file that was cut off on its way.
    upright = ImageOps.exif_transpose(image)
    if upright.width < _LEAST_WIDTH or upright.height < _LEAST_HEIGHT:
        raise PhotoError(f"the photo has {upright.width} x {upright.height} pixels: 148 x 207 are needed")
    if _is_plain(image):
        return Photo(jpeg=jpeg, width=image.width, height=image.height, greyscale=image.mode == "L")
    return _converted(upright)


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
