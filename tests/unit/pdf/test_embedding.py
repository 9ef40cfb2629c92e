"""What is shown as codes is read back as the characters that were written."""

from reportlab.pdfbase.pdfdoc import PDFDocument

from pdf.embedding import EmbeddedFont, _to_unicode
from pdf.fonts import Style, face


def test_astral_characters_map_to_surrogate_pairs() -> None:
    cmap = _to_unicode("张𠮷").decode("ascii")

    assert "<0001> <5F20>" in cmap
    assert "<0002> <D842DFB7>" in cmap


def test_no_block_holds_more_than_a_hundred_entries() -> None:
    cmap = _to_unicode("".join(map(chr, range(0x4E00, 0x4E00 + 201)))).decode("ascii")

    assert [line for line in cmap.splitlines() if line.endswith("beginbfchar")] == [
        "100 beginbfchar",
        "100 beginbfchar",
        "1 beginbfchar",
    ]


def test_a_character_keeps_its_code_within_a_document_and_starts_anew_in_the_next() -> None:
    font = EmbeddedFont(face(Style.TEXT))
    first, second = PDFDocument(), PDFDocument()

    assert font.splitString("一二一", first) == [(0, b"\0\1\0\2\0\1")]
    assert font.splitString("二", first) == [(0, b"\0\2")]
    assert font.splitString("二", second) == [(0, b"\0\1")]


def test_two_characters_of_one_glyph_have_two_codes() -> None:
    text = face(Style.TEXT)
    assert text.glyph("⼀") == text.glyph("一")

    assert EmbeddedFont(text).splitString("⼀一", PDFDocument()) == [(0, b"\0\1\0\2")]
