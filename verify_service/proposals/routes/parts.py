"""What these pages share: who asks, what previews are made with, and how a refusal is said."""

import base64
from collections.abc import Callable
from functools import partial
from typing import Final
from uuid import UUID

from verify_service.clock import now, today_in_shanghai
from verify_service.cohorts.queries import find_cohort
from verify_service.console_desk import console_desk
from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.visitors import Visitor
from verify_service.database import Connection
from verify_service.errors import ConflictError, FieldError, NotFoundError, UsageError
from verify_service.name_faces import load_name_faces
from verify_service.pages.rendering import Wording
from verify_service.proposals.model import Party
from verify_service.proposals.rules import NotYoursError
from verify_service.proposals.service.class_previews import Reader
from verify_service.proposals.service.deciding import DeskOf, Instant
from verify_service.translations import Language

TOPIC: Final = "console_proposals"
MAX_FORM_BYTES: Final = 64 * 1024
MAX_NOTE_CHARACTERS: Final = 2_000
REFUSALS: Final = (ConflictError, FieldError, NotYoursError, UsageError, NotFoundError)
"""What a page answers with the same page and a sentence; whatever else is raised is a fault."""


def party_of(visitor: Visitor) -> Party:
    """Return whoever asks, with the roles and the session of this request."""
    return Party(visitor.account_id, visitor.name, visitor.roles, str(visitor.session_id))


async def reader_of(console: ConsoleContext, connection: Connection) -> Reader:
    """Return what previews are made with."""
    return Reader(connection, await console.secrets(connection), load_name_faces(console.settings).missing)


def desk_of(console: ConsoleContext, connection: Connection) -> DeskOf:
    """Return what opens a desk for two people."""
    return partial(console_desk, console, connection)


def at_once() -> Instant:
    """Return this moment."""
    return Instant(now(), today_in_shanghai())


async def get_cohort(connection: Connection, code: str) -> UUID:
    """Return the id of a class; raise `NotFoundError` for a code that none has."""
    cohort_id = await find_cohort(connection, code)
    if cohort_id is None:
        raise NotFoundError("UNKNOWN_COHORT", "there is no such class")
    return cohort_id


def note_of(text: str) -> str | None:
    """Return a note as it is kept, or None for an empty one; raise `FieldError` for one that is too long."""
    note = text.strip()
    if len(note) > MAX_NOTE_CHARACTERS:
        raise FieldError("NOTE_TOO_LONG")
    return note or None


def base64_text(data: bytes) -> str:
    """Return bytes as a page can carry them."""
    return base64.b64encode(data).decode()


def public_words(language: Language) -> Callable[..., str]:
    """Return the words of the public pages, which a preview quotes."""
    return Wording(language)
