"""An erasure reaches drafts: each that names the person ends as a whole, and its import cannot bring the person back.

A file as it was uploaded cannot be rewritten, and half a draft is nobody's: whoever uploaded it hands in another.
"""

from functools import partial
from typing import Any
from uuid import UUID

import anyio.to_thread
import msgspec

from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import record
from verify_service.database import Connection
from verify_service.drafts.model import Draft, DraftState
from verify_service.drafts.queries import drafts as queries
from verify_service.drafts.queries import files
from verify_service.drafts.queries.drafts import SealedDraft
from verify_service.drafts.rules.naming import names
from verify_service.drafts.service.clinic import AMENDMENT, CHANGES, KEY_PLACE, NOTE, SOURCE
from verify_service.sealing.model import Secrets
from verify_service.sealing.rules import unwrap_data_key
from verify_service.subjects.model import IdNumber


async def count_naming(connection: Connection, secrets: Secrets, number: IdNumber) -> int:
    """Return how many drafts name the person of a document number; each is opened for it."""
    return len(await _find_naming(connection, secrets, number, await queries.list_unended(connection)))


async def end_naming(connection: Connection, secrets: Secrets, actor: Actor, number: IdNumber) -> int:
    """End every draft that names a person, in the caller's transaction, and return how many that were.

    All are locked first: nobody types the person into one of them meanwhile, and none is waited for once the trail is
    written.
    """
    unended = await queries.lock_unended(connection)
    named = await _find_naming(connection, secrets, number, unended)
    for draft in named:
        await queries.end_draft(connection, draft.draft_id, DraftState.DISCARDED)
        await files.delete_files(connection, draft.draft_id)
    await record(connection, actor, *map(_ended, named))
    return len(named)


async def _find_naming(
    connection: Connection, secrets: Secrets, number: IdNumber, draft_ids: list[UUID]
) -> list[Draft]:
    """Return the drafts that name a person; one at a time is in memory."""
    found = []
    for draft_id in draft_ids:
        row = await queries.find_unended(connection, draft_id)
        if row is not None and await anyio.to_thread.run_sync(partial(_is_naming, secrets, number, row)):
            found.append(row.draft)
    return found


def _is_naming(secrets: Secrets, number: IdNumber, row: SealedDraft) -> bool:
    draft_id = row.draft.draft_id
    cipher = unwrap_data_key(secrets.field, row.kek_id or "", row.wrapped or b"", draft_id, KEY_PLACE)
    read = ((row.sealed_source, SOURCE), (row.sealed_changes, CHANGES))
    typed = ((row.sealed_note, NOTE), (row.sealed_amendment, AMENDMENT))
    contents: list[Any] = [
        *(msgspec.msgpack.decode(cipher.open(content, place, draft_id)) for content, place in read if content),
        *(cipher.open(content, place, draft_id).decode() for content, place in typed if content),
    ]
    return names(contents, number)


def _ended(draft: Draft) -> AuditEvent:
    detail = {"content": draft.content.value, "cohort": draft.cohort_code, "reason": "erasure"}
    return AuditEvent("draft_discarded", "draft", str(draft.draft_id), detail)
