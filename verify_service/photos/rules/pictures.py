"""A partner's picture in, the certificate's portrait out."""

import io
from typing import Final

from PIL import Image, ImageOps

from verify_service.photos.model import PhotoError

MAX_PIXELS: Final = 25_000_000
MIN_SIDE_PIXELS: Final = 100
# 25 x 35 mm, the one-inch portrait, at 417 dots per inch.
PORTRAIT_SIZE: Final = (410, 574)
JPEG_QUALITY: Final = 88
FORMATS: Final = ("JPEG", "PNG")


def require_picture(data: bytes) -> None:
    """Refuse what is no JPEG or PNG (PHOTO_FORMAT), too large (PHOTO_PIXELS) or too small (PHOTO_SMALL) to print.

    Reads the header only: a 106 KB file can announce 900 million pixels.
    """
    _open(data).close()


def normalise_photo(data: bytes) -> bytes:
    """Return a JPEG of 25:35 in RGB, cropped to the middle, at most 410 x 574 pixels, the same for the same input.

    It is re-encoded from pixels, turned as EXIF says, so nothing else of the file survives: no place, no camera, no
    hidden payload.

    Raises:
        PhotoError: as `require_picture`, or PHOTO_DAMAGED.

    """
    with _open(data) as picture:
        try:
            upright = ImageOps.exif_transpose(picture)
            portrait = ImageOps.fit(_on_white(upright), _portrait_size(upright.size), Image.Resampling.LANCZOS)
        except Exception:  # decoders raise whatever broken pixels and EXIF lead to
            raise PhotoError("PHOTO_DAMAGED") from None
    # A copy without the info dictionary: Pillow would write comments and profiles of the original back.
    clean = Image.frombytes("RGB", portrait.size, portrait.tobytes())
    encoded = io.BytesIO()
    clean.save(encoded, format="JPEG", quality=JPEG_QUALITY, subsampling=0)
    return encoded.getvalue()


def _open(data: bytes) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PhotoError("PHOTO_PIXELS") from None
    except Exception:  # OSError, SyntaxError, struct.error and more, as the header is broken
        raise PhotoError("PHOTO_FORMAT") from None
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise PhotoError("PHOTO_PIXELS")
    if min(width, height) < MIN_SIDE_PIXELS:
        raise PhotoError("PHOTO_SMALL")
    return picture


def _on_white(picture: Image.Image) -> Image.Image:
    """Return the picture in RGB; what is transparent becomes the white of the background rule."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layers = picture.convert("RGBA")
    background = Image.new("RGBA", layers.size, "white")
    return Image.alpha_composite(background, layers).convert("RGB")


def _portrait_size(size: tuple[int, int]) -> tuple[int, int]:
    """Return the largest 5:7 size that fits into the picture and the portrait: enlarging invents nothing."""
    steps = min(size[0] // 5, size[1] // 7, PORTRAIT_SIZE[0] // 5)
    return steps * 5, steps * 7
