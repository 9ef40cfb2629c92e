"""Heads in a folder: the second place, best a disk or share that whoever runs the database cannot change."""

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

from verify_service.errors import UsageError
from verify_service.settings import Settings
from verify_service.trail.model import KeptHead
from verify_service.trail.rules.heads import SUFFIX, file_name


def head_folder(settings: Settings) -> Path:
    """Return where heads are kept besides the register."""
    return settings.audit_head_dir or settings.data_dir / "audit-heads"


def keep_heads(folder: Path, heads: Iterable[KeptHead]) -> int:
    """Write those heads that the folder has not got, each as a file of its own; return how many.

    A file that is there is never touched, so the folder may be one to which files can only be added.
    """
    try:
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        return sum(_keep(folder, kept) for kept in heads)
    except OSError as error:
        raise UsageError("AUDIT_HEAD_DIR", f"no head can be written into {folder}: {error.strerror}") from None


def read_notes(place: Path) -> list[str]:
    """Return the notes of a folder of heads in the order of their names, or of one file; refuse what is neither."""
    try:
        files = sorted(place.glob(f"*{SUFFIX}")) if place.is_dir() else [place]
        return [file.read_text(encoding="utf-8") for file in files]
    except (OSError, UnicodeDecodeError):
        raise UsageError("UNREADABLE_FILE", f"{place} is no head, and no folder of heads, that can be read") from None


def newest_note(folder: Path) -> str | None:
    """Return the note that the folder got last, or None where it has none or is not there yet."""
    try:
        newest = max(folder.glob(f"*{SUFFIX}"), default=None, key=lambda file: file.name)
        return None if newest is None else newest.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise UsageError("AUDIT_HEAD_DIR", f"the newest head in {folder} cannot be read") from None


def _keep(folder: Path, kept: KeptHead) -> bool:
    path = folder / file_name(kept.head)
    if path.exists():
        return False
    unfinished = path.with_suffix(".unfinished")
    with unfinished.open("w", encoding="utf-8") as file:
        file.write(kept.note)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
    with contextlib.suppress(OSError):  # a share may know no such thing
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    return True
