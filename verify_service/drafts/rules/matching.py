"""Whose photo is which in a draft: by the file's name, or because somebody gave a row that file."""

from collections.abc import Mapping

import msgspec

from verify_service.drafts.model import JudgedPhoto, Matched
from verify_service.photos.model import Photo, PhotoArchive, PhotoName, PreparedPhoto
from verify_service.photos.rules.matching import match_photos, summarise
from verify_service.translations import Language

CHOOSABLE = "PATTERN"
"""A file that breaks only the rule for names may be anybody's photo; what else is refused stays refused."""


def match(
    archive: PhotoArchive,
    judged: Mapping[int, JudgedPhoto],
    assigned: Mapping[int, int],
    people: Mapping[int, PhotoName],
    language: Language,
) -> Matched:
    """Return how an archive fits the current table; `assigned` (entries) and `people` by the current row.

    A photo that somebody gave a row goes before whatever files are named.
    """
    given = _given(archive, assigned, people)
    archive = _without(archive, {photo.entry for photo in given.values()})
    matching = match_photos({row: person for row, person in people.items() if row not in given}, archive)
    matching = msgspec.structs.replace(matching, by_row={**matching.by_row, **given})
    prepared = {
        entry: PreparedPhoto(entry, code=of_entry.code, warnings=of_entry.warnings)
        for entry, of_entry in judged.items()
    }
    summary = summarise(people, archive, matching, prepared, language)
    usable = {row: photo.entry for row, photo in matching.by_row.items() if prepared[photo.entry].code is None}
    return Matched(summary, usable)


def portraits(archive: PhotoArchive | None, judged: Mapping[int, JudgedPhoto]) -> dict[int, str]:
    """Return the file names that may be given to a row, by entry: those whose picture is usable."""
    usable = {entry for entry, of_entry in judged.items() if of_entry.code is None}
    return {entry: file_name for entry, file_name in files_by_entry(archive).items() if entry in usable}


def files_by_entry(archive: PhotoArchive | None) -> dict[int, str]:
    """Return the names of an archive's pictures by entry, those named wrongly among them."""
    if archive is None:
        return {}
    misnamed = {file.entry: file.file_name for file in archive.unexpected if file.code == CHOOSABLE}
    return {photo.entry: photo.file_name for photo in archive.photos} | misnamed


def _given(archive: PhotoArchive, assigned: Mapping[int, int], people: Mapping[int, PhotoName]) -> dict[int, Photo]:
    files = files_by_entry(archive)
    return {row: Photo(files[entry], people[row], entry) for row, entry in assigned.items() if row in people}


def _without(archive: PhotoArchive, entries: set[int]) -> PhotoArchive:
    return PhotoArchive(
        photos=tuple(photo for photo in archive.photos if photo.entry not in entries),
        unexpected=tuple(file for file in archive.unexpected if file.entry not in entries),
    )
