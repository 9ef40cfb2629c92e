"""Issuing a cohort: everyone eligible, once; repeating it issues nothing more."""

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Final
from uuid import UUID

from verify_service.audit.model import ApprovedObject
from verify_service.audit.service import approve
from verify_service.credentials.model import Candidate, Draft, Held, IssueResult, SigningResult
from verify_service.credentials.queries import issuing as queries
from verify_service.credentials.rules.preflight import reason_to_hold
from verify_service.credentials.service.desk import Desk
from verify_service.credentials.service.drafting import Applicant
from verify_service.credentials.service.recording import record_credentials
from verify_service.subjects import service as subjects

BATCH: Final = 500
"""Certificates recorded in one transaction: enough to be fast, few enough that photos stay small in memory."""


async def issue_cohort(desk: Desk, cohort_id: UUID, progress: Callable[[int], None] = lambda _: None) -> IssueResult:
    """Issue to everyone of a cohort who passed and may be issued to; who fails preflight is named with the reason."""
    await desk.signing.sign_pending()
    entries = await queries.list_cohort_entries(desk.connection, cohort_id)
    eligible = iter([entry.candidate for entry in entries if entry.passed and not entry.issued])
    issued, beside, held = 0, 0, list[Held]()
    while batch := list(islice(eligible, BATCH)):
        new, held_back = await _issue(desk, cohort_id, batch)
        issued += new
        held += held_back
        beside += len(batch) - len(held_back) - new  # by a run at the same time
        progress(len(batch))
    return IssueResult(
        issued=issued,
        already_issued=sum(entry.issued for entry in entries) + beside,
        held=tuple(held),
        not_eligible=sum(not entry.passed and not entry.issued for entry in entries),
    )


async def _issue(desk: Desk, cohort_id: UUID, batch: Sequence[Candidate]) -> tuple[int, list[Held]]:
    async with desk.connection.transaction():
        # A name or phone that changed between reading it and recording it would be signed, or looked up, as it was.
        await subjects.hold_registration(desk.connection)
        applicants, held = await _preflight(desk, batch)
        if not applicants:
            return 0, held
        about = ApprovedObject("cohort", str(cohort_id))
        approval = await approve(desk.connection, desk.actor, "issue", about=about)
        drafts = await record_credentials(desk, applicants, approval)
    unsigned = _unsigned(applicants, drafts, await desk.signing.sign_pending())
    return len(drafts) - len(unsigned), held + unsigned


def _unsigned(applicants: Sequence[Applicant], drafts: Sequence[Draft], signing: SigningResult) -> list[Held]:
    """Return those of this batch whom the signer refused: a number is taken, and no certificate is there."""
    numbers = {draft.exam_entry_id: draft.certificate_number for draft in drafts}
    codes = {refused.number: refused.code for refused in signing.refused}
    return [
        Held(a.subject.person.name, a.candidate.partner, a.candidate.kind, codes[numbers[a.candidate.exam_entry_id]])
        for a in applicants
        if numbers.get(a.candidate.exam_entry_id) in codes
    ]


async def _preflight(desk: Desk, batch: Sequence[Candidate]) -> tuple[list[Applicant], list[Held]]:
    ids = [candidate.subject_id for candidate in batch]
    people = await subjects.find_by_ids(desk.connection, desk.secrets, ids)
    passed = await queries.find_passed(desk.connection, [candidate.exam_entry_id for candidate in batch])
    # The others were erased, or their result was amended, since the list was drawn up.
    present = [c for c in batch if c.subject_id in people and c.exam_entry_id in passed]
    photos = await subjects.find_photos(
        desk.connection, {c.photo_id: people[c.subject_id].cipher for c in present if c.photo_id is not None}
    )
    applicants, held = [], []
    for candidate in present:
        subject = people[candidate.subject_id]
        photo = None if candidate.photo_id is None else photos.get(candidate.photo_id)
        reason = reason_to_hold(
            subject.person,
            desk.kinds[candidate.kind],
            has_photo=photo is not None,
            missing_characters=desk.missing_characters,
        )
        if reason is None:
            applicants.append(Applicant(candidate, subject, photo))
        else:
            held.append(Held(subject.person.name, candidate.partner, candidate.kind, reason))
    return applicants, held
