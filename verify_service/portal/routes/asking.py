"""What every page of a partner asks with."""

from collections.abc import Callable
from urllib.parse import quote
from uuid import UUID

from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.visitors import Visitor
from verify_service.errors import NotFoundError
from verify_service.name_faces import load_name_faces
from verify_service.translations import Language

TOPIC = "console_portal"


def partner_of(visitor: Visitor) -> UUID:
    """Return the partner whose rows are asked for: the session's, never one that an address names."""
    if visitor.partner_id is None:
        raise NotFoundError("NO_PARTNER", "staff have no partner's pages")
    return visitor.partner_id


def missing_with(console: ConsoleContext) -> Callable[[str], tuple[str, ...]]:
    """Return what tells the characters of a name that no font can print; the fonts are read once a process."""
    return load_name_faces(console.settings).missing


def kind_titles(console: ConsoleContext, language: Language) -> dict[str, str]:
    """Return what each kind of certificate is called."""
    titles = console.site.certificate_titles
    return {one.kind: one.english if language is Language.ENGLISH else one.chinese for one in titles}


def attachment(name: str, plain_name: str) -> dict[str, str]:
    """Return the header of a file to be saved; `plain_name` is for software that reads no other letters (RFC 6266)."""
    value = f"attachment; filename=\"{plain_name}\"; filename*=UTF-8''{quote(name)}"
    return {"Content-Disposition": value}
