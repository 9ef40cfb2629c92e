"""Photos read in confined processes: what one of them does to the others, and to us."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from unittest.mock import patch

import pytest

from tests.pictures import decode, encode, pack, shaded
from verify_service.confinement.parent import ConfinedError
from verify_service.errors import FieldError, UsageError
from verify_service.photos import service
from verify_service.photos.model import PhotoName, PhotosWanted, PreparedPhoto
from verify_service.photos.rules.archives import prepare_portraits
from verify_service.photos.service import prepare, prepare_photos, prepare_single, read_photo_archive

LIN = PhotoName("林晓禾", "110000199003079874")
MIAO = PhotoName("阿依努尔·买买提", "440000199602299867")
FILES = {
    "林晓禾110000199003079874.jpg": encode(shaded()),
    "阿依努尔·买买提440000199602299867.jpg": encode(shaded())[:900],
    "林晓苗.jpg": b"",
}
LARGE = encode(shaded(4225, 5916, "RGBA"), "PNG", compress_level=1)
"""As many pixels as are allowed: 100 MB of them, half a second to decode."""


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[BinaryIO]:
    path = tmp_path / "photos.zip"
    path.write_bytes(pack(FILES).getvalue())
    with path.open("rb") as file:
        yield file


def test_an_import_gets_the_portraits_and_a_check_the_same_words(archive: BinaryIO) -> None:
    people = {1: LIN, 2: MIAO, 3: PhotoName("林晓苗", "110000199003079890")}

    imported = prepare_photos(archive, people, keep=True)
    checked = prepare_photos(archive, people, keep=False)

    assert {row: decode(jpeg).size for row, jpeg in imported.by_row.items()} == {1: (295, 413)}
    assert checked.by_row == {}
    assert checked.summary == imported.summary
    assert (checked.summary.matched, checked.summary.missing) == (1, (2, 3))
    assert [(refused.row, refused.code) for refused in checked.summary.refused] == [
        (None, "PATTERN"),
        (2, "PHOTO_DAMAGED"),
    ]
    assert [(found.row, found.reason) for found in checked.summary.suggestions] == [(3, "NAME_ONLY")]


def test_a_refusal_comes_across_as_it_was_raised(tmp_path: Path) -> None:
    path = tmp_path / "photos.zip"
    path.write_bytes(b"Rar!\x1a\x07\x01\x00")

    with path.open("rb") as file, pytest.raises(UsageError) as refused:
        read_photo_archive(file)

    assert refused.value.code == "NOT_ZIP"
    assert "RAR" in refused.value.message


def test_a_single_picture_is_prepared_or_refused_by_its_code(tmp_path: Path) -> None:
    for content, expected in ((encode(shaded()), None), (b"GIF89a", "PHOTO_FORMAT")):
        (tmp_path / "photo").write_bytes(content)
        with (tmp_path / "photo").open("rb") as file:
            try:
                assert decode(prepare_single(file).jpeg).size == (295, 413)
            except FieldError as refused:
                assert refused.code == expected  # noqa: PT017 - one of the two is refused


class Falling:
    """Stands for the confined process: falls at given entries for a given reason."""

    def __init__(self, *entries: int, reason: str = "crash") -> None:
        self.entries, self.reason = entries, reason
        self.started = 0

    def __call__(self, function: object, _limits: object, _file: BinaryIO, wanted: PhotosWanted) -> Iterator[object]:
        assert function is prepare_portraits
        self.started += 1
        for entry in wanted.entries:
            if entry in self.entries:
                raise ConfinedError(self.reason)
            yield PreparedPhoto(entry)


@pytest.mark.parametrize("falling", [(0,), (2,), (4,), (1, 2), (0, 2, 4)])
def test_a_picture_that_brings_its_process_down_is_refused_alone(falling: tuple[int, ...]) -> None:
    with patch.object(service, "stream_confined", process := Falling(*falling)):
        found = list(prepare(io.BytesIO(), range(5), keep=True))

    assert [photo.entry for photo in found] == [0, 1, 2, 3, 4]
    assert [photo.entry for photo in found if photo.code == "PHOTO_DAMAGED"] == list(falling)
    assert process.started <= len(falling) + 1


@pytest.mark.parametrize("process", [Falling(1, reason="time"), Falling(0, 1, 2, 3)])
def test_photos_that_cost_too_much_time_or_fall_again_and_again_are_refused_together(process: Falling) -> None:
    with (
        patch.object(service, "stream_confined", process),
        pytest.raises(UsageError, match="分批提交") as refused,
    ):
        list(prepare(io.BytesIO(), range(5), keep=True))

    assert refused.value.code == "PHOTOS_EXHAUSTING"


def test_a_picture_that_takes_too_much_memory_is_refused_alone(tmp_path: Path) -> None:
    path = tmp_path / "photos.zip"
    path.write_bytes(pack({"large.png": LARGE, "small.jpg": encode(shaded())}).getvalue())

    with path.open("rb") as file, patch.object(service, "MEMORY_BYTES", 60 << 20):
        assert [photo.code for photo in prepare(file, [0, 1], keep=False)] == ["PHOTO_PIXELS", None]


def test_pictures_that_take_too_much_time_are_stopped(tmp_path: Path) -> None:
    path = tmp_path / "photos.zip"
    path.write_bytes(pack({f"{number}.png": LARGE for number in range(9)}).getvalue())

    with path.open("rb") as file, patch.object(service, "SECONDS", 1), pytest.raises(UsageError) as refused:
        list(prepare(file, range(9), keep=False))

    assert refused.value.code == "PHOTOS_EXHAUSTING"


@pytest.mark.parametrize("reason", ["time", "memory", "crash"])
def test_an_archive_whose_names_cannot_be_read_in_bounds_is_refused(reason: str) -> None:
    with (
        patch.object(service, "call_confined", side_effect=ConfinedError(reason)),
        pytest.raises(UsageError) as refused,
    ):
        read_photo_archive(io.BytesIO())

    assert refused.value.code == "PHOTOS_EXHAUSTING"
