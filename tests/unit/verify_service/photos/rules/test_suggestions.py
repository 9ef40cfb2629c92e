"""Files that could be the photo of somebody who has none."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify_service.photos.model import PhotoName
from verify_service.photos.rules.suggestions import suggest
from verify_service.translations import Language

LIN = PhotoName("林晓禾", "110000199003079874")
WAITING = {4: LIN, 7: PhotoName("阿依努尔·买买提", "44000019960229986X"), 9: PhotoName("陈大文", "12345678")}


def reasons(*files: str, waiting: dict[int, PhotoName] | None = None) -> list[tuple[int, str]]:
    found = suggest(WAITING if waiting is None else waiting, files)
    return [(suggestion.row, suggestion.reason) for suggestion in found]


@pytest.mark.parametrize(
    ("file", "row", "reason"),
    [
        ("林小禾110000199003079874.jpg", 4, "SAME_NUMBER"),
        ("林晓禾照片110000199003079874.jpg", 4, "SAME_NUMBER"),
        ("林晓禾110000900307987.gif", 4, "FORMAT"),
        ("林晓禾110000199003079875.jpg", 4, "NEAR_NUMBER"),
        ("林晓禾110000199003079847.jpg", 4, "NEAR_NUMBER"),  # neighbours swapped
        ("林晓禾1100O0I99003079874.jpg", 4, "NEAR_NUMBER"),  # letters for digits
        ("林晓禾11000019900307987.jpg", 4, "NEAR_NUMBER"),  # 17 digits
        ("林晓禾1100001990030798744.jpg", 4, "NEAR_NUMBER"),  # 19 digits
        ("阿依努尔•买买提+44000019960229986.jpg", 7, "NEAR_NUMBER"),  # the X is missing
        ("照片/林晓禾.jpg", 4, "NAME_ONLY"),
        ("林晓禾 (1).png", 4, "NAME_ONLY"),
        ("110000199003079874.jpg", 4, "NUMBER_ONLY"),
        ("44000019960229986x.jpg", 7, "NUMBER_ONLY"),
        ("12345678.jpg", 9, "NUMBER_ONLY"),
        ("110000199003079874-林晓禾.jpg", 4, "SWAPPED"),
        ("林晓禾110000199003079874.heic", 4, "FORMAT"),
        ("林晓禾+１１００００１９９００３０７９８７４.WEBP", 4, "FORMAT"),
        ("林晓禾110000199003079874", 4, "FORMAT"),
        ("林晓禾(110000199003079874).jpg", 4, "SAME_NUMBER"),
    ],
)
def test_a_near_miss_names_its_row_and_its_reason(file: str, row: int, reason: str) -> None:
    assert reasons(file) == [(row, reason)]


@pytest.mark.parametrize(
    "file",
    [
        "林晓禾110000199003070000.jpg",  # four characters are no slip
        "林晓苗110000199003079875.jpg",
        "1100001990030798.jpg",
        "IMG_20260301.jpg",
        "合影.jpg",
        ".jpg",
        "",
    ],
)
def test_a_file_that_fits_nobody_is_left_alone(file: str) -> None:
    assert reasons(file) == []


def test_nothing_is_suggested_where_two_rows_are_equally_likely() -> None:
    namesakes = {1: LIN, 2: PhotoName(LIN.name, "110000199003079890")}

    assert reasons("林晓禾.jpg", "林晓禾110000199003079894.jpg", waiting=namesakes) == []


def test_a_person_in_two_rows_is_suggested_the_first() -> None:
    assert reasons("林晓禾.jpg", "110000199003079874.jpg", waiting={2: LIN, 5: LIN}) == [
        (2, "NAME_ONLY"),
        (2, "NUMBER_ONLY"),
    ]


def test_the_message_names_the_row_in_either_language() -> None:
    (chinese,) = suggest(WAITING, ["林晓禾.jpg"])
    (english,) = suggest(WAITING, ["林晓禾.jpg"], Language.ENGLISH)

    assert "第 4 条" in chinese.message
    assert "row 4" in english.message


def test_12000_files_beside_10000_rows_of_one_name_take_no_time() -> None:
    waiting = {row: PhotoName("林晓禾", f"1100001990{row:08d}") for row in range(10_000)}
    files = [f"林晓禾1100001991{file:08d}.jpg" for file in range(12_000)]

    began = time.process_time()

    assert reasons(*files, waiting=waiting) == []
    assert time.process_time() - began < 5


@given(st.text(max_size=80))
def test_no_file_name_breaks_a_suggestion(file: str) -> None:
    assert len(reasons(file)) <= 1


@given(st.text("1Xx林晓禾.+ ()jpgA", max_size=60))
def test_no_likely_file_name_breaks_a_suggestion_either(file: str) -> None:
    assert len(reasons(file)) <= 1
