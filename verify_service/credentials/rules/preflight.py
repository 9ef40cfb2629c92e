"""What must hold before a number is taken: a number once taken must become a certificate."""

from collections.abc import Callable

from pdf import code_points
from verify_service.credentials.model import Kind
from verify_service.subjects.model import Person


def reason_to_hold(
    person: Person, kind: Kind, *, has_photo: bool, missing_characters: Callable[[str], tuple[str, ...]]
) -> str | None:
    """Return why this person's certificate cannot be made yet (`NO_PHOTO`, `NO_GLYPH U+…`), or None."""
    if kind.requires_photo and not has_photo:
        return "NO_PHOTO"
    missing = missing_characters(person.name)
    if missing:
        return f"NO_GLYPH {code_points(missing)}"
    return None
