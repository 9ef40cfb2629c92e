"""The seal image that operations mount, as colour and transparency."""

import io
import zlib
from functools import lru_cache

import msgspec
from PIL import Image, UnidentifiedImageError

from pdf.errors import SealError

# 42 mm at 150 and at 1200 dpi.
_LEAST_SIDE, _MOST_SIDE = 248, 1984


class SealImage(msgspec.Struct, frozen=True):
    """A square raster: 8-bit RGB and 8-bit opacity, each deflated, rows from the top."""

    side: int
    deflated_rgb: bytes
    deflated_alpha: bytes


@lru_cache(maxsize=4)
def read_seal(png: bytes) -> SealImage:
    """The seal, decoded once per process: every certificate of a batch bears the same one.

    Raises:
        SealError: not a PNG, not square, without alpha (a white square would wipe out the text under it where
            Multiply is not honoured), or outside 248 to 1984 pixels a side.
    """
    try:
        with Image.open(io.BytesIO(png), formats=("PNG",)) as image:
            if image.width != image.height or not _LEAST_SIDE <= image.width <= _MOST_SIDE:
                raise SealError(
                    f"the seal has {image.width} x {image.height} pixels: a square of 248 to 1984 is needed"
                )
            if not image.has_transparency_data:
                raise SealError("the seal has no alpha channel")
            pixels = image.convert("RGBA")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise SealError("the seal is not a readable PNG") from error
    return SealImage(
        side=pixels.width,
        deflated_rgb=zlib.compress(pixels.convert("RGB").tobytes(), 9),
        deflated_alpha=zlib.compress(pixels.getchannel("A").tobytes(), 9),
    )
