"""What the print gate sees on a drawn page."""

import io

import pikepdf
import pytest
from msgspec.structs import replace

from pdf import DESIGNS, Orientation, Palette
from signing import identity_hash
from tests.artefacts import (
    ID_NUMBER,
    ISSUED_AT,
    MASKED,
    STATEMENT,
    TOKEN,
    attached,
    pdf,
    qr_text,
    record,
    signed_pdf,
)
from tests.pictures import block, encode, ring, shaded
from tests.unit.pdf.test_certificate import NAMES
from verify_service.clock import date_in_shanghai
from verify_service.documents.model import ExpectedPrint
from verify_service.documents.rules.prints import PASSED, inspect_print, inspect_prints
from verify_service.verification.model import ProvenCertificate

GROUNDS = dict.fromkeys(("paper", "band", "underprint"), "#D9D9D9")
EXPECTED = ExpectedPrint(
    record=record(),
    qr_text=qr_text(),
    id_number=ID_NUMBER,
    id_number_hash=STATEMENT.id_number_hash,
    proven=ProvenCertificate(
        number=STATEMENT.certificate_number,
        name=STATEMENT.name,
        issued_on=date_in_shanghai(ISSUED_AT),
        title=STATEMENT.title,
        sex=STATEMENT.sex,
    ),
)


def with_an_empty_glyph(file: bytes, number: int) -> bytes:
    """Return the file with one glyph of the face of names gone: its text still reads as before."""
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(file)) as document:
        descriptor = document.pages[0].Resources.Font.N1.DescendantFonts[0].FontDescriptor
        font = bytearray(descriptor.FontFile2.read_bytes())
        width = 4 if font[place_of(font, b"head") + 51] else 2  # indexToLocFormat
        entry = place_of(font, b"loca") + number * width
        font[entry + width : entry + 2 * width] = font[entry : entry + width]  # ends where it begins
        descriptor.FontFile2.write(bytes(font))
        document.save(written)
    return written.getvalue()


def place_of(font: bytearray, tag: bytes) -> int:
    """Return where a table begins, by the directory: tag, checksum, offset, length."""
    entry = font.index(tag)
    return int.from_bytes(font[entry + 8 : entry + 12], "big")


def named(name: str) -> ExpectedPrint:
    return replace(EXPECTED, proven=replace(EXPECTED.proven, name=name))


def test_what_was_drawn_as_it_should_be_passes() -> None:
    assert inspect_print(pdf(), EXPECTED) == PASSED
    assert inspect_print(signed_pdf(), EXPECTED) == PASSED
    assert inspect_print(pdf(id_number=MASKED), replace(EXPECTED, id_number=MASKED)) == PASSED


@pytest.mark.parametrize("orientation", Orientation)
@pytest.mark.parametrize("seal", [None, ring(), ring(1984)], ids=["specimen", "seal", "the largest seal"])
@pytest.mark.parametrize("design", DESIGNS)
def test_either_page_passes_with_any_image(orientation: Orientation, seal: bytes | None, design: str) -> None:
    drawn = pdf(
        design=design, orientation=orientation, seal_png=seal, logo_png=block(), photo_jpeg=encode(shaded(600, 413))
    )

    assert inspect_print(drawn, EXPECTED) == PASSED


@pytest.mark.parametrize("orientation", Orientation)
def test_either_page_is_held_for_another_name(orientation: Orientation) -> None:
    drawn = pdf(orientation=orientation, seal_png=ring(), logo_png=block(), photo_jpeg=encode(shaded()))

    assert inspect_print(drawn, named("欧阳堃")) == "PRINT_TEXT_DIFFERS"


@pytest.mark.parametrize("orientation", Orientation)
def test_no_colour_hides_that_a_character_left_no_ink(orientation: Orientation) -> None:
    """Rules as dark as the ink, and the darkest grounds, would pass for it if they were counted."""
    dark = Palette(**dict.fromkeys(("accent", "gold", "label", "ink", "muted"), "#000000"), **GROUNDS)
    drawn = pdf(orientation=orientation, palette=dark)

    assert inspect_print(drawn, EXPECTED) == PASSED
    found = [inspect_print(with_an_empty_glyph(drawn, number), EXPECTED) for number in range(1, 6)]
    assert found.count("PRINT_NAME_INCOMPLETE") >= 3


@pytest.mark.parametrize("orientation", Orientation)
def test_the_lightest_colours_of_a_palette_pass(orientation: Orientation) -> None:
    light = Palette(**dict.fromkeys(("accent", "gold", "label", "muted"), "#A5A5A5"), ink="#595959", **GROUNDS)

    assert inspect_print(pdf(orientation=orientation, palette=light), EXPECTED) == PASSED


@pytest.mark.parametrize("name", NAMES)
def test_every_name_that_can_be_drawn_is_found_in_ink(name: str) -> None:
    assert inspect_print(pdf(name=name), named(name)) == PASSED


@pytest.mark.parametrize(
    ("file", "expected", "reason"),
    [
        (b"%PDF-1.7 and no more", EXPECTED, "PRINT_UNREADABLE"),
        (pdf(), replace(EXPECTED, record=record(name="王芳")), "PRINT_RECORD_DIFFERS"),
        (pdf(), replace(EXPECTED, qr_text=qr_text(name="王芳")), "PRINT_QR_UNREADABLE"),
        (pdf(id_number=MASKED), EXPECTED, "PRINT_TEXT_DIFFERS"),
        (pdf(), replace(EXPECTED, id_number=MASKED), "PRINT_TEXT_DIFFERS"),
        (pdf(attachments=attached(record_bytes=record())), EXPECTED, "PRINT_TEXT_DIFFERS"),
        (pdf(), replace(EXPECTED, id_number_hash=identity_hash(ID_NUMBER, bytes([1]) * 16)), "PRINT_TEXT_DIFFERS"),
        (pdf(), named("欧阳堃"), "PRINT_TEXT_DIFFERS"),
        (pdf(), replace(EXPECTED, proven=replace(EXPECTED.proven, sex="男")), "PRINT_TEXT_DIFFERS"),
    ],
    ids=["no PDF", "record", "QR code", "masked", "not masked", "no salt", "salt", "name", "sex"],
)
def test_what_shows_something_else_is_held(file: bytes, expected: ExpectedPrint, reason: str) -> None:
    assert inspect_print(file, expected) == reason


def test_a_character_that_left_no_ink_is_noticed() -> None:
    """Four glyphs of the name, and that of the sex, for which the text alone is compared."""
    found = [inspect_print(with_an_empty_glyph(pdf(), number), EXPECTED) for number in range(1, 6)]

    assert found.count("PRINT_NAME_INCOMPLETE") >= 3
    assert found.count(PASSED) <= 1


def test_files_that_follow_one_another_are_told_apart() -> None:
    files = [pdf(), pdf(name="王芳"), pdf()]
    joined = io.BytesIO(b"".join(files))

    found = list(inspect_prints(joined, [len(file) for file in files], [EXPECTED] * 3))

    assert found == [PASSED, "PRINT_TEXT_DIFFERS", PASSED]
    assert TOKEN in EXPECTED.qr_text
