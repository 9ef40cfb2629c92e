"""A partner's picture in, the certificate's portrait out.

Meant to run confined: a picture of 100 KB may announce 900 million pixels, and decoders are C.
"""

import io
from typing import BinaryIO, Final

# The last three are what Pillow imports when a picture needs it: too late in a confined process.
from PIL import ExifTags, Image, ImageOps, MpoImagePlugin, PngImagePlugin, TiffImagePlugin

from verify_service.photos.model import PhotoError, Portrait
from verify_service.tables.rules.explanations import refusal

Image.preinit()
PLUGINS: Final = (MpoImagePlugin, PngImagePlugin, TiffImagePlugin)

MAX_FILE_BYTES: Final = 10 << 20
MAX_PIXELS: Final = 25_000_000
# 25 x 35 mm, the one-inch portrait, at 417 dots per inch.
PORTRAIT_SIZE: Final = (410, 574)
LOW_RESOLUTION_SIZE: Final = (295, 413)
"""The same at 300 dots per inch, what photo shops hand out."""
MIN_SIZE: Final = (100, 140)
"""The same at 100 dots per inch, the least that is printed; up to the size above it is warned of."""
CUT_ABOVE: Final = 0.25
"""Of what is too tall: heads are in the upper part of a picture. What is too wide is cut evenly on both sides."""
MAX_CUT: Final = 0.25
"""Of a picture's area; cutting 2:3, 3:4 or a phone's 9:16 to 5:7 takes less."""
BLANK_CONTRAST: Final = 8
"""Levels of 256 between the darkest and the lightest pixel that a sheet of paper has once it went through JPEG."""
JPEG_QUALITY: Final = 88
FORMATS: Final = ("JPEG", "PNG")

WHOLE_PIXELS: Final = 4_000_000
"""What is larger is shrunk while or right after it is decoded: the steps below need 24 bytes for each pixel."""
MAX_DECODING_BYTES: Final = 150_000_000
"""What decoding may hold at once. A progressive JPEG is held whole as coefficients, besides its pixels."""
MAX_SCANS: Final = 64
"""A progressive JPEG has about ten; each is a pass over the whole picture, and 20 bytes are enough for one."""
START_OF_SCAN: Final = b"\xff\xda"
STRIP_ROWS: Final = 64
TURNED: Final = frozenset({5, 6, 7, 8})
"""EXIF orientations whose stored width is the height."""
HEAD_LAST: Final = frozenset({3, 4, 7, 8})
"""EXIF orientations whose upper edge is stored as the lower or the right one."""


def read_portrait(file: BinaryIO) -> Portrait:
    """Return the portrait of a picture's file; refuse as `make_portrait`, and a larger file with FILE_TOO_LARGE."""
    data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise refusal("FILE_TOO_LARGE", megabytes=MAX_FILE_BYTES >> 20)
    return make_portrait(data)


def make_portrait(data: bytes) -> Portrait:
    """Return a JPEG of 25:35 in RGB, at least 100 x 140 and at most 410 x 574 pixels, the same for the same input.

    What is too wide is cut evenly on both sides; of what is too tall, a quarter goes above and the rest below.

    The format is told by the content: a PNG named .jpg is as good. The portrait is encoded anew from pixels turned as
    EXIF says, so nothing else of the file survives: no place, no camera, no hidden payload. Of several pictures in one
    file the first counts. Warnings: PHOTO_LOW_RESOLUTION, PHOTO_SHAPE.

    Raises:
        PhotoError: PHOTO_FORMAT (no JPEG or PNG), PHOTO_PIXELS (too many, or too much memory to decode), PHOTO_SMALL
            (too few to print), PHOTO_DAMAGED, PHOTO_BLANK (all of one colour).

    """
    with _open(data) as picture:
        stored = picture.size
        try:
            size = stored[::-1] if _orientation(picture) in TURNED else stored
            _require_pixels(size)
            upright = _upright(_shrunk(picture))
            portrait = _fitted(_on_white(upright))
        except MemoryError:
            raise PhotoError("PHOTO_PIXELS") from None
        except PhotoError:
            raise
        except Exception:  # decoders raise whatever broken pixels and EXIF lead to
            raise PhotoError("PHOTO_DAMAGED") from None
    if all(lightest - darkest <= BLANK_CONTRAST for darkest, lightest in _extremes(portrait)):
        raise PhotoError("PHOTO_BLANK")
    return Portrait(jpeg=_encode(portrait), warnings=_warnings(size))


def _open(data: bytes) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(data), formats=FORMATS)
    except (MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PhotoError("PHOTO_PIXELS") from None
    except Exception:  # OSError, SyntaxError, struct.error and more, as the header is broken
        raise PhotoError("PHOTO_FORMAT") from None
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise PhotoError("PHOTO_PIXELS")
    if picture.format != "PNG" and data.count(START_OF_SCAN) > MAX_SCANS:
        raise PhotoError("PHOTO_DAMAGED")
    return picture


def _require_pixels(size: tuple[int, int]) -> None:
    if any(had < needed for had, needed in zip(size, MIN_SIZE, strict=True)):
        raise PhotoError("PHOTO_SMALL")


def _orientation(picture: Image.Image) -> int:
    orientation = picture.getexif().get(ExifTags.Base.Orientation)
    return orientation if isinstance(orientation, int) else 1


def _shrunk(picture: Image.Image) -> Image.Image:
    """Return the picture itself, or of a large one a smaller copy that is still larger than a portrait."""
    if picture.width * picture.height <= WHOLE_PIXELS:
        return picture
    coefficients = _coefficient_bytes(picture)
    # JPEG only: decoded to a half, a quarter or an eighth. A square, because the picture may lie on its side.
    picture.draft(None, (PORTRAIT_SIZE[1], PORTRAIT_SIZE[1]))
    if coefficients + 4 * picture.width * picture.height > MAX_DECODING_BYTES:
        raise MemoryError
    picture.load()
    if picture.width * picture.height <= WHOLE_PIXELS:
        return picture
    return _reduced_middle(picture)


def _coefficient_bytes(picture: Image.Image) -> int:
    """Return what libjpeg holds of a progressive picture before its first pixel: two bytes a sample."""
    if "progressive" not in picture.info:
        return 0
    components: list[tuple[int, int, int, int]] = getattr(picture, "layer", [])
    samples = [across * down for _, across, down, _ in components]
    return 2 * picture.width * picture.height * sum(samples) // max(samples, default=1)


def _reduced_middle(picture: Image.Image) -> Image.Image:
    """Return the part of the picture that a portrait shows, on white and smaller.

    Made in strips: each step over a whole picture of 25 million pixels takes another 100 MB.
    """
    left, top, right, bottom = _shown(picture.size, _orientation(picture))
    # Twice the portrait, for the last step to be a good filter.
    factor = max(1, min(right - left, bottom - top) // (2 * PORTRAIT_SIZE[0]))
    reduced = Image.new("RGB", ((right - left) // factor, (bottom - top) // factor))
    rows = STRIP_ROWS * factor
    for strip, upper in enumerate(range(top, bottom, rows)):
        cut = _on_white(picture.crop((left, upper, right, min(upper + rows, bottom))))
        reduced.paste(cut.reduce(factor), (0, strip * STRIP_ROWS))
    reduced.info = {name: value for name, value in picture.info.items() if name != "transparency"}  # the turn is there
    return reduced


def _shown(size: tuple[int, int], orientation: int = 1) -> tuple[int, int, int, int]:
    """Return the largest 5:7 box of a picture, as it is stored, that a portrait shows."""
    is_turned = orientation in TURNED
    across, down = (7, 5) if is_turned else (5, 7)
    steps = min(size[0] // across, size[1] // down)
    along_head = 1 - CUT_ABOVE if orientation in HEAD_LAST else CUT_ABOVE
    cut_left, cut_top = (along_head, 0.5) if is_turned else (0.5, along_head)
    left = int((size[0] - steps * across) * cut_left)
    top = int((size[1] - steps * down) * cut_top)
    return left, top, left + steps * across, top + steps * down


def _upright(picture: Image.Image) -> Image.Image:
    """Return the picture turned as EXIF says; `exif_transpose` alone would copy one that already stands."""
    return picture if _orientation(picture) == 1 else ImageOps.exif_transpose(picture)


def _fitted(picture: Image.Image) -> Image.Image:
    """Return the part that a portrait shows, in a portrait's size."""
    size = _portrait_size(picture.size)
    if picture.size == size:
        return picture
    return ImageOps.fit(picture, size, Image.Resampling.LANCZOS, centering=(0.5, CUT_ABOVE))


def _on_white(picture: Image.Image) -> Image.Image:
    """Return the picture in RGB; what is transparent becomes the white of the background rule."""
    if picture.mode == "RGB" and not picture.has_transparency_data:
        picture.load()
        return picture
    if picture.mode.startswith("I"):
        # Sixteen bits of grey; `convert` alone makes white of all above 255.
        return picture.point(lambda level: level / 256).convert("L").convert("RGB")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layers = picture.convert("RGBA")
    background = Image.new("RGBA", layers.size, "white")
    return Image.alpha_composite(background, layers).convert("RGB")


def _portrait_size(size: tuple[int, int]) -> tuple[int, int]:
    """Return the largest 5:7 size that fits into the picture and the portrait: enlarging invents nothing."""
    steps = min(size[0] // 5, size[1] // 7, PORTRAIT_SIZE[0] // 5)
    return steps * 5, steps * 7


def _extremes(portrait: Image.Image) -> list[tuple[float, float]]:
    return [band.getextrema() for band in portrait.split()]  # type: ignore[misc]  # one band, one pair


def _warnings(size: tuple[int, int]) -> tuple[str, ...]:
    left, top, right, bottom = _shown(size)
    shown = right - left, bottom - top
    is_coarse = shown[0] < LOW_RESOLUTION_SIZE[0]
    is_cut = size[0] > size[1] or shown[0] * shown[1] < (1 - MAX_CUT) * size[0] * size[1]
    found = (("PHOTO_LOW_RESOLUTION", is_coarse), ("PHOTO_SHAPE", is_cut))
    return tuple(code for code, applies in found if applies)


def _encode(portrait: Image.Image) -> bytes:
    # Pixels alone, without the info dictionary: Pillow would write comments and profiles of the original back.
    clean = portrait.copy()
    clean.info = {}
    encoded = io.BytesIO()
    clean.save(encoded, format="JPEG", quality=JPEG_QUALITY, subsampling=0)
    return encoded.getvalue()
