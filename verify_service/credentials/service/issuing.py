"""Issuing a cohort: everyone eligible, once; repeating it issues nothing more."""

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Final
from uuid import UUID

import msgspec

from verify_service.audit.model import Approval, ApprovedObject
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
NOT_ELIGIBLE: Final = "NOT_ELIGIBLE"
"""Erased, or the result amended, since it was decided that this entry be issued to."""


class HeldEntry(msgspec.Struct, frozen=True):
    """An exam entry that was left out, and the code of why."""

    candidate: Candidate
    name: str
    reason: str


async def issue_cohort(desk: Desk, cohort_id: UUID, progress: Callable[[int], None] = lambda _: None) -> IssueResult:
    """Issue to everyone of a cohort who passed and may be issued to; who fails preflight is named with the reason."""
    await desk.signing.sign_pending()
    entries = await queries.list_cohort_entries(desk.connection, cohort_id)
    eligible = iter([entry.candidate for entry in entries if entry.passed and not entry.issued])
    issued, beside, held = 0, 0, list[Held]()
    while batch := list(islice(eligible, BATCH)):
        new, held_back = await _issue(desk, batch, ApprovedObject("cohort", str(cohort_id)))
        issued += new
        held += [Held(one.name, one.candidate.partner, one.candidate.kind, one.reason) for one in held_back]
        beside += len(batch) - len(held_back) - new  # by a run at the same time
        progress(len(batch))
    return IssueResult(
        issued=issued,
        already_issued=sum(entry.issued for entry in entries) + beside,
        held=tuple(held),
        not_eligible=sum(not entry.passed and not entry.issued for entry in entries),
    )


async def record_entries(desk: Desk, exam_entry_ids: Sequence[UUID], approval: Approval) -> dict[UUID, str]:
    """Record certificates for these exam entries on an approval that stands; return by entry why others were left out.

    They are to be signed when this has returned. An entry with any credential is passed over, so that a run cut off at
    any moment is finished by the next.
    """
    entries = await queries.find_entries(desk.connection, exam_entry_ids)
    candidates = [entry.candidate for entry in entries if not entry.issued]
    _, _, held = await _record(desk, candidates, approval)
    reasons = {one.candidate.exam_entry_id: one.reason for one in held}
    issued = {entry_id for entry_id, _ in await queries.find_issued_versions(desk.connection, exam_entry_ids)}
    return {
        entry_id: reasons.get(entry_id, NOT_ELIGIBLE)
        for entry_id in exam_entry_ids
        if entry_id in reasons or entry_id not in issued
    }


async def _issue(desk: Desk, batch: Sequence[Candidate], about: ApprovedObject) -> tuple[int, list[HeldEntry]]:
    applicants, drafts, held = await _record(desk, batch, about)
    if not drafts:
        return 0, held
    unsigned = _unsigned(applicants, drafts, await desk.signing.sign_pending())
    return len(drafts) - len(unsigned), held + unsigned


async def _record(
    desk: Desk, batch: Sequence[Candidate], consent: ApprovedObject | Approval
) -> tuple[list[Applicant], list[Draft], list[HeldEntry]]:
    """Record on an approval that stands, or on one given here and now; the operator gives one for each batch."""
    async with desk.connection.transaction():
        # A name or phone that changed between reading it and recording it would be signed, or looked up, as it was.
        await subjects.hold_registration(desk.connection)
        applicants, held = await _preflight(desk, batch)
        if not applicants:
            return [], [], held
        if isinstance(consent, ApprovedObject):
            consent = await approve(desk.connection, desk.actor, "issue", about=consent)
        return applicants, await record_credentials(desk, applicants, consent), held


def _unsigned(applicants: Sequence[Applicant], drafts: Sequence[Draft], signing: SigningResult) -> list[HeldEntry]:
    """Return those of this batch whom the signer refused: a number is taken, and no certificate is there."""
    numbers = {draft.exam_entry_id: draft.certificate_number for draft in drafts}
    codes = {refused.number: refused.code for refused in signing.refused}
    return [
        HeldEntry(a.candidate, a.subject.person.name, codes[numbers[a.candidate.exam_entry_id]])
        for a in applicants
        if numbers.get(a.candidate.exam_entry_id) in codes
    ]


async def _preflight(desk: Desk, batch: Sequence[Candidate]) -> tuple[list[Applicant], list[HeldEntry]]:
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
            held.append(HeldEntry(candidate, subject.person.name, reason))
    return applicants, held
