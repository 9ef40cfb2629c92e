"""Entries of an archive that are made to lead somewhere: refused by how they are listed, whatever they hold.

Nothing is ever written under an entry's name here. Who packed such an archive meant to harm somebody else's reader, or
has a broken one: either way its files are not taken for somebody's photo.
"""

import re
import stat
import zipfile
from collections.abc import Collection
from typing import Final

from verify_service.errors import FieldError

ARCHIVE_EXTENSIONS: Final = (".zip", ".rar", ".7z", ".tar", ".gz")
_DRIVE: Final = re.compile(r"[A-Za-z]:")


def require_plain_path(entry: zipfile.ZipInfo, path: str, seen: Collection[str]) -> None:
    """Refuse what is no file, and a path that is absolute, climbs, has a NUL or came before: FieldError PHOTO_PATH."""
    # The upper half holds the mode where the archive was made on Unix, and nothing elsewhere.
    kind = stat.S_IFMT(entry.external_attr >> 16)
    parts = path.replace("\\", "/").split("/")
    leads_away = not parts[0] or ".." in parts or _DRIVE.match(path) is not None or "\0" in path
    # Of two entries of one name readers disagree on which one counts.
    if leads_away or kind not in {0, stat.S_IFREG} or path in seen:
        raise FieldError("PHOTO_PATH")


def require_no_archive(path: str) -> None:
    """Refuse an archive within the archive, by its name: FieldError PHOTO_NESTED."""
    if path.lower().endswith(ARCHIVE_EXTENSIONS):
        raise FieldError("PHOTO_NESTED")
