"""The ZIP of photos: what its names say, and what becomes of its pictures."""

import io
import stat
import struct
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pictures import decode, encode, pack, shaded
from verify_service.errors import UsageError
from verify_service.photos.model import PhotoName, PhotosWanted, PreparedPhoto
from verify_service.photos.rules.archives import prepare_portraits, read_photo_archive

LIN = PhotoName("林晓禾", "110000199003079874")
FILE = "林晓禾+110000199003079874.jpg"
PHOTO = encode(shaded())


def prepared(packed: io.BytesIO, *entries: int, keep: bool = True) -> list[PreparedPhoto]:
    return list(prepare_portraits(packed, PhotosWanted(entries, keep)))


def unexpected(packed: io.BytesIO) -> list[str]:
    return [file.code for file in read_photo_archive(packed).unexpected]


def with_extra_name(raw: bytes, name: str, checksum: int) -> io.BytesIO:
    """Return a ZIP with one file, whose name in the directory is raw and in Info-ZIP's field another."""
    entry = zipfile.ZipInfo("x" * len(raw))
    field = struct.pack("<BL", 1, checksum) + name.encode()
    entry.extra = struct.pack("<HH", 0x7075, len(field)) + field
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(entry, PHOTO)
    return io.BytesIO(packed.getvalue().replace(b"x" * len(raw), raw))


def test_the_names_of_an_archive_are_read_without_its_pictures() -> None:
    archive = read_photo_archive(pack({f"照片/{FILE}": b"not a picture", "照片/合影.jpg": b"", "照片/": b""}))

    assert [(photo.file_name, photo.subject, photo.entry) for photo in archive.photos] == [(f"照片/{FILE}", LIN, 0)]
    assert [(file.file_name, file.code) for file in archive.unexpected] == [("照片/合影.jpg", "PATTERN")]


@pytest.mark.parametrize("raw", ["林".encode("gb18030"), b"_"])
def test_the_unicode_name_of_info_zip_counts_where_it_is_of_this_entry(raw: bytes) -> None:
    assert read_photo_archive(with_extra_name(raw, FILE, zlib.crc32(raw))).photos[0].subject == LIN
    assert unexpected(with_extra_name(raw, FILE, zlib.crc32(b"another name"))) == ["PATTERN"]


@pytest.mark.parametrize("path", ["__MACOSX/._x", f"照片/._{FILE}", "照片/Thumbs.db", ".DS_Store", "照片\\"])
def test_what_programs_leave_in_archives_is_not_worth_a_word(path: str) -> None:
    archive = read_photo_archive(pack({path: b""}))

    assert (archive.photos, archive.unexpected) == ((), ())


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (f"../{FILE}", "PHOTO_PATH"),
        (f"照片/../../{FILE}", "PHOTO_PATH"),
        (f"..\\{FILE}", "PHOTO_PATH"),
        (f"/照片/{FILE}", "PHOTO_PATH"),
        (f"\\\\server\\share\\{FILE}", "PHOTO_PATH"),
        (f"C:\\照片\\{FILE}", "PHOTO_PATH"),
        (f"c:{FILE}", "PHOTO_PATH"),
        ("照片.zip", "PHOTO_NESTED"),
        ("照片/第一批.RAR", "PHOTO_NESTED"),
        ("名单.xlsx", "PATTERN"),
    ],
)
def test_what_cannot_be_a_photo_is_refused_by_its_path(path: str, code: str) -> None:
    assert unexpected(pack({path: PHOTO})) == [code]


def test_a_name_cut_by_a_nul_character_is_refused() -> None:
    packed = pack({FILE.replace(".", "#"): PHOTO}).getvalue().replace(b"#", b"\0")

    assert unexpected(io.BytesIO(packed)) == ["PHOTO_PATH"]


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_an_entry_that_is_no_file_is_refused(kind: int) -> None:
    entry = zipfile.ZipInfo(FILE)
    entry.external_attr = (kind | 0o777) << 16
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(entry, "/etc/passwd")

    assert unexpected(packed) == ["PHOTO_PATH"]


def test_of_two_entries_of_one_name_only_the_first_is_taken() -> None:
    packed = io.BytesIO(pack({FILE: PHOTO, FILE[:-5] + "5.jpg": PHOTO}).getvalue().replace(b"9875.jpg", b"9874.jpg"))

    archive = read_photo_archive(packed)

    assert [photo.entry for photo in archive.photos] == [0]
    assert [file.code for file in archive.unexpected] == ["PHOTO_PATH"]


@pytest.mark.parametrize(
    ("data", "code", "about"),
    [
        (b"Rar!\x1a\x07\x01\x00", "NOT_ZIP", "rar"),
        (b"7z\xbc\xaf\x27\x1c", "NOT_ZIP", "7z"),
        (PHOTO, "NOT_ZIP", ""),
        (b"", "NOT_ZIP", ""),
        (b"PK\x03\x04", "ARCHIVE_DAMAGED", ""),
    ],
)
def test_what_is_no_zip_is_refused_by_what_it_is(data: bytes, code: str, about: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_photo_archive(io.BytesIO(data))

    assert (refused.value.code, getattr(refused.value, "about", None)) == (code, about)


def test_photos_are_prepared_in_the_order_asked_for() -> None:
    packed = pack({FILE: PHOTO, "other.png": encode(shaded(590, 826), "PNG")})

    assert [decode(photo.jpeg or b"").size for photo in prepared(packed, 1, 0)] == [(410, 574), (295, 413)]


def test_a_judgement_alone_carries_no_picture_but_the_same_findings() -> None:
    packed = pack({FILE: encode(shaded(826, 590)), "other.jpg": b"GIF89a"})

    assert prepared(packed, 0, 1, keep=False) == [
        PreparedPhoto(0, warnings=("PHOTO_SHAPE",)),
        PreparedPhoto(1, code="PHOTO_FORMAT"),
    ]


def test_a_broken_entry_stops_no_other() -> None:
    packed = bytearray(pack({FILE: PHOTO, "other.jpg": PHOTO}).getvalue())
    packed[200] ^= 0xFF

    first, second = prepared(io.BytesIO(packed), 0, 1)

    assert (first.code, second.code) == ("PHOTO_DAMAGED", None)


@given(st.binary(min_size=1, max_size=40), st.integers(0, 2000))
@settings(max_examples=150)
def test_a_mutated_archive_is_read_or_refused_never_anything_else(patch: bytes, at: int) -> None:
    data = pack({FILE: PHOTO, "照片/合影.jpg": b""}).getvalue()
    at %= len(data)
    mutated = io.BytesIO(data[:at] + patch + data[at + len(patch) :])

    try:
        archive = read_photo_archive(mutated)
    except UsageError as refused:
        assert refused.code.startswith(("ARCHIVE_", "NOT_ZIP"))  # noqa: PT017 - either outcome is right
    else:
        assert len(prepared(mutated, *(photo.entry for photo in archive.photos))) == len(archive.photos)
