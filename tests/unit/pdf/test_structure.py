"""The tree that screen readers follow, read by pikepdf."""

import io
import re
from collections.abc import Callable

import pikepdf
import pytest

from pdf import CertificateContent, render_certificate


@pytest.fixture
def document(make_content: Callable[..., CertificateContent], make_jpeg: Callable[..., bytes]) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(render_certificate(make_content(photo_jpeg=make_jpeg()))))


def elements(document: pikepdf.Pdf) -> list[pikepdf.Object]:
    return list(document.Root.StructTreeRoot.K.K)


def test_every_element_is_on_the_page_once_in_the_order_of_reading(document: pikepdf.Pdf) -> None:
    content = document.pages[0].Contents.read_bytes().decode("latin-1")

    marked = [int(number) for number in re.findall(r"<</MCID (\d+)>> BDC", content)]
    assert marked == list(range(len(elements(document))))
    assert [element.K for element in elements(document)] == marked
    assert list(document.Root.StructTreeRoot.ParentTree.Nums[1]) == elements(document)
    assert document.pages[0].StructParents == 0
    assert document.Root.MarkInfo.Marked


def test_marks_are_balanced_and_nothing_is_drawn_outside_them(document: pikepdf.Pdf) -> None:
    depth, outside = 0, []
    for instruction in pikepdf.parse_content_stream(document.pages[0]):
        word = str(instruction.operator)
        depth += (word in {"BDC", "BMC"}) - (word == "EMC")
        if depth == 0 and word in {"Tj", "TJ", "Do", "f", "S", "B"}:
            outside.append(word)

    assert depth == 0
    assert outside == []


def test_there_is_one_heading_and_english_says_so(document: pikepdf.Pdf) -> None:
    roles = [str(element.S) for element in elements(document)]
    english = [element for element in elements(document) if str(element.get("/Lang", "")) == "en"]

    assert roles.count("/H1") == 1
    assert set(roles) == {"/P", "/H1", "/Figure"}
    assert len(english) == 9  # titles, four captions, statement and two hints


def test_every_picture_has_words_for_it(document: pikepdf.Pdf) -> None:
    figures = [str(element.Alt) for element in elements(document) if element.S == "/Figure"]

    assert len(figures) == 3
    assert figures[0] == "持证人照片 Photo of the holder"
    assert "扫码查验真伪" in figures[1]
    assert "不是印章" in figures[2]


def test_the_metadata_say_the_same_as_the_information_dictionary(document: pikepdf.Pdf) -> None:
    with document.open_metadata() as metadata:
        assert metadata["dc:title"] == document.docinfo["/Title"]
        assert metadata["dc:creator"] == [str(document.docinfo["/Author"])]
        assert metadata["dc:description"] == document.docinfo["/Subject"]
    assert document.Root.Lang == "zh-CN"
    assert document.Root.ViewerPreferences.DisplayDocTitle
