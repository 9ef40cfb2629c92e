"""SQL on draft, also for partners' pages, to which other partners' rows do not exist."""

from typing import Any, Final
from uuid import UUID

import msgspec

from verify_service.database import Connection
from verify_service.drafts.model import Content, Draft, DraftState

DRAFT_COLUMNS: Final = ", ".join(Draft.__struct_fields__)
SEALED_COLUMNS: Final = "kek_id, wrapped, sealed_source, sealed_changes, sealed_note, sealed_amendment"
INSERT_DRAFT: Final = """
insert into draft (
    draft_id, content, cohort_code, kind, partner_id, uploaded_by, file_digest, row_count, rejected_count,
    kek_id, wrapped, sealed_source, sealed_changes
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
"""
# Staff see what staff uploaded, and of a partner's what was handed in; a partner's page says whose it is.
SELECT_DRAFTS: Final = f"""
select {DRAFT_COLUMNS}
  from draft
 where content = $1 and partner_id is not distinct from $2
    or content = $1 and $2 is null and state in ('handed_in', 'imported')
 order by created_at desc
 limit 200
"""  # noqa: S608  # constants
SELECT_DRAFT: Final = f"""
select {DRAFT_COLUMNS}, {SEALED_COLUMNS}
  from draft
 where draft_id = $1
   and content = $2
   and (partner_id is not distinct from $3 or $3 is null and state in ('handed_in', 'imported'))
"""  # noqa: S608  # constants
SELECT_UNENDED: Final = "select draft_id from draft where wrapped is not null order by draft_id"
LOCK_UNENDED: Final = f"{SELECT_UNENDED} for update"
SELECT_ONE_UNENDED: Final = f"""
select {DRAFT_COLUMNS}, {SEALED_COLUMNS} from draft where draft_id = $1 and wrapped is not null
"""  # noqa: S608  # constants
LOCK_DRAFT: Final = f"{SELECT_DRAFT} for update"
UPDATE_CHANGES: Final = """
update draft set sealed_changes = $2, row_count = $3, rejected_count = $4, changed_at = now() where draft_id = $1
"""
UPDATE_STATE: Final = "update draft set state = $2, sealed_note = $3, changed_at = now() where draft_id = $1"
UPDATE_AMENDMENT: Final = """
update draft set sealed_amendment = $2, amended_by = $3, changed_at = now() where draft_id = $1
"""
END_DRAFT: Final = """
update draft
   set state = $2, kek_id = null, wrapped = null, sealed_source = null, sealed_changes = null, sealed_note = null,
       sealed_amendment = null, changed_at = now()
 where draft_id = $1
"""


class SealedDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A draft as stored; of one that has ended nothing is sealed."""

    draft: Draft
    kek_id: str | None
    wrapped: bytes | None
    sealed_source: bytes | None
    sealed_changes: bytes | None
    sealed_note: bytes | None = None
    sealed_amendment: bytes | None = None


async def add_draft(connection: Connection, row: SealedDraft) -> None:
    """Store a new draft."""
    draft = row.draft
    await connection.execute(
        INSERT_DRAFT,
        draft.draft_id,
        draft.content.value,
        draft.cohort_code,
        draft.kind,
        draft.partner_id,
        draft.uploaded_by,
        draft.file_digest,
        draft.row_count,
        draft.rejected_count,
        row.kek_id,
        row.wrapped,
        row.sealed_source,
        row.sealed_changes,
    )


async def list_drafts(connection: Connection, content: Content, partner_id: UUID | None) -> list[Draft]:
    """Return the newest drafts that a partner, or staff (None), may see."""
    return [_draft(dict(row)) for row in await connection.fetch(SELECT_DRAFTS, content.value, partner_id)]


async def find_draft(
    connection: Connection, draft_id: UUID, content: Content, partner_id: UUID | None, *, locked: bool
) -> SealedDraft | None:
    """Return a draft that a partner, or staff (None), may see; locked, nobody else changes it meanwhile."""
    row = await connection.fetchrow(LOCK_DRAFT if locked else SELECT_DRAFT, draft_id, content.value, partner_id)
    return None if row is None else _sealed_draft(dict(row))


async def list_unended(connection: Connection) -> list[UUID]:
    """Return every draft with content, whoever uploaded it."""
    return [row["draft_id"] for row in await connection.fetch(SELECT_UNENDED)]


async def lock_unended(connection: Connection) -> list[UUID]:
    """Return every draft with content; nobody else changes one until the transaction ends."""
    return [row["draft_id"] for row in await connection.fetch(LOCK_UNENDED)]


async def find_unended(connection: Connection, draft_id: UUID) -> SealedDraft | None:
    """Return a draft, whoever uploaded it; None once it has ended."""
    row = await connection.fetchrow(SELECT_ONE_UNENDED, draft_id)
    return None if row is None else _sealed_draft(dict(row))


async def change_draft(
    connection: Connection, draft_id: UUID, sealed_changes: bytes, row_count: int, rejected_count: int
) -> None:
    """Replace what people changed, and the counts it leads to."""
    await connection.execute(UPDATE_CHANGES, draft_id, sealed_changes, row_count, rejected_count)


async def change_state(connection: Connection, draft_id: UUID, state: DraftState, sealed_note: bytes | None) -> None:
    """Hand a draft on, with or without a note."""
    await connection.execute(UPDATE_STATE, draft_id, state.value, sealed_note)


async def change_amendment(
    connection: Connection, draft_id: UUID, sealed_amendment: bytes | None, amended_by: str | None
) -> None:
    """Keep why an import may change what stands, and who asks for it; None takes it back."""
    await connection.execute(UPDATE_AMENDMENT, draft_id, sealed_amendment, amended_by)


async def end_draft(connection: Connection, draft_id: UUID, state: DraftState) -> None:
    """Empty a draft of everything personal, its key with it, and keep how it ended. Its files are deleted beside it."""
    await connection.execute(END_DRAFT, draft_id, state.value)


def _sealed_draft(columns: dict[str, Any]) -> SealedDraft:
    sealed = {name: columns.pop(name) for name in SEALED_COLUMNS.split(", ")}
    return SealedDraft(draft=_draft(columns), **sealed)


def _draft(columns: dict[str, Any]) -> Draft:
    words = {"content": Content(columns["content"]), "state": DraftState(columns["state"])}
    return Draft(**(columns | words))
