"""The file as readers see it: text, fonts, metadata, and the same bytes every time."""

import datetime
import hashlib
import io
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pdf import (
    DESIGNS,
    CertificateContent,
    MissingGlyphError,
    PdfError,
    TextTooLongError,
    UnknownDesignError,
    render_certificate,
)

MakeContent = Callable[..., CertificateContent]

NAMES = (
    "王伟",
    "张𠮷",
    "𠮷野",
    "李娜",
    "欧阳堃喆",
    "司马光",
    "诸葛孔明",
    "镕基",
    "昇平",
    "𣲗水",
    "䶮㛃𬍛",
    "𠅤𠮷𬱖",
    "𮧵㙓镕",
    "䶮㛃𬍛𠅤𠮷𬱖",
    "⼀一",
    "吕洞宾",
    "阿卜杜热合曼·买买提明",
    "吾尔开希‧买买提",
    "扎西•次仁",
    "吾尔开希·买买提·阿卜杜热合曼·艾合买提江·托合提",
    "司马相如诸葛亮欧阳修上官婉儿夏侯惇公孙瓒东方朔令",
    "José",
    "Zoë Brontë",
    "Mary Ann Smith",
    "Mary Ann Elizabeth Fitzgerald-Montgomery of Aberde",
    "Wolfeschlegelsteinhausenbergerdorffwelchevoraltern",
    "O'Brien",
    "汉" * 50,
    "王",
    "Łukasz Weiß",
    "王Anna",
    "赵䨱",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_copied_from_the_page_as_it_was_written(
    name: str, make_content: MakeContent, extract_text: Callable[[bytes], str]
) -> None:
    text = extract_text(render_certificate(make_content(name=name)))

    assert f"{name} 性别" in text.replace("\n", " ")


@pytest.mark.parametrize("code", sorted(DESIGNS))
def test_every_design_renders_without_photo_and_seal(code: str, make_content: MakeContent) -> None:
    file = render_certificate(make_content(design=code))

    assert len(pikepdf.open(io.BytesIO(file)).pages) == 1


def test_the_id_number_is_printed_as_given(make_content: MakeContent, extract_text: Callable[[bytes], str]) -> None:
    masked = "1****************X"

    text = extract_text(render_certificate(make_content(id_number=masked)))

    assert masked in text
    assert "11010119900307425X" not in text


def test_an_empty_field_is_never_left_blank(make_content: MakeContent, extract_text: Callable[[bytes], str]) -> None:
    text = extract_text(render_certificate(make_content(sex="")))

    assert "Sex --" in text.replace("\n", " ")


def test_the_date_has_no_leading_zeros(make_content: MakeContent, extract_text: Callable[[bytes], str]) -> None:
    assert "2026年3月5日" in extract_text(render_certificate(make_content()))


@pytest.mark.parametrize(
    ("name", "named"),
    [("张\U0002ffff", "U+2FFFF"), ("李\u200b明", "U+200B"), ("王\ue000", "U+E000"), ("a\nb", "U+000A")],
)
def test_a_character_without_a_glyph_is_refused_by_code_point_alone(
    name: str, named: str, make_content: MakeContent
) -> None:
    with pytest.raises(MissingGlyphError) as refused:
        render_certificate(make_content(name=name))

    assert str(refused.value) == f"no face draws {named}"


def test_all_missing_characters_are_named_at_once(make_content: MakeContent) -> None:
    with pytest.raises(MissingGlyphError) as refused:
        render_certificate(make_content(name="\U0002fffe张\U0002ffff\U0002fffe"))

    assert refused.value.characters == ("\U0002fffe", "\U0002ffff")


@pytest.mark.parametrize("field", ["issuer", "title", "unit", "statement", "lookup_hint"])
def test_a_configured_text_is_refused_rather_than_printed_with_a_gap(field: str, make_content: MakeContent) -> None:
    content = make_content()
    texts = msgspec.structs.replace(content.texts, **{field: "中心\U0002ffff"})

    with pytest.raises(MissingGlyphError, match=r"U\+2FFFF"):
        render_certificate(msgspec.structs.replace(content, texts=texts))


def test_a_text_too_long_for_its_line_is_refused_by_field(make_content: MakeContent) -> None:
    content = make_content()
    texts = msgspec.structs.replace(content.texts, title="证书" * 20)

    with pytest.raises(TextTooLongError, match="title"):
        render_certificate(msgspec.structs.replace(content, texts=texts))


def test_an_unknown_design_is_refused(make_content: MakeContent) -> None:
    with pytest.raises(UnknownDesignError):
        render_certificate(make_content(design="nobody"))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(max_size=60))
def test_any_name_is_drawn_or_refused_with_our_own_error(name: str, make_content: MakeContent) -> None:
    try:
        file = render_certificate(make_content(name=name))
    except PdfError:
        return

    assert file.startswith(b"%PDF-1.7")


def test_equal_contents_give_equal_bytes(make_content: MakeContent) -> None:
    assert render_certificate(make_content()) == render_certificate(make_content())


def test_different_contents_give_different_file_identifiers(make_content: MakeContent) -> None:
    files = [render_certificate(make_content(name=name)) for name in ("王伟", "王芳")]

    identifiers = {bytes(pikepdf.open(io.BytesIO(file)).trailer.ID[0]) for file in files}
    assert len(identifiers) == 2


def test_threads_draw_the_same_bytes_as_one_after_the_other(make_content: MakeContent) -> None:
    contents = [make_content(name=name) for name in NAMES[:8]]
    expected = [render_certificate(content) for content in contents]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(render_certificate, contents)) == expected


def test_another_process_another_day_draws_the_same_bytes(make_content: MakeContent, tmp_path: Path) -> None:
    content = make_content(name="张𠮷")
    (tmp_path / "content").write_bytes(msgspec.msgpack.encode(content))
    script = (
        "import hashlib, msgspec, pathlib, sys; from pdf import CertificateContent, render_certificate; "
        "content = msgspec.msgpack.decode(pathlib.Path(sys.argv[1]).read_bytes(), type=CertificateContent); "
        "print(hashlib.sha256(render_certificate(content)).hexdigest())"
    )

    digests = {
        subprocess.run(  # noqa: S603 - our own interpreter and script
            [sys.executable, "-c", script, str(tmp_path / "content")],
            env={**os.environ, "PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": epoch, "TZ": zone},
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        for seed, epoch, zone in (("1", "1000000000", "UTC"), ("2", "1700000000", "Asia/Shanghai"))
    }

    assert digests == {hashlib.sha256(render_certificate(content)).hexdigest()}


def test_every_font_is_an_embedded_unicode_subset(make_content: MakeContent) -> None:
    document = pikepdf.open(io.BytesIO(render_certificate(make_content(name="张𠮷"))))

    fonts = list(_fonts(document))
    assert Counter(str(font.BaseFont).partition("+")[2] for font in fonts) == {
        "LXGWWenKai-Regular": 2,  # of the sheet, and of the name
        "NotoSerifSC-Black": 1,
        "NotoSerifSC-Regular": 1,
        "NotoSerifSC-SemiBold": 1,
    }
    for font in fonts:
        assert str(font.Encoding) == "/Identity-H"
        assert font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()[:4] == b"\0\1\0\0"
        assert b"beginbfchar" in font.ToUnicode.read_bytes()


def test_metadata_tell_title_language_and_the_issue_date_only(make_content: MakeContent) -> None:
    document = pikepdf.open(io.BytesIO(render_certificate(make_content(issued_on=datetime.date(2026, 11, 23)))))

    information = document.docinfo
    assert document.Root.Lang == "zh-CN"
    assert document.Root.ViewerPreferences.DisplayDocTitle
    assert str(information.Title) == "全媒体运营师岗位合格证书"
    assert str(information.CreationDate) == str(information.ModDate) == "D:20261123000000+08'00'"
    assert "欧阳堃喆" not in "".join(str(value) for value in information.values())


def _fonts(document: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every font but the descendants that the composite ones name."""
    for item in document.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font" and item.Subtype != "/CIDFontType2":
            yield item
