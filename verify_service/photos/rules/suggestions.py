"""Files that could be the photo of somebody who has none yet, each with the reason to think so.

A suggestion is for a person to act on: the file is renamed and handed in again. Nothing is ever matched by one, because
a photo on another person's certificate cannot be taken back.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from verify_service.photos.model import FileNameParts, PhotoName, PhotoSuggestion
from verify_service.photos.rules.file_names import split_file_name
from verify_service.subjects.rules.names import match_key
from verify_service.tables.rules.explanations import explain
from verify_service.translations import Language

TAKEN_EXTENSIONS: Final = frozenset({"jpg", "jpeg", "png"})
MAX_WRONG_CHARACTERS: Final = 2
"""As many as two neighbours that changed places."""
MAX_NAMESAKES: Final = 8
"""Beyond it nobody is compared by name: 12,000 files of one name beside 10,000 rows of it would take minutes."""


class _Waiting:
    """The rows without a photo, found by number and by name, so that a file costs the same however many rows wait."""

    def __init__(self, people: Mapping[int, PhotoName]) -> None:
        self.by_number: dict[str, tuple[int, str]] = {}
        self.by_name: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for row, person in people.items():
            name = match_key(person.name)
            # A person in two rows is one person: the first row stands for both.
            self.by_number.setdefault(person.id_number, (row, name))
            self.by_name[name].setdefault(person.id_number, row)


def suggest(
    waiting: Mapping[int, PhotoName],
    files: Iterable[str],
    language: Language = Language.CHINESE,
) -> Iterator[PhotoSuggestion]:
    """Yield at most one suggestion for each file; none where two rows are equally likely.

    `waiting` are the rows without a photo. Reasons: SAME_NUMBER, NEAR_NUMBER, NAME_ONLY, NUMBER_ONLY, SWAPPED (number
    before name), FORMAT (rightly named, but no .jpg or .png).
    """
    rows = _Waiting(waiting)
    for file in files:
        parts = split_file_name(file)
        if (found := _by_number(rows, parts) or _by_name(rows, parts)) is not None:
            row, reason = found
            message = explain(reason, about="photo", language=language).format(row=row)
            yield PhotoSuggestion(file=file, row=row, reason=reason, message=message)


def _by_number(rows: _Waiting, parts: FileNameParts) -> tuple[int, str] | None:
    if parts.id_number not in rows.by_number:
        return None
    row, name = rows.by_number[parts.id_number]
    if not parts.name:
        return row, "NUMBER_ONLY"
    if match_key(parts.name) != name:
        return row, "SAME_NUMBER"
    if parts.is_swapped:
        return row, "SWAPPED"
    return (row, "FORMAT") if parts.extension not in TAKEN_EXTENSIONS else (row, "SAME_NUMBER")


def _by_name(rows: _Waiting, parts: FileNameParts) -> tuple[int, str] | None:
    key = match_key(parts.name)
    namesakes = rows.by_name.get(key, {}) if key else {}
    if len(namesakes) > MAX_NAMESAKES:
        return None
    likely = [row for number, row in namesakes.items() if not parts.id_number or _is_near(parts.id_number, number)]
    reason = "NEAR_NUMBER" if parts.id_number else "NAME_ONLY"
    return (likely[0], reason) if len(likely) == 1 else None


def _is_near(written: str, number: str) -> bool:
    """Tell whether a number differs by a slip: two wrong characters, or one that is missing or doubled."""
    if len(written) == len(number):
        return sum(one != other for one, other in zip(written, number, strict=True)) <= MAX_WRONG_CHARACTERS
    shorter, longer = sorted((written, number), key=len)
    if len(longer) != len(shorter) + 1:
        return False
    same = next((at for at, character in enumerate(shorter) if character != longer[at]), len(shorter))
    return shorter[same:] == longer[same + 1 :]
