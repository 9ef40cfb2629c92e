"""What issuing to a class, or revoking all of it, would do: person by person, as it stands now."""

from collections.abc import Callable, Collection, Sequence
from uuid import UUID

import msgspec

from verify_service.credentials.model import PUBLIC_REASONS, RevocationReason
from verify_service.credentials.queries import issuing as credentials
from verify_service.credentials.queries.issuing import CohortEntry
from verify_service.credentials.rules.preflight import reason_to_hold
from verify_service.database import Connection
from verify_service.exams import queries as exams
from verify_service.exams.model import Sitting
from verify_service.proposals import queries
from verify_service.proposals.model import IssuePreview, PersonLine, RevokePreview
from verify_service.proposals.queries import CertificateRow
from verify_service.sealing.model import Secrets
from verify_service.subjects import service as subjects
from verify_service.subjects.rules.masks import mask_id_number
from verify_service.subjects.service import OpenedSubject

NO_RESULT = "no_result"
ERASED = "erased"
REVOKED = "revoked"


class Reader(msgspec.Struct, frozen=True):
    """What any preview is made with."""

    connection: Connection
    secrets: Secrets
    missing_characters: Callable[[str], tuple[str, ...]]
    """Those of a name that no installed face draws."""


async def preview_issue(reader: Reader, cohort_id: UUID, frozen: Collection[UUID] | None = None) -> IssuePreview:
    """Return who of a class would be issued to: all who may, or of those alone whom a proposal has `frozen`."""
    entries = await credentials.list_cohort_entries(reader.connection, cohort_id)
    waiting = [entry for entry in entries if not entry.issued]
    reasons = await _reasons(reader, waiting)
    people = await _people(reader, [entry.candidate.subject_id for entry in waiting])
    lines: dict[str, list[PersonLine]] = {"to_issue": [], "held": [], "not_eligible": [], "left_out": []}
    for entry in waiting:
        reason = reasons.get(entry.candidate.exam_entry_id, "")
        eligible = "to_issue" if frozen is None or entry.candidate.exam_entry_id in frozen else "left_out"
        place = "not_eligible" if not entry.passed else "held" if reason else eligible
        lines[place].append(_entry_line(entry, people[entry.candidate.subject_id], reason))
    gone = set(frozen or ()) - {entry.candidate.exam_entry_id for entry in entries}
    lines["not_eligible"] += [_nobody(object_id) for object_id in sorted(gone)]
    return IssuePreview(
        issued=sum(entry.issued for entry in entries), **{place: tuple(found) for place, found in lines.items()}
    )


async def _reasons(reader: Reader, entries: Sequence[CohortEntry]) -> dict[UUID, str]:
    """Return by exam entry why it is not issued to: how its latest sitting ended, or what preflight finds."""
    kinds = await credentials.list_kinds(reader.connection)
    failed = [entry.candidate.exam_entry_id for entry in entries if not entry.passed]
    sittings = await exams.find_sittings(reader.connection, failed)
    reasons = {entry_id: _latest(sittings.get(entry_id, [])) for entry_id in failed}
    passed = [entry.candidate for entry in entries if entry.passed]
    people = await _people(reader, [candidate.subject_id for candidate in passed])
    photos = await subjects.find_kept_photos(reader.connection, [one.photo_id for one in passed if one.photo_id])
    for candidate in passed:
        reason = reason_to_hold(
            people[candidate.subject_id].person,
            kinds[candidate.kind],
            has_photo=candidate.photo_id in photos,
            missing_characters=reader.missing_characters,
        )
        if reason is not None:
            reasons[candidate.exam_entry_id] = reason
    return reasons


def _latest(sittings: Sequence[Sitting]) -> str:
    return max(sittings, key=lambda sitting: sitting.held_on).conclusion.value if sittings else NO_RESULT


def _entry_line(entry: CohortEntry, subject: OpenedSubject, reason: str) -> PersonLine:
    candidate, person = entry.candidate, subject.person
    return PersonLine(
        object_id=candidate.exam_entry_id,
        name=person.name,
        kind=candidate.kind,
        id_number_masked=mask_id_number(person.id_number),
        partner=candidate.partner,
        reason=reason,
    )


def _nobody(object_id: UUID) -> PersonLine:
    return PersonLine(object_id=object_id, name="", kind="", id_number_masked="", reason=ERASED)


async def preview_revoke_class(
    reader: Reader,
    cohort_id: UUID,
    reason: RevocationReason,
    note: str | None,
    frozen: Collection[UUID] | None = None,
) -> RevokePreview:
    """Return whose certificates of a class would be revoked: all that are not yet, or those `frozen` alone.

    A correction, or an issue, since they were frozen left certificates that stay valid: those are named too.
    """
    rows = await queries.list_certificates(reader.connection, cohort_id)
    people = await _people(reader, [row.subject_id for row in rows])
    to_revoke, passed_over, left_out = list[PersonLine](), list[PersonLine](), list[PersonLine]()
    for row in rows:
        line = _certificate_line(row, people.get(row.subject_id))
        if frozen is None or row.credential_id in frozen:
            (passed_over if row.revoked else to_revoke).append(line)
        elif line.status == "valid":
            left_out.append(line)
    return RevokePreview(
        certificates=tuple(to_revoke),
        passed_over=tuple(passed_over),
        reason=reason,
        public_reason=PUBLIC_REASONS[reason],
        note=note,
        left_out=tuple(left_out),
    )


def _certificate_line(row: CertificateRow, subject: OpenedSubject | None) -> PersonLine:
    return PersonLine(
        object_id=row.credential_id,
        name="" if subject is None else subject.person.name,
        kind=row.kind,
        id_number_masked="" if subject is None else mask_id_number(subject.person.id_number),
        partner=row.partner,
        number=row.number,
        status="revoked" if row.revoked else "superseded" if row.superseded else "valid",
        reason=REVOKED if row.revoked else "",
    )


async def _people(reader: Reader, ids: Sequence[UUID]) -> dict[UUID, OpenedSubject]:
    return await subjects.find_by_ids(reader.connection, reader.secrets, ids)
