"""QR codes in pixels."""

from collections.abc import Iterator
from typing import Final

import zxingcpp
from PIL import (
    Image,
    ImageFile,  # noqa: F401  # pixels are handed over through it: imported when first needed, a confined process could not
)

FORMATS: Final = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
MAX_QR_CODES: Final = 16
MAX_TEXT_CHARACTERS: Final = 4096
"""A QR code holds 4,296 characters at most; ours have about 220."""
SMALL_SIDE_PIXELS: Final = 600
"""Below, modules of ours are two pixels wide, and twice the size is read better."""


def find_qr_texts(picture: Image.Image) -> tuple[str, ...]:
    """Return the texts of the QR codes in a grey picture, each once, turned and mirrored ones too."""
    for attempt, binarizer in _attempts(picture):
        if texts := _read(attempt, binarizer):
            return texts
    return ()


def _attempts(picture: Image.Image) -> Iterator[tuple[Image.Image, zxingcpp.Binarizer]]:
    """Yield what photographs need one after the other: shade across the paper, blur, too few pixels."""
    yield picture, zxingcpp.Binarizer.LocalAverage
    yield picture, zxingcpp.Binarizer.GlobalHistogram
    if max(picture.size) > 2 * SMALL_SIDE_PIXELS:
        yield picture.reduce(2), zxingcpp.Binarizer.LocalAverage
    elif max(picture.size) < SMALL_SIDE_PIXELS:
        yield picture.resize((picture.width * 2, picture.height * 2)), zxingcpp.Binarizer.LocalAverage


def _read(picture: Image.Image, binarizer: zxingcpp.Binarizer) -> tuple[str, ...]:
    # As rows of plain bytes: what zxing-cpp does with a picture object needs numpy.
    rows = memoryview(picture.tobytes()).cast("B", (picture.height, picture.width))
    found = zxingcpp.read_barcodes(rows, formats=FORMATS, binarizer=binarizer)
    return tuple(dict.fromkeys(code.text[:MAX_TEXT_CHARACTERS] for code in found))[:MAX_QR_CODES]
