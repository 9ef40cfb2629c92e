"""Photos read where they can do no harm: names and pictures in processes of their own, within limits."""

from collections.abc import Generator, Mapping, Sequence
from typing import BinaryIO, Final

from verify_service.confinement.parent import ConfinedError, call_confined, stream_confined
from verify_service.confinement.protocol import Limits
from verify_service.photos.model import (
    PhotoArchive,
    PhotoError,
    PhotoName,
    PhotosWanted,
    Portrait,
    PreparedPhoto,
    PreparedPhotos,
)
from verify_service.photos.rules import archives, pictures
from verify_service.photos.rules.matching import match_photos, summarise
from verify_service.tables.rules.explanations import refusal
from verify_service.translations import Language

MEMORY_BYTES: Final = 184 << 20
"""With the libraries a process of 200 MB; `pictures.MAX_DECODING_BYTES` and the file itself go into it."""
SECONDS: Final = 10
PHOTOS_PER_SECOND: Final = 10
MAX_FALLS: Final = 3
"""Pictures of one archive that may bring their process down before the rest is given up."""


def read_photo_archive(file: BinaryIO) -> PhotoArchive:
    """Return what the names in an archive say.

    Raises:
        UsageError: as `archives.read_photo_archive`; PHOTOS_EXHAUSTING where reading takes too long or too much memory.

    """
    try:
        return call_confined(archives.read_photo_archive, Limits(memory_bytes=MEMORY_BYTES, seconds=SECONDS), file)
    except ConfinedError:
        raise refusal("PHOTOS_EXHAUSTING") from None


def prepare(file: BinaryIO, entries: Sequence[int], *, keep: bool) -> Generator[PreparedPhoto, None, None]:
    """Yield what became of each entry of an archive, in that order, one in memory at a time.

    A picture that brings its process down is PHOTO_DAMAGED, and another process goes on with the next one.

    Raises:
        UsageError: PHOTOS_EXHAUSTING; the time is shared by all pictures, so that nobody knows whose fault it is.

    """
    left = tuple(entries)
    falls = 0
    while left:
        done = 0
        try:
            for prepared in stream_confined(archives.prepare_portraits, _limits(left), file, PhotosWanted(left, keep)):
                done += 1
                yield prepared
        except ConfinedError as error:
            falls += 1
            if error.reason == "time" or falls > MAX_FALLS or done == len(left):
                raise refusal("PHOTOS_EXHAUSTING") from None
        else:
            return
        yield PreparedPhoto(left[done], code="PHOTO_DAMAGED")
        left = left[done + 1 :]


def prepare_photos(
    file: BinaryIO,
    people: Mapping[int, PhotoName],
    *,
    keep: bool,
    language: Language = Language.CHINESE,
) -> PreparedPhotos:
    """Return how an archive fits the people of a roster, by row, and with `keep` a ready JPEG for each usable photo.

    Every matched photo is decoded, also where only a check is asked for: an import then says the same.

    Raises:
        UsageError: as `read_photo_archive` and `prepare`.

    """
    archive = read_photo_archive(file)
    matching = match_photos(people, archive)
    wanted = list(dict.fromkeys(photo.entry for photo in matching.by_row.values()))
    prepared = {photo.entry: photo for photo in prepare(file, wanted, keep=keep)}
    jpegs = {row: prepared[photo.entry].jpeg for row, photo in matching.by_row.items()}
    return PreparedPhotos(
        summary=summarise(people, archive, matching, prepared, language),
        by_row={row: jpeg for row, jpeg in jpegs.items() if jpeg is not None},
    )


def prepare_single(file: BinaryIO) -> Portrait:
    """Return the portrait of one picture handed in by itself.

    Raises:
        FieldError: as `pictures.make_portrait`.
        UsageError: FILE_TOO_LARGE.

    """
    try:
        return call_confined(pictures.read_portrait, Limits(memory_bytes=MEMORY_BYTES, seconds=SECONDS), file)
    except ConfinedError as error:
        raise PhotoError("PHOTO_PIXELS" if error.reason == "memory" else "PHOTO_DAMAGED") from None


def _limits(entries: Sequence[int]) -> Limits:
    return Limits(memory_bytes=MEMORY_BYTES, seconds=SECONDS + len(entries) // PHOTOS_PER_SECOND)
