"""What every use case on drafts stands on, and drafts as they are opened and sealed."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import record
from verify_service.database import Connection
from verify_service.drafts.model import Changes, Content, Draft, DraftState, JudgedPhoto, Source
from verify_service.drafts.queries import drafts as queries
from verify_service.drafts.queries import files
from verify_service.drafts.queries.drafts import SealedDraft
from verify_service.errors import ConflictError, NotFoundError
from verify_service.sealing.model import Secrets
from verify_service.sealing.rules import SubjectCipher, unwrap_data_key
from verify_service.translations import Language

KEY_PLACE: Final = "draft:wrapped"
SOURCE: Final = "draft:sealed_source"
CHANGES: Final = "draft:sealed_changes"
NOTE: Final = "draft:sealed_note"
AMENDMENT: Final = "draft:sealed_amendment"
FILE: Final = "draft_file:sealed_file"
PHOTO: Final = "draft_photo:sealed_jpeg"


class Clinic(msgspec.Struct, frozen=True, kw_only=True):
    """What every use case shares: who asks, for whom, and what names are judged by."""

    connection: Connection
    secrets: Secrets
    actor: Actor
    partner_id: UUID | None
    """Whose pages ask; None on staff's."""
    content: Content
    """Which drafts are treated: others do not exist here."""
    today: date
    missing_characters: Callable[[str], tuple[str, ...]]
    language: Language = Language.CHINESE


class OpenedDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A draft with its content, and the cipher of its data key."""

    draft: Draft
    source: Source
    judged: Mapping[int, JudgedPhoto]
    """What became of each picture, by its entry in the archive."""
    changes: Changes
    note: str | None
    amendment: str | None
    cipher: SubjectCipher


async def open_draft(clinic: Clinic, draft_id: UUID, *, locked: bool = False) -> OpenedDraft:
    """Return a draft with its content; NotFoundError where there is none, where it is another's, and where it ended."""
    row = await queries.find_draft(clinic.connection, draft_id, clinic.content, clinic.partner_id, locked=locked)
    if row is None or row.kek_id is None or row.wrapped is None:
        raise NotFoundError("UNKNOWN_DRAFT", "there is no such draft")
    cipher = unwrap_data_key(clinic.secrets.field, row.kek_id, row.wrapped, draft_id, KEY_PLACE)

    def opened(sealed: bytes | None, place: str) -> bytes:
        return b"" if sealed is None else cipher.open(sealed, place, draft_id)

    return OpenedDraft(
        draft=row.draft,
        source=msgspec.msgpack.decode(opened(row.sealed_source, SOURCE), type=Source),
        judged=await files.find_judged(clinic.connection, draft_id),
        changes=msgspec.msgpack.decode(opened(row.sealed_changes, CHANGES), type=Changes),
        note=opened(row.sealed_note, NOTE).decode() or None,
        amendment=opened(row.sealed_amendment, AMENDMENT).decode() or None,
        cipher=cipher,
    )


async def require_changeable(clinic: Clinic, draft_id: UUID) -> OpenedDraft:
    """Return a draft locked for its owner to change; ConflictError DRAFT_HANDED_IN while staff have it."""
    opened = await open_draft(clinic, draft_id, locked=True)
    if opened.draft.state is not DraftState.OPEN:
        raise ConflictError("DRAFT_HANDED_IN", "the draft was handed in: it is returned before it is changed again")
    return opened


def seal_draft(draft: Draft, source: Source, changes: Changes, cipher: SubjectCipher) -> SealedDraft:
    """Return a draft as it is stored, its key still to be wrapped."""
    return SealedDraft(
        draft=draft,
        kek_id=None,
        wrapped=None,
        sealed_source=cipher.seal(msgspec.msgpack.encode(source), SOURCE, draft.draft_id),
        sealed_changes=seal_changes(draft.draft_id, changes, cipher),
    )


def seal_changes(draft_id: UUID, changes: Changes, cipher: SubjectCipher) -> bytes:
    """Return what people changed as it is stored."""
    return cipher.seal(msgspec.msgpack.encode(changes), CHANGES, draft_id)


async def record_of_draft(clinic: Clinic, action: str, draft: Draft, **detail: object) -> None:
    """Add an event about a draft to the trail: counts, codes of cohorts and fields, never what a cell says."""
    about = {"content": draft.content.value, "cohort": draft.cohort_code}
    event = AuditEvent(action, "draft", str(draft.draft_id), about | detail)
    await record(clinic.connection, clinic.actor, event)
