"""Whether a drawn file shows what it should: judged from its picture, as whoever is handed the paper sees it.

Meant to run confined, many files in one process: what decodes pictures and pages is C.
"""

import contextlib
import io
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

import pypdfium2  # type: ignore[import-untyped]  # ships no py.typed
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]
from PIL import Image

from pdf import page_form
from verify_service.documents.model import ExpectedPrint
from verify_service.errors import FileRefusedError
from verify_service.verification.model import Artefact
from verify_service.verification.rules.page_texts import check_text
from verify_service.verification.rules.pdf_files import read_pdf
from verify_service.verification.rules.pdf_pages import LINE_END_HYPHEN, MM, read_page

RASTER_DPI: Final = 400
"""Fine enough that the thinnest strokes of the smallest names cover whole pixels."""
DARK: Final = 110
"""Of 255: the name is nearly black, the rule under it (gold, 140) must not pass for it."""
PASSED: Final = ""
Box = tuple[float, float, float, float]


def inspect_prints(files: BinaryIO, sizes: list[int], expected: list[ExpectedPrint]) -> Iterator[str]:
    """Yield for each of the files, which follow one another, why it is held, as a code, or `PASSED`."""
    for size, one in zip(sizes, expected, strict=True):
        yield inspect_print(files.read(size), one)


def inspect_print(file: bytes, expected: ExpectedPrint) -> str:
    """Return why a file is held, as a code, or `PASSED`."""
    try:
        artefact = read_pdf(file)
    except FileRefusedError:
        return "PRINT_UNREADABLE"
    if artefact.record != expected.record:
        return "PRINT_RECORD_DIFFERS"
    if artefact.qr_texts != (expected.qr_text,):
        return "PRINT_QR_UNREADABLE"
    if check_text(artefact, expected.proven, expected.id_number_hash).outcome != "pass" or not _shows(
        artefact, expected.id_number
    ):
        return "PRINT_TEXT_DIFFERS"
    if not _is_name_in_ink(file, expected.proven.name):
        return "PRINT_NAME_INCOMPLETE"
    return PASSED


def _shows(artefact: Artefact, id_number: str) -> bool:
    texts = () if artefact.page is None else artefact.page.texts
    return any("".join(piece.text.split()) == id_number for piece in texts)


def _is_name_in_ink(file: bytes, name: str) -> bool:
    """Whether every character of the name has left ink where it stands: an empty glyph reads as if it were there."""
    with contextlib.closing(pypdfium2.PdfDocument(io.BytesIO(file))) as document:
        page = document[0]
        field = _name_field(*page.get_size())
        picture = _picture(page, field)
        read_page(page)  # takes the marks off, whose words would stand for the drawn characters
        boxes = _name_boxes(page.get_textpage(), field)
        drawn = "".join(character for character, _ in boxes)
        return drawn == "".join(name.split()) and all(_has_ink(picture, field, box) for _, box in boxes)


def _name_field(width: float, height: float) -> Box:
    """Return where the name may leave ink, below and above its baselines, in points."""
    place = page_form(width, height).place("name")
    return place.left * MM, (place.bottom - 3) * MM, place.right * MM, (place.top + 11) * MM


def _picture(page: Any, field: Box) -> Image.Image:  # noqa: ANN401  # the package is untyped
    """Return the name field in grey."""
    width, height = page.get_size()
    left, bottom, right, top = field
    bitmap = page.render(scale=RASTER_DPI / 72, grayscale=True, crop=(left, bottom, width - right, height - top))
    size = (bitmap.width, bitmap.height)
    return Image.frombuffer("L", size, bytes(bitmap.buffer), "raw", "L", bitmap.stride, 1)


def _name_boxes(loaded: Any, field: Box) -> list[tuple[str, Box]]:  # noqa: ANN401
    """Return each drawn character of the name field with its box, in points from the lower left corner."""
    boxes: list[tuple[str, Box]] = []
    high = 0
    for index in range(loaded.count_chars()):
        unit = pdfium.FPDFText_GetUnicode(loaded, index)
        if 0xD800 <= unit < 0xDC00:  # a character beyond U+FFFF comes in two
            high = unit
            continue
        character = chr(0x10000 + (high - 0xD800 << 10) + unit - 0xDC00) if 0xDC00 <= unit < 0xE000 else chr(unit)
        left, bottom, right, top = loaded.get_charbox(index)
        if not character.isspace() and _holds(field, (left + right) / 2, (bottom + top) / 2):
            boxes.append((character.replace(LINE_END_HYPHEN, "-"), (left, bottom, right, top)))
    return boxes


def _holds(field: Box, x: float, y: float) -> bool:
    return field[0] <= x <= field[2] and field[1] <= y <= field[3]


def _has_ink(picture: Image.Image, field: Box, box: Box) -> bool:
    scale = RASTER_DPI / 72
    left, right = ((x - field[0]) * scale for x in (box[0], box[2]))
    upper, lower = ((field[3] - y) * scale for y in (box[3], box[1]))
    cut = picture.crop((int(left), int(upper), int(right) + 1, int(lower) + 1))
    darkest, _ = cut.getextrema()
    return isinstance(darkest, int) and darkest < DARK
