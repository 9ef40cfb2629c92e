"""Coverage, metrics and subsets of the faces in the package."""

from pathlib import Path

import pytest

from pdf import FontError, MissingGlyphError
from pdf.fonts import FONT_FOLDER, Face, Style, face

GB2312 = "".join(
    bytes((row, cell)).decode("gb2312", "ignore") for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF)
)


@pytest.mark.parametrize("style", [Style.TITLE, Style.HEADING, Style.TEXT, Style.KAI])
def test_every_face_covers_gb2312_and_ascii(style: Style) -> None:
    printable = "".join(map(chr, range(0x20, 0x7F)))

    assert face(style).missing(GB2312 + printable + "·“”，。、《》〇") == ()


def test_han_are_one_em_wide() -> None:
    assert face(Style.KAI).width("张𠮷") == pytest.approx(2.0)


def test_a_subset_keeps_the_asked_glyphs_in_their_order() -> None:
    kai = face(Style.KAI)
    glyphs = tuple(kai.glyphs("𠮷张一"))

    subset = kai.subset(glyphs)

    assert len(subset.program) < 4000
    assert sorted(subset.positions) == [1, 2, 3]
    by_number = [position for _, position in sorted(zip(glyphs, subset.positions, strict=True))]
    assert by_number == [1, 2, 3]


def test_an_outline_is_a_closed_path_inside_the_em() -> None:
    segments = face(Style.KAI).outline("一")

    operators = [operator for operator, _ in segments]
    assert (operators[0], operators[-1]) == ("m", "h")
    assert all(-0.3 <= value <= 1.2 for _, coordinates in segments for value in coordinates)


def test_a_face_names_every_character_it_lacks() -> None:
    with pytest.raises(MissingGlyphError) as refused:
        face(Style.TITLE).glyphs("证𠮷书䶮")

    assert refused.value.characters == ("𠮷", "䶮")


def test_a_missing_or_damaged_font_file_is_a_font_error(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.ttf"
    damaged.write_bytes((FONT_FOLDER / Style.TITLE.value).read_bytes()[:100])

    for path in (tmp_path / "absent.ttf", damaged):
        with pytest.raises(FontError, match=path.name):
            Face(path)
