"""Enrolling people: idempotent, so that importing a roster again changes only what changed."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import record
from verify_service.database import Connection, new_row_id
from verify_service.enrolments import queries
from verify_service.enrolments.model import EnrolmentRow, Trainee
from verify_service.enrolments.rules import new_redemption_code
from verify_service.errors import UsageError
from verify_service.sealing.model import Secrets
from verify_service.sealing.rules import blind_index
from verify_service.subjects import service as subjects
from verify_service.subjects.service import OpenedSubject


class Desk(msgspec.Struct, frozen=True):
    """What every enrolment of one import shares."""

    connection: Connection
    secrets: Secrets
    actor: Actor
    cohort_id: UUID


async def open_cohort(connection: Connection, actor: Actor, code: str) -> UUID:
    """Return the cohort of this code, opened if new."""
    found = await queries.find_cohort(connection, code)
    if found is not None:
        return found
    cohort_id = new_row_id()
    await queries.add_cohort(connection, cohort_id, code)
    await record(connection, actor, AuditEvent("cohort_opened", "cohort", str(cohort_id), {"code": code}))
    return cohort_id


async def find_cohort_alone(connection: Connection, code: str) -> UUID | None:
    """Return the cohort of this code, or None; every other import waits until the caller's transaction ends."""
    await subjects.hold_registration(connection)
    return await queries.find_cohort(connection, code)


async def require_cohort(connection: Connection, code: str) -> UUID:
    """Return the cohort of this code; refuse one that is not there."""
    found = await queries.find_cohort(connection, code)
    if found is None:
        raise UsageError("UNKNOWN_COHORT", f"there is no cohort {code}: import its roster first")
    return found


async def enrolments_of(connection: Connection, subjects_: Sequence[OpenedSubject]) -> dict[UUID, list[EnrolmentRow]]:
    """Return every enrolment of these people, by subject id."""
    found: dict[UUID, list[EnrolmentRow]] = {}
    for row in await queries.find_enrolments(connection, [subject.subject_id for subject in subjects_]):
        found.setdefault(row.subject_id, []).append(row)
    return found


async def enrol(
    desk: Desk, trainee: Trainee, registered: OpenedSubject | None, enrolled: EnrolmentRow | None
) -> tuple[str, ...]:
    """Make one trainee stand in the cohort as the roster says; return what changed, nothing if it stood already."""
    changes: list[str] = []
    subject = registered
    if subject is None:
        subject = await subjects.add(desk.connection, desk.secrets, trainee.person)
        changes.append("subject_added")
    elif subject.person.phone != trainee.person.phone:
        person = msgspec.structs.replace(subject.person, phone=trainee.person.phone)
        subject = await subjects.change(desk.connection, desk.secrets, subject, person)
        changes.append("phone_changed")
    if enrolled is None:
        changes += await _add_enrolment(desk, trainee, subject)
    else:
        changes += await _change_enrolment(desk, trainee, subject, enrolled)
    if changes:
        event = AuditEvent("enrolled", "subject", str(subject.subject_id), {"changes": changes})
        await record(desk.connection, desk.actor, event)
    return tuple(changes)


async def _add_enrolment(desk: Desk, trainee: Trainee, subject: OpenedSubject) -> list[str]:
    photo_id = None
    if trainee.photo_jpeg is not None:
        photo_id = await subjects.add_photo(desk.connection, subject, trainee.photo_jpeg)
    enrolment_id = new_row_id()
    await queries.add_enrolment(
        desk.connection,
        enrolment_id=enrolment_id,
        subject_id=subject.subject_id,
        cohort_id=desk.cohort_id,
        partner_id=trainee.partner_id,
        photo_id=photo_id,
    )
    for kind in trainee.kinds:
        await queries.add_exam_entry(desk.connection, new_row_id(), enrolment_id, kind)
    await _add_redemption_code(desk, subject, enrolment_id)
    return ["enrolment_added"]


async def _change_enrolment(desk: Desk, trainee: Trainee, subject: OpenedSubject, enrolled: EnrolmentRow) -> list[str]:
    changes = []
    for kind in trainee.kinds:
        if kind not in enrolled.kinds:
            await queries.add_exam_entry(desk.connection, new_row_id(), enrolled.enrolment_id, kind)
            changes.append("exam_entry_added")
    if trainee.photo_jpeg is not None and trainee.photo_jpeg != await _standing_photo(desk, subject, enrolled):
        photo_id = await subjects.add_photo(desk.connection, subject, trainee.photo_jpeg)
        await queries.replace_photo(desk.connection, enrolled.enrolment_id, photo_id)
        changes.append("photo_changed")
    return changes


async def _standing_photo(desk: Desk, subject: OpenedSubject, enrolled: EnrolmentRow) -> bytes | None:
    if enrolled.photo_id is None:
        return None
    photos = await subjects.find_photos(desk.connection, {enrolled.photo_id: subject.cipher})
    return photos.get(enrolled.photo_id)


async def _add_redemption_code(desk: Desk, subject: OpenedSubject, enrolment_id: UUID) -> None:
    code = new_redemption_code()
    await queries.add_redemption_code(
        desk.connection,
        enrolment_id=enrolment_id,
        code_index=blind_index(desk.secrets.subject[0], "redemption code", code),
        sealed_code=subject.cipher.seal(code.encode(), "redemption_code:sealed_code", enrolment_id),
    )
