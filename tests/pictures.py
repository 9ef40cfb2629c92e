"""Pictures and archives of them, as partners hand them in."""

import io
import zipfile
from collections.abc import Mapping

from PIL import Image


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


def pack(files: Mapping[str, bytes]) -> io.BytesIO:
    """Return a ZIP of files by their paths."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    packed.seek(0)
    return packed
