"""What is shown as codes is read back as the characters that were written."""

from pdf.embedding import EmbeddedFace, FontSet, _to_unicode
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
    first, second = (EmbeddedFace(face(Style.TEXT), "F1") for _ in range(2))

    assert first.encode("一二一") == "000100020001"
    assert first.encode("二") == "0002"
    assert second.encode("二") == "0001"


def test_two_characters_of_one_glyph_have_two_codes() -> None:
    text = face(Style.TEXT)
    assert text.glyph("⼀") == text.glyph("一")

    assert EmbeddedFace(text, "F1").encode("⼀一") == "00010002"


def test_what_the_sheet_shows_already_needs_no_font_of_its_own() -> None:
    kai = face(Style.KAI)
    sheet = FontSet("F")
    sheet.face_for(kai, "男女").encode("男女")
    certificate = FontSet("N", sheet)

    assert certificate.face_for(kai, "女").resource == "F1"
    assert certificate.face_for(kai, "女娲").resource == "N1"
    assert not sheet.shows(kai, "娲")
