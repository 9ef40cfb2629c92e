"""The ZIP of photos beside a roster: what is in it, and its pictures one after the other.

Both public functions are meant to run confined (`photos.service`): their values cross to the parent as data.
"""

import io
import zipfile
from collections.abc import Iterator
from typing import BinaryIO, Final

from verify_service.errors import FieldError, UsageError
from verify_service.photos.model import (
    Photo,
    PhotoArchive,
    PhotoError,
    PhotoName,
    PhotosWanted,
    PreparedPhoto,
    UnexpectedFile,
)
from verify_service.photos.rules import pictures
from verify_service.photos.rules.file_names import is_leftover, parse_photo_name, safe_file_name
from verify_service.photos.rules.paths import require_no_archive, require_plain_path
from verify_service.tables.rules.archives import ArchiveLimits, entry_name, open_archive, read_entry
from verify_service.tables.rules.explanations import refusal

MAX_FILE_BYTES: Final = 256 << 20
LIMITS: Final = ArchiveLimits(entries=12_000, entry_bytes=pictures.MAX_FILE_BYTES, total_bytes=512 << 20, ratio=200)
OTHER_ARCHIVES: Final = {b"Rar!": "rar", b"7z\xbc\xaf": "7z"}
ZIP_START: Final = b"PK"
FOLDER_ENDS: Final = ("/", "\\")


def read_photo_archive(file: BinaryIO) -> PhotoArchive:
    """Return what the names in the archive's directory say; no entry is unpacked.

    Raises:
        UsageError: it is no ZIP, damaged, encrypted or beyond the limits.

    """
    _require_zip(file)
    photos: list[Photo] = []
    unexpected: list[UnexpectedFile] = []
    seen: set[str] = set()
    with open_archive(file, LIMITS) as archive:
        for place, entry in enumerate(archive.infolist()):
            path = entry_name(entry)
            if path.endswith(FOLDER_ENDS) or is_leftover(path):
                continue
            try:
                photos.append(Photo(safe_file_name(path), _judge(entry, path, seen), place))
            except FieldError as error:
                unexpected.append(UnexpectedFile(safe_file_name(path), error.code, place))
            seen.add(path)
    return PhotoArchive(photos=tuple(photos), unexpected=tuple(unexpected))


def prepare_portraits(file: BinaryIO, wanted: PhotosWanted) -> Iterator[PreparedPhoto]:
    """Yield what became of each wanted entry, in that order; a broken one is a code and stops nothing."""
    with open_archive(file, LIMITS) as archive:
        entries = archive.infolist()
        for number in wanted.entries:
            yield _prepare(archive, entries[number], number, keep=wanted.keep)


def _require_zip(file: BinaryIO) -> None:
    if file.seek(0, io.SEEK_END) > MAX_FILE_BYTES:
        raise refusal("FILE_TOO_LARGE", megabytes=MAX_FILE_BYTES >> 20)
    file.seek(0)
    start = file.read(4)
    if not start.startswith(ZIP_START):
        raise refusal("NOT_ZIP", about=OTHER_ARCHIVES.get(start, ""))


def _judge(entry: zipfile.ZipInfo, path: str, seen: set[str]) -> PhotoName:
    require_plain_path(entry, path, seen)
    require_no_archive(path)
    return parse_photo_name(path)


def _prepare(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, number: int, *, keep: bool) -> PreparedPhoto:
    try:
        portrait = pictures.make_portrait(read_entry(archive, entry))
    except PhotoError as error:
        return PreparedPhoto(number, code=error.code)
    except MemoryError:
        return PreparedPhoto(number, code="PHOTO_PIXELS")
    except UsageError:  # its checksum is wrong, or its packed bytes are
        return PreparedPhoto(number, code="PHOTO_DAMAGED")
    return PreparedPhoto(number, warnings=portrait.warnings, jpeg=portrait.jpeg if keep else None)
