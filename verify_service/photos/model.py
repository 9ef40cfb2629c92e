"""Photos as found in an archive and as matched to the people of a roster."""

from collections.abc import Mapping

import msgspec

from verify_service.errors import FieldError


class PhotoError(FieldError):
    """A photo is refused: PHOTO_FORMAT, PHOTO_PIXELS, PHOTO_SMALL or PHOTO_DAMAGED."""


class PhotoName(msgspec.Struct, frozen=True):
    """Whom a file name names; the ID number in capitals, a 15-digit one in its 18-digit form."""

    name: str
    id_number: str


class Photo(msgspec.Struct, frozen=True):
    """One usable photo of an archive."""

    file_name: str
    """The name within the archive with its folders, safe to show."""
    subject: PhotoName
    entry: int
    """Its place in the archive's directory."""


class UnexpectedFile(msgspec.Struct, frozen=True):
    """A file nobody is to be enrolled with, and why: IGNORE (left by a program), PATTERN, or a PhotoError's code."""

    file_name: str
    code: str


class PhotoArchive(msgspec.Struct, frozen=True):
    """An archive whose entries were judged; pictures stay packed until one is read."""

    data: bytes
    photos: tuple[Photo, ...]
    unexpected: tuple[UnexpectedFile, ...]


class PhotoSummary(msgspec.Struct, frozen=True):
    """How an archive fits a roster: rows with a photo, the data rows without, the files of nobody in the roster."""

    matched: int
    missing: tuple[int, ...]
    unexpected: tuple[str, ...]


class PhotoMatching(msgspec.Struct, frozen=True):
    """The photo of each data row that has one, and the summary to show."""

    by_row: Mapping[int, Photo]
    summary: PhotoSummary
