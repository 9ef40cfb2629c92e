"""The rule 姓名+身份证号.jpg, as partners really write it."""

import re
import unicodedata
from datetime import date
from typing import Final

from verify_service.errors import FieldError
from verify_service.photos.model import PhotoName
from verify_service.subjects.rules.folding import drop_invisible, fold_full_width
from verify_service.subjects.rules.id_numbers import parse_id_number

MAX_SHOWN_CHARACTERS: Final = 200
_LEFTOVERS: Final = re.compile(r"(?:^|/)(?:__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
# Windows and WPS append these to copies.
_COPY_MARK: Final = re.compile(r"\s*(?:\([0-9]+\)|-\s*(?:副本|copy))$", re.IGNORECASE)
_EXTENSION: Final = re.compile(r"\.(?:jpe?g|png)$", re.IGNORECASE)
# The ID number is read from the right end: names end in anything but a digit. Documents with letters in front need
# something between them and a Latin name.
_SUBJECT: Final = re.compile(
    r"(?P<name>.*?[^0-9+_\-\s])[+_\-\s]*"
    r"(?<![0-9])(?P<number>[0-9]{17}[0-9Xx]|[0-9]{15}|[0-9]{8}|(?<![A-Za-z])[A-Za-z]{1,3}[0-9]{7,12})"
)
_UNSAFE: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def parse_photo_name(path: str) -> PhotoName:
    """Return whom a file of an archive shows, by its base name; folders, even `../`, say nothing.

    Raises FieldError IGNORE for what macOS and Windows leave in archives, PATTERN for any other name.
    """
    path = path.replace("\\", "/")
    if _LEFTOVERS.search(path):
        raise FieldError("IGNORE")
    base = fold_full_width(drop_invisible(path.rpartition("/")[2]))
    stem, extensions = _EXTENSION.subn("", base.strip())
    match = _SUBJECT.fullmatch(_COPY_MARK.sub("", stem))
    if not extensions or match is None:
        raise FieldError("PATTERN")
    return PhotoName(name=match["name"].strip(), id_number=_id_number(match["number"]))


def safe_file_name(path: str) -> str:
    """Return a path that can be shown: control and bidirectional characters as U+FFFD, at most 200 characters.

    A name with U+202E in it reads backwards, and `gpj.exe` becomes `exe.jpg`.
    """
    shown = path[:MAX_SHOWN_CHARACTERS]
    return "".join("\ufffd" if unicodedata.category(character) in _UNSAFE else character for character in shown)


def _id_number(number: str) -> str:
    if len(number) != 15:
        return number.upper()
    try:
        # The roster's row judges the number; here it is a key, so no date of birth lies in the future.
        return parse_id_number(number, today=date.max).value
    except FieldError:
        raise FieldError("PATTERN") from None
