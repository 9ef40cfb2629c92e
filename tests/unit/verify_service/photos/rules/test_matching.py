"""Whose photo is which, and how an archive fits a roster."""

import pytest

from tests.pictures import pack
from verify_service.photos.model import (
    Photo,
    PhotoArchive,
    PhotoName,
    PhotoSummary,
    PreparedPhoto,
    UnexpectedFile,
)
from verify_service.photos.rules.archives import read_photo_archive
from verify_service.photos.rules.matching import match_photos, summarise
from verify_service.tables.rules.explanations import explain
from verify_service.translations import Language

LIN = PhotoName("林晓禾", "110000199003079874")
MIAO = PhotoName("阿依努尔·买买提", "440000199602299867")
FILE = "林晓禾110000199003079874.jpg"
SECOND = "林晓禾110000199003079874 (1).jpg"


def fit(
    people: dict[int, PhotoName],
    *files: str,
    codes: dict[int, str] | None = None,
    warnings: tuple[str, ...] = (),
    language: Language = Language.CHINESE,
) -> PhotoSummary:
    archive = read_photo_archive(pack(dict.fromkeys(files, b"")))
    prepared = {
        photo.entry: PreparedPhoto(photo.entry, code=(codes or {}).get(photo.entry), warnings=warnings)
        for photo in archive.photos
    }
    return summarise(people, archive, match_photos(people, archive), prepared, language)


def test_a_photo_is_matched_by_name_and_id_number_in_any_spelling() -> None:
    summary = fit({3: MIAO, 5: LIN}, "照片/阿依努尔•买买提_440000199602299867.JPG")

    assert summary == PhotoSummary(matched=1, missing=(5,), unexpected=())


@pytest.mark.parametrize(
    "name", ["林晓苗110000199003079874.jpg", "林晓禾440000199602299867.jpg", "林晓禾.jpg", "../evil.jpg", "a.zip"]
)
def test_a_file_of_nobody_in_the_roster_is_unexpected(name: str) -> None:
    assert fit({1: LIN}, name).unexpected == (name,)


def test_of_two_photos_of_one_person_the_first_counts_and_the_other_is_refused() -> None:
    summary = fit({1: LIN, 4: LIN}, FILE, SECOND)

    assert (summary.matched, summary.missing, summary.unexpected) == (2, (), (SECOND,))
    assert [(refused.file, refused.row, refused.code) for refused in summary.refused] == [(SECOND, 1, "PHOTO_SECOND")]


def test_a_person_in_two_rows_has_one_photo_for_both() -> None:
    photo = Photo(FILE, LIN, 0)

    matching = match_photos({1: LIN, 2: LIN}, PhotoArchive((photo,), ()))

    assert matching.by_row == {1: photo, 2: photo}
    assert (matching.second, matching.strangers) == ({}, ())


def test_a_broken_picture_leaves_every_row_of_its_person_without_a_photo() -> None:
    summary = fit({1: LIN, 2: LIN, 3: MIAO}, FILE, codes={0: "PHOTO_DAMAGED"})

    assert (summary.matched, summary.missing, summary.unexpected) == (0, (1, 2, 3), (FILE,))
    assert [(refused.row, refused.code) for refused in summary.refused] == [(1, "PHOTO_DAMAGED"), (2, "PHOTO_DAMAGED")]


def test_a_warning_names_its_row_and_file_and_costs_nothing() -> None:
    summary = fit({1: LIN}, FILE, warnings=("PHOTO_SHAPE",))

    assert (summary.matched, summary.unexpected) == (1, ())
    assert [(warning.row, warning.file, warning.code) for warning in summary.warnings] == [(1, FILE, "PHOTO_SHAPE")]


def test_a_file_refused_by_its_name_says_why_in_either_language() -> None:
    files = UnexpectedFile("林晓禾.jpg", "PATTERN", 0), UnexpectedFile("../x.jpg", "PHOTO_PATH", 1)
    archive = PhotoArchive((), files)

    for language, word in ((Language.CHINESE, "姓名"), (Language.ENGLISH, "name")):
        summary = summarise({}, archive, match_photos({}, archive), {}, language)
        assert [(refused.row, refused.code) for refused in summary.refused] == [(None, file.code) for file in files]
        assert word in summary.refused[0].message


@pytest.mark.parametrize(
    "code",
    [
        *("PATTERN", "PHOTO_PATH", "PHOTO_NESTED", "PHOTO_SECOND", "PHOTO_FORMAT", "PHOTO_PIXELS", "PHOTO_SMALL"),
        *("PHOTO_DAMAGED", "PHOTO_BLANK", "PHOTO_LOW_RESOLUTION", "PHOTO_SHAPE", "PHOTOS_EXHAUSTING"),
        *("SAME_NUMBER", "NEAR_NUMBER", "NAME_ONLY", "NUMBER_ONLY", "SWAPPED", "FORMAT"),
    ],
)
@pytest.mark.parametrize("language", Language)
def test_every_code_of_a_photo_has_a_sentence(code: str, language: Language) -> None:
    assert explain(code, about="photo", language=language).endswith(("。", "."))
