"""Whose photo is which, by name and ID number together, and what is said of it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from verify_service.photos.model import (
    Photo,
    PhotoArchive,
    PhotoMatching,
    PhotoName,
    PhotoRefusal,
    PhotoSummary,
    PhotoWarning,
    PreparedPhoto,
)
from verify_service.photos.rules.suggestions import suggest
from verify_service.subjects.rules.names import match_key
from verify_service.tables.rules.explanations import explain
from verify_service.translations import Language


def match_photos(people: Mapping[int, PhotoName], archive: PhotoArchive) -> PhotoMatching:
    """Return which photo belongs to which data row; in any spelling of the name that a lookup would find.

    `people` are the rows whose name and ID number could be read. Of two photos of one person the first counts, and the
    other is refused, so that somebody looks.
    """
    named: defaultdict[PhotoName, list[Photo]] = defaultdict(list)
    for photo in archive.photos:
        named[_key(photo.subject)].append(photo)
    by_row: dict[int, Photo] = {}
    second: dict[int, tuple[Photo, ...]] = {}
    taken: set[PhotoName] = set()
    for row, person in people.items():
        key = _key(person)
        if key not in named:
            continue
        by_row[row] = named[key][0]
        if key not in taken and len(named[key]) > 1:
            second[row] = tuple(named[key][1:])
        taken.add(key)
    strangers = tuple(photo for photo in archive.photos if _key(photo.subject) not in taken)
    return PhotoMatching(by_row=by_row, second=second, strangers=strangers)


def summarise(
    people: Mapping[int, PhotoName],
    archive: PhotoArchive,
    matching: PhotoMatching,
    prepared: Mapping[int, PreparedPhoto],
    language: Language = Language.CHINESE,
) -> PhotoSummary:
    """Return how an archive fits a roster; `prepared` are the matched photos by their entry in the archive."""
    usable = {row: photo for row, photo in matching.by_row.items() if prepared[photo.entry].code is None}
    missing = [row for row in people if row not in usable]
    refused = tuple(_refusals(archive, matching, prepared, language))
    strangers = [photo.file_name for photo in matching.strangers]
    misnamed = [file.file_name for file in archive.unexpected if file.code == "PATTERN"]
    return PhotoSummary(
        matched=len(usable),
        missing=tuple(missing),
        # A person in two rows has one file for both.
        unexpected=tuple(dict.fromkeys([*(refusal.file for refusal in refused), *strangers])),
        refused=refused,
        suggestions=tuple(suggest({row: people[row] for row in missing}, [*strangers, *misnamed], language)),
        warnings=tuple(
            PhotoWarning(row, photo.file_name, code, explain(code, language=language))
            for row, photo in usable.items()
            for code in prepared[photo.entry].warnings
        ),
    )


def _refusals(
    archive: PhotoArchive,
    matching: PhotoMatching,
    prepared: Mapping[int, PreparedPhoto],
    language: Language,
) -> Iterator[PhotoRefusal]:
    def refusal(file_name: str, row: int | None, code: str) -> PhotoRefusal:
        return PhotoRefusal(file_name, row, code, explain(code, about="photo", language=language))

    for file in archive.unexpected:
        yield refusal(file.file_name, None, file.code)
    for row, photo in matching.by_row.items():
        if (code := prepared[photo.entry].code) is not None:
            yield refusal(photo.file_name, row, code)
    for row, photos in matching.second.items():
        for photo in photos:
            yield refusal(photo.file_name, row, "PHOTO_SECOND")


def _key(person: PhotoName) -> PhotoName:
    return PhotoName(name=match_key(person.name), id_number=person.id_number)
