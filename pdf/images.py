"""Seal and logo as operations mount them: colour and transparency."""

import io
import zlib
from functools import lru_cache
from typing import Final

import msgspec
from PIL import Image as Pillow
from PIL import UnidentifiedImageError

from pdf.errors import LogoError, SealError

# 42 mm at 150 and at 1200 dpi.
_LEAST_SEAL, _MOST_SEAL = 248, 1984
# 20 mm at 150 and at 1200 dpi.
_LEAST_LOGO, _MOST_LOGO = 118, 945
_WIDEST_LOGO: Final = 4
"""How many times as wide as high, or as high as wide."""


class Image(msgspec.Struct, frozen=True):
    """A raster of 8-bit RGB and 8-bit opacity, each deflated, rows from the top."""

    width: int
    height: int
    deflated_rgb: bytes
    deflated_alpha: bytes


@lru_cache(maxsize=4)
def read_seal(png: bytes) -> Image:
    """The seal, decoded once per process: every certificate of a batch bears the same one.

    Raises:
        SealError: not a PNG, not square, without alpha (a white square would wipe out the text under it where
            Multiply is not honoured), or outside 248 to 1984 pixels a side.
    """
    try:
        with Pillow.open(io.BytesIO(png), formats=("PNG",)) as image:
            if image.width != image.height or not _LEAST_SEAL <= image.width <= _MOST_SEAL:
                raise SealError(
                    f"the seal has {image.width} x {image.height} pixels: a square of 248 to 1984 is needed"
                )
            if not image.has_transparency_data:
                raise SealError("the seal has no alpha channel")
            return _split(image)
    except (UnidentifiedImageError, Pillow.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise SealError("the seal is not a readable PNG") from error


@lru_cache(maxsize=4)
def read_logo(png: bytes) -> Image:
    """The logo, decoded once per process.

    Raises:
        LogoError: not a PNG, its longer side outside 118 to 945 pixels, or more than four times the shorter one.
    """
    try:
        with Pillow.open(io.BytesIO(png), formats=("PNG",)) as image:
            shorter, longer = sorted((image.width, image.height))
            if not _LEAST_LOGO <= longer <= _MOST_LOGO or longer > _WIDEST_LOGO * shorter:
                raise LogoError(f"the logo has {image.width} x {image.height} pixels: 118 to 945 are printable")
            return _split(image)
    except (UnidentifiedImageError, Pillow.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise LogoError("the logo is not a readable PNG") from error


def _split(image: Pillow.Image) -> Image:
    pixels = image.convert("RGBA")
    return Image(
        width=pixels.width,
        height=pixels.height,
        deflated_rgb=zlib.compress(pixels.convert("RGB").tobytes(), 9),
        deflated_alpha=zlib.compress(pixels.getchannel("A").tobytes(), 9),
    )
