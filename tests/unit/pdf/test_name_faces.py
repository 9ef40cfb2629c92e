"""Which faces draw names: the package's, and those of an operator's folder."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pdf import CertificateContent, FontError, MissingGlyphError, open_name_faces, render_certificate
from pdf.fonts import FONT_FOLDER, Style
from tests.fonts import square_font

RARE = "𪚥"
SONG = (FONT_FOLDER / Style.TEXT.value).read_bytes()
MakeContent = Callable[..., CertificateContent]


@pytest.fixture(name="folder")
def make_folder(tmp_path: Path) -> Path:
    (tmp_path / "b-first.ttf").write_bytes(square_font(RARE + "张", name="First"))
    (tmp_path / "c-second.TTF").write_bytes(square_font(RARE + "\U00031746", empty="\U00031350", name="Second"))
    (tmp_path / "LICENCE.txt").write_text("no font")
    return tmp_path


@pytest.mark.parametrize("text", ["䶮㛃𬍛𠅤𠮷𬱖𮧵㙓镕堃喆昇𣲗", "阿·‧•・", "Łǅſẞ'’-. ỹ"])
def test_usual_and_rare_characters_of_names_are_all_drawn(text: str) -> None:
    assert open_name_faces().missing(text) == ()


def test_missing_characters_are_listed_once_and_in_order() -> None:
    assert open_name_faces().missing("\U0002ffff张\U0002fffe\U0002ffff") == ("\U0002ffff", "\U0002fffe")


@pytest.mark.parametrize("hidden", ["\u200b", "\u200d", "\u202e", "\ufeff", "\u00ad", "\x00", "\n", "\ue000"])
def test_what_cannot_be_seen_counts_as_missing(hidden: str) -> None:
    assert open_name_faces().missing(f"张{hidden}") == (hidden,)


def test_added_faces_draw_what_ours_lack_in_the_order_of_their_file_names(folder: Path) -> None:
    runs = open_name_faces(folder).runs(f"张{RARE}\U00031746")

    assert [(run.face.name, run.text) for run in runs] == [
        ("LXGWWenKai-Regular", "张"),
        ("First", RARE),
        ("Second", "\U00031746"),
    ]


def test_an_empty_glyph_counts_as_missing(folder: Path) -> None:
    assert open_name_faces(folder).missing(f"\U00031350{RARE}") == ("\U00031350",)


def test_a_name_in_an_added_face_is_drawn_and_copied(
    folder: Path, make_content: MakeContent, extract_text: Callable[[bytes], str]
) -> None:
    content = make_content(name=f"张{RARE}")

    drawn = render_certificate(content, faces=open_name_faces(folder))

    assert f"张{RARE} 性别" in extract_text(drawn)
    assert render_certificate(content, faces=open_name_faces(folder)) == drawn
    with pytest.raises(MissingGlyphError, match=r"U\+2A6A5$"):
        render_certificate(content)


def test_added_faces_change_nothing_where_ours_suffice(folder: Path, make_content: MakeContent) -> None:
    assert render_certificate(make_content(), faces=open_name_faces(folder)) == render_certificate(make_content())


def test_a_file_that_vanishes_later_is_still_drawn_from(folder: Path, make_content: MakeContent) -> None:
    faces = open_name_faces(folder)
    content = make_content(name=f"张{RARE}")
    before = render_certificate(content, faces=faces)

    shutil.rmtree(folder)

    assert render_certificate(content, faces=faces) == before


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no TrueType outlines"),
        (b"a text", "no TrueType outlines"),
        (square_font(RARE).replace(b"glyf", b"CFF "), "no TrueType outlines"),
        (SONG[:100], "no TrueType outlines"),
        (SONG[: len(SONG) // 2], "cut off"),
    ],
    ids=["empty", "text", "PostScript outlines", "beginning", "half"],
)
def test_a_file_that_is_no_font_of_ours_is_refused_by_its_name(data: bytes, reason: str, folder: Path) -> None:
    (folder / "damaged.ttf").write_bytes(data)

    with pytest.raises(FontError, match=reason) as refused:
        open_name_faces(folder)

    assert "damaged.ttf" in str(refused.value)


def test_a_folder_without_fonts_or_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FontError, match=r"no \.ttf"):
        open_name_faces(tmp_path)
    with pytest.raises(FontError, match="cannot be read"):
        open_name_faces(tmp_path / "absent")
