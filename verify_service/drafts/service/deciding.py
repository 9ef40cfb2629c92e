"""Handing a draft on: to staff, back with a note, or away."""

from uuid import UUID

from verify_service.drafts.model import Draft, DraftState
from verify_service.drafts.queries import drafts as queries
from verify_service.drafts.queries import files
from verify_service.drafts.service.clinic import (
    AMENDMENT,
    NOTE,
    Clinic,
    OpenedDraft,
    open_draft,
    record_of_draft,
    require_changeable,
)
from verify_service.drafts.service.examining import examine
from verify_service.errors import ConflictError


async def list_drafts(clinic: Clinic) -> list[Draft]:
    """Return the newest drafts: a partner's own; for staff their own and what was handed in."""
    return await queries.list_drafts(clinic.connection, clinic.content, clinic.partner_id)


async def hand_in(clinic: Clinic, draft_id: UUID) -> None:
    """Hand a partner's draft to staff; ConflictError DRAFT_NOT_RIGHT while any row has an error."""
    opened = await require_changeable(clinic, draft_id)
    summary = (await examine(clinic, opened)).report.summary
    if summary.rejected or not summary.accepted:
        raise ConflictError("DRAFT_NOT_RIGHT", "rows of the draft have errors: put them right first")
    await queries.change_state(clinic.connection, draft_id, DraftState.HANDED_IN, None)
    await record_of_draft(clinic, "draft_handed_in", opened.draft, rows=summary.rows)


async def return_draft(clinic: Clinic, draft_id: UUID, note: str) -> None:
    """Give a handed-in draft back to its partner with a note; ConflictError where it is not handed in.

    The partner reads the note: it must not say what the register knows of people of others.
    """
    opened = await open_draft(clinic, draft_id, locked=True)
    if opened.draft.state is not DraftState.HANDED_IN:
        raise ConflictError("DRAFT_NOT_HANDED_IN", "the draft is with its owner already")
    sealed = opened.cipher.seal(note.encode(), NOTE, draft_id)
    await queries.change_state(clinic.connection, draft_id, DraftState.OPEN, sealed)
    await queries.change_amendment(clinic.connection, draft_id, None, None)
    await record_of_draft(clinic, "draft_returned", opened.draft)


async def discard(clinic: Clinic, draft_id: UUID) -> None:
    """End a draft: everything personal of it is deleted at once, and its key with it."""
    opened = await require_changeable(clinic, draft_id)
    await queries.end_draft(clinic.connection, draft_id, DraftState.DISCARDED)
    await files.delete_files(clinic.connection, draft_id)
    await record_of_draft(clinic, "draft_discarded", opened.draft)


async def ask_amendment(clinic: Clinic, draft_id: UUID, note: str) -> None:
    """Ask that the import may change what stands, and say why; another person than this one imports it then.

    An empty note takes the request back.
    """
    opened = await open_draft(clinic, draft_id, locked=True)
    sealed = opened.cipher.seal(note.encode(), AMENDMENT, draft_id) if note else None
    await queries.change_amendment(clinic.connection, draft_id, sealed, clinic.actor.name if note else None)
    await record_of_draft(clinic, "draft_amendment_asked" if note else "draft_amendment_withdrawn", opened.draft)


async def record_reading(clinic: Clinic, opened: OpenedDraft) -> None:
    """Note in the trail that staff looked at people's numbers and phones; whose own they are, looks without a trace."""
    if clinic.partner_id is None:
        await record_of_draft(clinic, "draft_read", opened.draft)
