"""What becomes of a QR code between the press and a phone's camera, by chance of a fixed seed."""

import io
from random import Random
from typing import Final

from PIL import Image, ImageChops, ImageFilter

from pdf.layouts import LANDSCAPE
from pdf.qr import QUIET_MODULES, Matrix, qr_area

PRINT_PIXELS_PER_MM: Final = 600 / 25.4
CAMERA_PIXELS_PER_MM: Final = 7
PAPER_MM: Final = 8
"""White around the symbol's quiet zone, so that nothing is lost when it is turned."""
MOST_DEGREES: Final = 12
MOST_PERSPECTIVE: Final = 0.08
"""How much nearer one edge of the picture is than its middle."""
BLUR_PIXELS: Final = (0.5, 1.1)
DARKEST_CORNER: Final = 0.6
NOISE: Final = 0.06
"""Share of the picture that is chance: a standard deviation of 4 in 255, as in a room by day."""
JPEG_QUALITY: Final = 40


def photograph(matrix: Matrix, chance: Random) -> Image.Image:
    """Return a phone's picture of a printed symbol: turned, tilted, blurred, unevenly lit, noisy, compressed."""
    picture = _printed(matrix)
    picture = picture.rotate(chance.uniform(-MOST_DEGREES, MOST_DEGREES), Image.Resampling.BICUBIC, fillcolor=255)
    picture = _in_perspective(picture, chance)
    side = round(picture.width / PRINT_PIXELS_PER_MM * CAMERA_PIXELS_PER_MM)
    picture = picture.resize((side, side), Image.Resampling.BOX)
    picture = picture.filter(ImageFilter.GaussianBlur(chance.uniform(*BLUR_PIXELS)))
    picture = ImageChops.multiply(picture, _light(side, chance))
    picture = Image.blend(picture, Image.frombytes("L", (side, side), chance.randbytes(side * side)), NOISE)
    return _compressed(picture)


def _printed(matrix: Matrix) -> Image.Image:
    """As wide as `pdf` prints it, the quiet zone included, at 600 dpi."""
    modules = len(matrix) + 2 * QUIET_MODULES
    symbol = Image.new("L", (modules, modules), 255)
    for y, row in enumerate(matrix, QUIET_MODULES):
        for x, dark in enumerate(row, QUIET_MODULES):
            symbol.putpixel((x, y), 0 if dark else 255)
    width = qr_area(matrix, LANDSCAPE.qr).width
    side, margin = (round(mm * PRINT_PIXELS_PER_MM) for mm in (width, PAPER_MM))
    paper = Image.new("L", (side + 2 * margin, side + 2 * margin), 255)
    paper.paste(symbol.resize((side, side), Image.Resampling.NEAREST), (margin, margin))
    return paper


def _in_perspective(picture: Image.Image, chance: Random) -> Image.Image:
    """The projection (x, y) -> (x, y) / (1 + g x + h y) about the middle, in Pillow's eight coefficients."""
    middle = picture.width / 2
    g, h = (chance.uniform(-MOST_PERSPECTIVE, MOST_PERSPECTIVE) / middle for _ in range(2))
    at_corner = 1 - (g + h) * middle
    rows = ((1 + middle * g, middle * h), (middle * g, 1 + middle * h), (g, h))
    (a, b), (d, e), (g, h) = ((left / at_corner, right / at_corner) for left, right in rows)
    shift = middle - middle / at_corner
    return picture.transform(
        picture.size,
        Image.Transform.PERSPECTIVE,
        (a, b, shift, d, e, shift, g, h),
        Image.Resampling.BICUBIC,
        fillcolor=255,
    )


def _light(side: int, chance: Random) -> Image.Image:
    """Full on one edge, falling to the opposite one, in any direction."""
    falling = Image.linear_gradient("L").point(lambda level: 255 * DARKEST_CORNER + level * (1 - DARKEST_CORNER))
    turned = falling.resize((2 * side, 2 * side)).rotate(chance.uniform(0, 360))
    return turned.crop((side // 2, side // 2, side // 2 + side, side // 2 + side))


def _compressed(picture: Image.Image) -> Image.Image:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=JPEG_QUALITY)
    return Image.open(file)
