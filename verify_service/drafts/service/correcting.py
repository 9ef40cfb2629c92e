"""Putting a draft right: cells, rows, photos and accepted fixes. Each is one change of the draft, in the trail."""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from verify_service.drafts.model import Changes, Examined, Fix, FixKind
from verify_service.drafts.queries import drafts as queries
from verify_service.drafts.rules.current import with_texts
from verify_service.drafts.rules.fixes import suggest_fixes
from verify_service.drafts.rules.matching import portraits
from verify_service.drafts.service.clinic import (
    Clinic,
    OpenedDraft,
    record_of_draft,
    require_changeable,
    seal_changes,
)
from verify_service.drafts.service.examining import LAYOUTS, examine, partner_suggestions
from verify_service.errors import FieldError, NotFoundError
from verify_service.tables.model import TableRow
from verify_service.tables.rules.limits import MAX_TEXT_CHARACTERS


class FixesAsked(msgspec.Struct, frozen=True):
    """Which fixes a person accepts: one (row, field and place), all that answer one code, or every safe one."""

    number: int | None = None
    field: str = ""
    choice: int = 0
    """Which of several for that field."""
    code: str = ""

    def takes(self, fix: Fix) -> bool:
        """Tell whether a fix is among them; whatever is not safe was named by its row or its code."""
        if self.number is not None:
            return (fix.number, fix.field) == (self.number, self.field) and self.code in {"", fix.code}
        return fix.code == self.code if self.code else fix.is_safe


async def fill_in(clinic: Clinic, draft_id: UUID, number: int, texts: Mapping[str, str]) -> Examined:
    """Replace what cells of a row say, and return what the draft is found to be by itself; it may still be wrong.

    NotFoundError: there is no such row. FieldError TOO_LONG: no cell holds as much, and nothing is changed.
    """
    opened = await require_changeable(clinic, draft_id)
    row = _require_row(opened, number)
    known = {field: text.strip() for field, text in texts.items() if field in LAYOUTS[opened.draft.content].headings}
    if any(len(text) > MAX_TEXT_CHARACTERS for text in known.values()):
        raise FieldError("TOO_LONG")
    return await _change(clinic, opened, with_texts(opened.changes, row, number, known), "cells", number)


async def remove_row(clinic: Clinic, draft_id: UUID, number: int) -> Examined:
    """Take a row out."""
    opened = await require_changeable(clinic, draft_id)
    _require_row(opened, number)
    removed = opened.changes.removed | {number}
    return await _change(clinic, opened, msgspec.structs.replace(opened.changes, removed=removed), "removed", number)


async def restore_row(clinic: Clinic, draft_id: UUID, number: int) -> Examined:
    """Take a row in again that was taken out."""
    opened = await require_changeable(clinic, draft_id)
    _require_row(opened, number)
    removed = opened.changes.removed - {number}
    return await _change(clinic, opened, msgspec.structs.replace(opened.changes, removed=removed), "restored", number)


async def assign_photo(clinic: Clinic, draft_id: UUID, number: int, entry: int | None) -> Examined:
    """Give a row a picture of the archive, or with None leave it to names again; NotFoundError: no usable picture."""
    opened = await require_changeable(clinic, draft_id)
    _require_row(opened, number)
    if entry is not None and entry not in portraits(opened.source.archive, opened.judged):
        raise NotFoundError("UNKNOWN_PHOTO", "the archive has no such picture")
    changes = _with_photo(opened.changes, number, entry)
    return await _change(clinic, opened, changes, "photo", number)


async def accept_fixes(clinic: Clinic, draft_id: UUID, asked: FixesAsked) -> int:
    """Make the fixes that a person accepts, and return how many; one whose reason is gone is left out."""
    opened = await require_changeable(clinic, draft_id)
    taken = _chosen(await find_fixes(clinic, opened, await examine(clinic, opened)), asked)
    changes = opened.changes
    for fix in taken:
        changes = _with_fix(changes, opened.source.table.rows[fix.number - 1], fix)
    if taken:
        await _change(clinic, opened, changes, "fixes", len(taken))
    return len(taken)


async def find_fixes(clinic: Clinic, opened: OpenedDraft, examined: Examined) -> dict[int, tuple[Fix, ...]]:
    """Return what a person may accept, by the row's number in the uploaded table."""
    entries = {file: entry for entry, file in portraits(opened.source.archive, opened.judged).items()}
    return suggest_fixes(examined, entries, await partner_suggestions(clinic, examined))


def _chosen(fixes: Mapping[int, tuple[Fix, ...]], asked: FixesAsked) -> list[Fix]:
    taken = [fix for of_row in fixes.values() for fix in of_row if asked.takes(fix)]
    return taken[asked.choice : asked.choice + 1] if asked.number is not None else taken


def _with_fix(changes: Changes, row: TableRow, fix: Fix) -> Changes:
    match fix.kind:
        case FixKind.SET:
            return with_texts(changes, row, fix.number, {fix.field: fix.text})
        case FixKind.REMOVE:
            return msgspec.structs.replace(changes, removed=changes.removed | {fix.number})
        case FixKind.ASSIGN:
            return _with_photo(changes, fix.number, fix.entry)


def _with_photo(changes: Changes, number: int, entry: int | None) -> Changes:
    """Return the changes with a picture given to one row, and to no other."""
    others = {other: given for other, given in changes.assigned.items() if other != number and given != entry}
    return msgspec.structs.replace(changes, assigned=others | ({} if entry is None else {number: entry}))


def _require_row(opened: OpenedDraft, number: int) -> TableRow:
    rows = opened.source.table.rows
    if not 1 <= number <= len(rows):
        raise NotFoundError("UNKNOWN_ROW", "the table has no such row")
    return rows[number - 1]


async def _change(clinic: Clinic, opened: OpenedDraft, changes: Changes, what: str, number: int) -> Examined:
    draft = opened.draft
    examined = await examine(clinic, msgspec.structs.replace(opened, changes=changes), register=False)
    summary = examined.report.summary
    sealed = seal_changes(draft.draft_id, changes, opened.cipher)
    await queries.change_draft(clinic.connection, draft.draft_id, sealed, summary.rows, summary.rejected)
    await record_of_draft(clinic, "draft_changed", draft, **{what: number})
    if opened.amendment is not None:
        # Asked for what stood there then: nobody imports something else in that person's name.
        await queries.change_amendment(clinic.connection, draft.draft_id, None, None)
        await record_of_draft(clinic, "draft_amendment_withdrawn", draft)
    return examined
