"""A draft that is right enters the register, all of it, and ends in the same transaction."""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from verify_service.audit.model import Actor
from verify_service.cohorts.service import require_cohort
from verify_service.drafts.model import Content, CurrentTable, DraftState, Examined
from verify_service.drafts.queries import drafts as queries
from verify_service.drafts.queries import files
from verify_service.drafts.rules.binding import digest_of, require_as_shown
from verify_service.drafts.rules.current import current_table
from verify_service.drafts.service.clinic import PHOTO, Clinic, OpenedDraft, open_draft, record_of_draft
from verify_service.drafts.service.examining import (
    asked_import,
    check_current_results,
    check_current_roster,
    examine,
    matched_photos,
)
from verify_service.errors import ConflictError
from verify_service.exams.service.importing import ResultsOutcome, import_results
from verify_service.rosters.model import ImportOutcome
from verify_service.rosters.service.importing import import_roster
from verify_service.subjects.service import hold_registration


class DraftImport(msgspec.Struct, frozen=True):
    """What an import found, and how many rows changed something or stood already; refused, nothing was done."""

    examined: Examined
    imported: int
    unchanged: int

    @property
    def is_refused(self) -> bool:
        """Tell whether any row has an error, so that nothing was imported."""
        return self.examined.report.summary.rejected > 0 or not self.examined.report.rows


async def import_draft(clinic: Clinic, draft_id: UUID, shown: str = "") -> DraftImport:
    """Import a draft whose every row is right, in the caller's transaction, and end it; refused, it stays as it is.

    What changes people or results that stand needs two people: ConflictError SECOND_PERSON for whoever asked for the
    amendment, `AmendmentChangedError` where it is not the one `shown` is the digest of (empty: none was shown).
    """
    # Before the draft: whoever imports waits for imports, not for whoever waits for them.
    await hold_registration(clinic.connection)
    opened = await open_draft(clinic, draft_id, locked=True)
    if opened.draft.amended_by == clinic.actor.name:
        raise ConflictError("SECOND_PERSON", "another person than the one who asked for the amendment imports it")
    await _require_as_shown(clinic, opened, shown)
    current = current_table(opened.source.table, opened.changes)
    actor = _actor(clinic, opened)
    imported = await (
        _import_roster(clinic, opened, current, actor)
        if opened.draft.content is Content.ROSTER
        else _import_results(clinic, opened, current, actor)
    )
    if not imported.is_refused:
        await queries.end_draft(clinic.connection, draft_id, DraftState.IMPORTED)
        await files.delete_files(clinic.connection, draft_id)
        await record_of_draft(
            clinic, "draft_imported", opened.draft, imported=imported.imported, unchanged=imported.unchanged
        )
    return imported


async def _require_as_shown(clinic: Clinic, opened: OpenedDraft, shown: str) -> None:
    """Refuse what the second person has not seen: the draft is locked, and no other import changes what stands."""
    differences = () if opened.amendment is None else (await examine(clinic, opened)).differences
    require_as_shown(digest_of(opened.draft, opened.changes, opened.amendment, differences), shown)


async def _import_roster(clinic: Clinic, opened: OpenedDraft, current: CurrentTable, actor: Actor) -> DraftImport:
    report = check_current_roster(clinic, current)
    matched = matched_photos(clinic, opened, current, report)
    photos = await _portraits(clinic, opened, matched.by_row)
    asked = asked_import(clinic, opened, current, report, photos)
    outcome: ImportOutcome = await import_roster(clinic.connection, clinic.secrets, actor, asked)
    return DraftImport(Examined(current, outcome.report, matched), outcome.imported, outcome.unchanged)


async def _import_results(clinic: Clinic, opened: OpenedDraft, current: CurrentTable, actor: Actor) -> DraftImport:
    outcome: ResultsOutcome = await import_results(
        clinic.connection,
        clinic.secrets,
        actor,
        cohort_id=await require_cohort(clinic.connection, opened.draft.cohort_code),
        results=current.table,
        checked=check_current_results(clinic, current),
        amendment=opened.amendment,
    )
    return DraftImport(Examined(current, outcome.report), outcome.imported, outcome.unchanged)


async def _portraits(clinic: Clinic, opened: OpenedDraft, by_row: Mapping[int, int]) -> dict[int, bytes]:
    entries = sorted(set(by_row.values()))
    sealed = await files.find_photos(clinic.connection, opened.draft.draft_id, entries)
    jpegs = {entry: opened.cipher.open(jpeg, PHOTO, photo_id) for photo_id, entry, jpeg in sealed}
    return {row: jpegs[entry] for row, entry in by_row.items()}


def _actor(clinic: Clinic, opened: OpenedDraft) -> Actor:
    """Return who makes the change: who imports, and with an amendment who asked for it and who agrees."""
    if opened.draft.amended_by is None:
        return clinic.actor
    return clinic.actor.seconding(opened.draft.amended_by)
