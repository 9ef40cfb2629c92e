"""The rule 姓名+身份证号.jpg, as partners really write it, and what can be read of names that break it."""

import re
import unicodedata
from datetime import date
from typing import Final

from verify_service.errors import FieldError
from verify_service.photos.model import FileNameParts, PhotoName
from verify_service.subjects.rules.folding import drop_invisible, fold_full_width
from verify_service.subjects.rules.id_numbers import parse_id_number

MAX_SHOWN_CHARACTERS: Final = 200
_LEFTOVERS: Final = re.compile(r"(?:^|/)(?:__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
# Windows and WPS append these to copies.
_COPY_MARK: Final = re.compile(r"\s*(?:\([0-9]{1,3}\)|-\s*(?:副本|copy))$", re.IGNORECASE)
_EXTENSION: Final = re.compile(r"\.(?:jpe?g|png)$", re.IGNORECASE)
# The ID number is read from the right end: names end in anything but a digit. Documents with letters in front need
# something between them and a Latin name.
_SUBJECT: Final = re.compile(
    r"(?P<name>.*?[^0-9+_\-\s])[+_\-\s]*"
    r"(?<![0-9])(?P<number>[0-9]{17}[0-9Xx]|[0-9]{15}|[0-9]{8}|(?<![A-Za-z])[A-Za-z]{1,3}[0-9]{7,12})"
)
_ANY_EXTENSION: Final = re.compile(r"\.(?P<extension>[A-Za-z0-9]{1,5})$")
# First what is long enough for a citizen's number with digits lost, doubled or typed as letters; then the others.
_NUMBERS: Final = (
    re.compile(r"[0-9][0-9OoIlXx]{13,19}"),
    re.compile(r"(?<![A-Za-z])[A-Za-z]{1,3}[0-9]{7,12}|[0-9]{8}"),
)
_EDGES: Final = " \t+_-.,()[]{}【】"
_UNSAFE: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def parse_photo_name(path: str) -> PhotoName:
    """Return whom a file of an archive shows, by its base name; folders, even `../`, say nothing.

    Raises FieldError IGNORE for what macOS and Windows leave in archives, PATTERN for any other name.
    """
    if is_leftover(path):
        raise FieldError("IGNORE")
    stem, extensions = _EXTENSION.subn("", _base_name(path))
    match = _SUBJECT.fullmatch(_COPY_MARK.sub("", stem))
    if not extensions or match is None:
        raise FieldError("PATTERN")
    return PhotoName(name=match["name"].strip(), id_number=_id_number(match["number"]))


def is_leftover(path: str) -> bool:
    """Tell whether macOS or Windows put a file beside the photos for its own use."""
    return _LEFTOVERS.search(path.replace("\\", "/")) is not None


def split_file_name(path: str) -> FileNameParts:
    """Return what stands in any file name, in whatever order: for a person to be asked about, never to match by."""
    base = _base_name(path)
    extension = _ANY_EXTENSION.search(base)
    stem = _COPY_MARK.sub("", base[: extension.start()] if extension else base)
    number = next((found for pattern in _NUMBERS if (found := pattern.search(stem))), None)
    if number is None:
        return FileNameParts(name=stem.strip(_EDGES), extension=extension["extension"].lower() if extension else "")
    before, after = stem[: number.start()].strip(_EDGES), stem[number.end() :].strip(_EDGES)
    return FileNameParts(
        name=before + after,
        id_number=_lenient_id_number(number[0]),
        is_swapped=bool(after) and not before,
        extension=extension["extension"].lower() if extension else "",
    )


def safe_file_name(path: str) -> str:
    """Return a path that can be shown: control and bidirectional characters as U+FFFD, at most 200 characters.

    A name with U+202E in it reads backwards, and `gpj.exe` becomes `exe.jpg`.
    """
    shown = path[:MAX_SHOWN_CHARACTERS]
    return "".join("\ufffd" if unicodedata.category(character) in _UNSAFE else character for character in shown)


def _base_name(path: str) -> str:
    return fold_full_width(drop_invisible(path.replace("\\", "/").rpartition("/")[2])).strip()


def _lenient_id_number(number: str) -> str:
    try:
        return _id_number(number)
    except FieldError:
        return number.upper()


def _id_number(number: str) -> str:
    if len(number) != 15:
        return number.upper()
    try:
        # The roster's row judges the number; here it is a key, so no date of birth lies in the future.
        return parse_id_number(number, today=date.max).value
    except FieldError:
        raise FieldError("PATTERN") from None
