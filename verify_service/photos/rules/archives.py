"""The ZIP of photos beside a roster."""

import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from verify_service.errors import FieldError
from verify_service.photos.model import Photo, PhotoArchive, PhotoMatching, PhotoName, PhotoSummary, UnexpectedFile
from verify_service.photos.rules.file_names import parse_photo_name, safe_file_name
from verify_service.photos.rules.pictures import require_picture
from verify_service.subjects.rules.names import match_key
from verify_service.tables.rules.archives import ArchiveLimits, entry_name, open_archive, read_entry
from verify_service.tables.rules.explanations import refusal

MAX_FILE_BYTES: Final = 256 << 20
LIMITS: Final = ArchiveLimits(entries=12_000, entry_bytes=10 << 20, total_bytes=512 << 20, ratio=200)


def read_photo_archive(data: bytes) -> PhotoArchive:
    """Return what the archive's files are, one picture unpacked at a time and none decoded.

    Raises:
        UsageError: it is no ZIP, damaged, encrypted or beyond the limits.

    """
    if len(data) > MAX_FILE_BYTES:
        raise refusal("FILE_TOO_LARGE", megabytes=MAX_FILE_BYTES >> 20)
    photos: list[Photo] = []
    unexpected: list[UnexpectedFile] = []
    with open_archive(data, LIMITS) as archive:
        for place, entry in enumerate(archive.infolist()):
            if entry.is_dir():
                continue
            path = entry_name(entry)
            try:
                photos.append(Photo(safe_file_name(path), _judge(archive, entry, path), place))
            except FieldError as error:
                unexpected.append(UnexpectedFile(safe_file_name(path), error.code))
    return PhotoArchive(data=data, photos=tuple(photos), unexpected=tuple(unexpected))


def read_photos(archive: PhotoArchive, photos: Iterable[Photo]) -> Iterator[bytes]:
    """Yield each photo's file as handed in, in the order asked for."""
    with open_archive(archive.data, LIMITS) as opened:
        entries = opened.infolist()
        for photo in photos:
            yield read_entry(opened, entries[photo.entry])


def match_photos(people: Mapping[int, PhotoName], archive: PhotoArchive) -> PhotoMatching:
    """Return which photo belongs to which data row, by name and ID number together.

    `people` are the rows whose name and ID number could be read. Of two photos of one person the first counts and the
    other is unexpected, so that somebody looks.
    """
    photos: dict[PhotoName, Photo] = {}
    unexpected = [file.file_name for file in archive.unexpected]
    wanted = {_key(person) for person in people.values()}
    for photo in archive.photos:
        key = _key(photo.subject)
        if key not in wanted or key in photos:
            unexpected.append(photo.file_name)
        else:
            photos[key] = photo
    by_row = {row: photos[_key(person)] for row, person in people.items() if _key(person) in photos}
    missing = tuple(row for row in people if row not in by_row)
    return PhotoMatching(by_row, PhotoSummary(matched=len(by_row), missing=missing, unexpected=tuple(unexpected)))


def _judge(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: str) -> PhotoName:
    subject = parse_photo_name(path)
    require_picture(read_entry(archive, entry))
    return subject


def _key(person: PhotoName) -> PhotoName:
    return PhotoName(name=match_key(person.name), id_number=person.id_number)
