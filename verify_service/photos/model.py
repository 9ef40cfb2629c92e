"""Photos as found in an archive and as matched to the people of a roster."""

from collections.abc import Mapping

import msgspec

from verify_service.errors import FieldError


class PhotoError(FieldError):
    """A photo is refused: PHOTO_FORMAT, PHOTO_PIXELS, PHOTO_SMALL, PHOTO_DAMAGED or PHOTO_BLANK."""


class Portrait(msgspec.Struct, frozen=True):
    """A picture as it will be printed, and the codes of what its reader should look at."""

    jpeg: bytes
    warnings: tuple[str, ...] = ()


class PhotoName(msgspec.Struct, frozen=True):
    """Whom a file name names; the ID number in capitals, a 15-digit one in its 18-digit form."""

    name: str
    id_number: str


class FileNameParts(msgspec.Struct, frozen=True):
    """What can be read of a file name that breaks the rule; empty what is not there."""

    name: str
    id_number: str = ""
    """In capitals, perhaps with characters too many, too few or wrong."""
    is_swapped: bool = False
    """The number stands before the name."""
    extension: str = ""
    """In small letters, without its dot."""


class Photo(msgspec.Struct, frozen=True):
    """A file of an archive that is named as the rule asks; nobody has looked into it yet."""

    file_name: str
    """The name within the archive with its folders, safe to show."""
    subject: PhotoName
    entry: int
    """Its place in the archive's directory."""


class UnexpectedFile(msgspec.Struct, frozen=True):
    """A file that is nobody's by its name (PATTERN), or refused before it is opened: PHOTO_PATH or PHOTO_NESTED."""

    file_name: str
    code: str
    entry: int
    """Its place in the archive's directory."""


class PhotoArchive(msgspec.Struct, frozen=True):
    """What an archive's directory lists; what programs leave in archives is left out."""

    photos: tuple[Photo, ...]
    unexpected: tuple[UnexpectedFile, ...]


class PhotosWanted(msgspec.Struct, frozen=True):
    """Which entries of an archive are to be decoded, and whether their portraits are needed or only a judgement."""

    entries: tuple[int, ...]
    keep: bool


class PreparedPhoto(msgspec.Struct, frozen=True):
    """One entry decoded: usable unless it has a code; `jpeg` is None when it is not usable or was not to be kept."""

    entry: int
    code: str | None = None
    warnings: tuple[str, ...] = ()
    jpeg: bytes | None = None


class PhotoRefusal(msgspec.Struct, frozen=True):
    """A file with a fault of its own; `row` is whom it was meant for, None if nobody can tell."""

    file: str
    row: int | None
    code: str
    message: str


class PhotoSuggestion(msgspec.Struct, frozen=True):
    """A file that could be the photo of a row that has none. Somebody has to rename it: it is never taken by itself."""

    file: str
    row: int
    reason: str
    message: str


class PhotoWarning(msgspec.Struct, frozen=True):
    """What to look at in a photo that is taken."""

    row: int
    file: str
    code: str
    message: str


class PhotoSummary(msgspec.Struct, frozen=True):
    """How an archive fits a roster: rows with a photo, data rows without, files that are nobody's photo, and why."""

    matched: int
    missing: tuple[int, ...]
    unexpected: tuple[str, ...]
    refused: tuple[PhotoRefusal, ...] = ()
    suggestions: tuple[PhotoSuggestion, ...] = ()
    warnings: tuple[PhotoWarning, ...] = ()


class PhotoMatching(msgspec.Struct, frozen=True):
    """Which photo is whose, by names alone."""

    by_row: Mapping[int, Photo]
    second: Mapping[int, tuple[Photo, ...]]
    """Further photos of a row's person, by its row: the first counts."""
    strangers: tuple[Photo, ...]
    """Photos of nobody in the roster."""


class PreparedPhotos(msgspec.Struct, frozen=True):
    """The photos beside one roster: how they fit, and the ready JPEGs by row (none where only judged)."""

    summary: PhotoSummary
    by_row: Mapping[int, bytes]
