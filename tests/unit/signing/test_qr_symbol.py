import msgspec
import pytest
import segno
import zxingcpp
from PIL import Image

from signing import (
    Ed25519Signer,
    MalformedCredentialError,
    QrClaims,
    format_qr_text,
    qr_matrix,
    qr_structure,
    sign_qr,
)
from signing.qr import MAX_QR_TEXT_CHARACTERS

PUBLIC_URL = "https://rz.example.cn"
QUIET_ZONE = 4


def _read(matrix: tuple[tuple[bool, ...], ...], pixels_per_module: int) -> str | None:
    """What a reader sees on white paper."""
    modules = len(matrix) + 2 * QUIET_ZONE
    image = Image.new("L", (modules, modules), 255)
    for y, row in enumerate(matrix, QUIET_ZONE):
        for x, dark in enumerate(row, QUIET_ZONE):
            image.putpixel((x, y), 0 if dark else 255)
    pixels = modules * pixels_per_module
    found = zxingcpp.read_barcode(image.resize((pixels, pixels), Image.Resampling.NEAREST))
    return None if found is None else str(found.text)


@pytest.mark.parametrize("pixels_per_module", [2, 3, 8])
@pytest.mark.parametrize("name", ["王芳", "𠮷野·𬱖", "阿卜杜热合曼·买买提艾力·吐尔逊江·艾合买提·阿不都"])
def test_an_independent_reader_reads_the_text(
    claims: QrClaims, qr_signer: Ed25519Signer, name: str, pixels_per_module: int
) -> None:
    signed = sign_qr(qr_structure(msgspec.structs.replace(claims, name=name), 1), qr_signer)
    text = format_qr_text(PUBLIC_URL, signed)

    assert _read(qr_matrix(text), pixels_per_module) == text


@pytest.mark.parametrize(("length", "version"), [(213, 10), (214, 11), (251, 11), (287, 12), (331, 13)])
def test_the_symbol_is_no_larger_than_the_text_needs_at_level_m(length: int, version: int) -> None:
    text = PUBLIC_URL + "a" * (length - len(PUBLIC_URL))

    matrix = qr_matrix(text)

    assert {len(row) for row in matrix} == {len(matrix)} == {17 + 4 * version}
    assert segno.make_qr(text, error="m", boost_error=False).version == version


@pytest.mark.parametrize("text", ["王芳", PUBLIC_URL + "a" * 1024])
def test_what_is_no_qr_text_is_not_drawn(text: str) -> None:
    with pytest.raises(MalformedCredentialError):
        qr_matrix(text)


def test_the_longest_text_there_is_can_be_drawn() -> None:
    assert qr_matrix("a" * MAX_QR_TEXT_CHARACTERS)


@pytest.mark.parametrize("length", [214, 230, 251])
def test_every_symbol_says_level_m_and_mask_2(length: int) -> None:
    """ISO/IEC 18004, Table C.1: M with mask 010 is 101111001111100, at row 8 from the left, round the finder, up."""
    matrix = qr_matrix("a" * length)

    across = [matrix[8][column] for column in (0, 1, 2, 3, 4, 5, 7, 8)]
    up = [matrix[row][8] for row in (7, 5, 4, 3, 2, 1, 0)]
    assert "".join("01"[dark] for dark in across + up) == "101111001111100"
