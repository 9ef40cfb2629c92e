"""Pictures and archives of them, as partners hand them in."""

import io
import zipfile
from collections.abc import Mapping

from PIL import Image, ImageDraw


def encode(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    """Return an image's file."""
    encoded = io.BytesIO()
    image.save(encoded, kind, **options)
    return encoded.getvalue()


def decode(data: bytes) -> Image.Image:
    """Return a file's image, with its pixels read."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def shaded(width: int = 295, height: int = 413, mode: str = "RGB") -> Image.Image:
    """Return a picture dark above and light below, so that it is not blank."""
    return Image.linear_gradient("L").resize((width, height)).convert(mode)


def halves(width: int, height: int) -> Image.Image:
    """Return a picture red above and blue below."""
    picture = Image.new("RGB", (width, height), "blue")
    picture.paste("red", (0, 0, width, height // 2))
    return picture


def ring(side: int = 496, colour: str = "#C80000") -> bytes:
    """Return a PNG that stands where a seal would: a bare circle, which is nobody's."""
    picture = Image.new("RGBA", (side, side))
    ImageDraw.Draw(picture).ellipse((2, 2, side - 3, side - 3), outline=colour, width=side // 20)
    return encode(picture, "PNG")


def block(width: int = 300, height: int = 100, colour: str = "#2050A0") -> bytes:
    """Return a PNG that stands where a logo would: one colour."""
    return encode(Image.new("RGBA", (width, height), colour), "PNG")


def pack(files: Mapping[str, bytes]) -> io.BytesIO:
    """Return a ZIP of files by their paths."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    packed.seek(0)
    return packed
