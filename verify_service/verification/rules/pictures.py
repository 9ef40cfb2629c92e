"""Photographs and screen shots of a QR code."""

import io
from typing import Final

# The last three are what Pillow imports when a picture needs it: too late in a confined process.
from PIL import Image, MpoImagePlugin, PngImagePlugin, TiffImagePlugin

from verify_service.tables.rules.explanations import refusal
from verify_service.verification.model import Artefact
from verify_service.verification.rules.qr_codes import find_qr_texts

Image.preinit()
PLUGINS: Final = (MpoImagePlugin, PngImagePlugin, TiffImagePlugin)
FORMATS: Final = ("JPEG", "PNG")

MAX_PIXELS: Final = 50_000_000
"""What phones take."""
MAX_DECODED_PIXELS: Final = 12_500_000
"""What is held: a JPEG is decoded to a half or a quarter until it fits, other pictures must fit as they are."""


def read_picture(data: bytes) -> Artefact:
    """Return the QR texts of a PNG or JPEG; none are no reason to refuse.

    Raises:
        FileRefusedError: PICTURE_TOO_LARGE, PICTURE_DAMAGED.

    """
    try:
        picture = _open(data)
        grey = _grey(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise refusal("PICTURE_TOO_LARGE") from None
    except (MemoryError, ValueError, OSError, SyntaxError, EOFError, LookupError, ArithmeticError, TypeError):
        # Decoders raise whatever broken headers and pixels lead to.
        raise refusal("PICTURE_DAMAGED") from None
    return Artefact(qr_texts=find_qr_texts(grey))


def _open(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data), formats=FORMATS)
    pixels = picture.width * picture.height
    # A progressive JPEG is held whole, as coefficients, before its first pixel is made.
    if pixels > MAX_PIXELS or ("progressive" in picture.info and pixels > MAX_DECODED_PIXELS):
        raise Image.DecompressionBombError
    if pixels > MAX_DECODED_PIXELS:
        # A JPEG decoder returns the smallest eighth, quarter or half that is no smaller than this.
        share = (MAX_DECODED_PIXELS / 4 / pixels) ** 0.5
        picture.draft("L", (int(picture.width * share), int(picture.height * share)))
    if picture.width * picture.height > MAX_DECODED_PIXELS:
        raise Image.DecompressionBombError
    return picture


def _grey(picture: Image.Image) -> Image.Image:
    """Return the picture in grey, on white where it is transparent, as every screen shows it."""
    if picture.mode.startswith("I"):
        # Sixteen bits of grey; `convert` alone makes white of all above 255.
        return picture.point(lambda level: level / 256).convert("L")
    if not picture.has_transparency_data:
        return picture.convert("L")
    layer = picture.convert("LA")
    ground = Image.new("L", layer.size, 255)
    ground.paste(layer.getchannel("L"), mask=layer.getchannel("A"))
    return ground
