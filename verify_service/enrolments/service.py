"""Enrolling people: idempotent, so that importing a roster again changes only what changed."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec

from verify_service.audit.model import Actor, ApprovedObject, AuditEvent
from verify_service.audit.service import approve, record
from verify_service.database import Connection, new_row_id
from verify_service.enrolments import queries
from verify_service.enrolments.model import AMENDMENTS, Change, EnrolmentRow, NewEnrolment, Trainee
from verify_service.enrolments.rules import changes_of
from verify_service.redemption_codes.service import add_codes
from verify_service.sealing.model import Secrets
from verify_service.subjects import service as subjects
from verify_service.subjects.service import OpenedSubject

BATCH: Final = 500
"""People written by one set of statements: enough to be fast, few enough that sealed photos stay small in memory."""
OF_PERSON: Final = frozenset({Change.NAME, Change.SEX, Change.PHONE})


class Desk(msgspec.Struct, frozen=True):
    """What every enrolment of one import shares."""

    connection: Connection
    secrets: Secrets
    actor: Actor
    cohort_id: UUID
    note: str = ""
    """Why a registered name, sex or partner is changed."""


class Enrolling(msgspec.Struct, frozen=True):
    """A trainee, and what stands of that person already."""

    trainee: Trainee
    subject: OpenedSubject | None = None
    enrolled: EnrolmentRow | None = None
    """In this cohort."""


class _Enrolled(msgspec.Struct, frozen=True):
    """A trainee, the person as registered now, and the changes still to be made of the enrolment."""

    trainee: Trainee
    subject: OpenedSubject
    enrolled: EnrolmentRow | None
    changes: tuple[Change, ...]
    enrolment_id: UUID


async def enrol_all(desk: Desk, asked: Sequence[Enrolling]) -> list[tuple[Change, ...]]:
    """Make every trainee stand in the cohort as asked; return what changed of each, nothing if all stood already."""
    changes: list[tuple[Change, ...]] = []
    for start in range(0, len(asked), BATCH):
        changes += await _enrol_batch(desk, asked[start : start + BATCH])
    return changes


async def _enrol_batch(desk: Desk, batch: Sequence[Enrolling]) -> list[tuple[Change, ...]]:
    photos = await _standing_photos(desk, batch)
    changes = [_changes(one, photos) for one in batch]
    changed = await _register(desk, [(one, of_one) for one, of_one in zip(batch, changes, strict=True) if of_one])
    photo_ids = await _add_photos(desk, changed)
    await _add_enrolments(desk, changed, photo_ids)
    await _change_enrolments(desk, changed, photo_ids)
    events = [event for one in changed for event in await _events(desk, one)]
    if events:
        await record(desk.connection, desk.actor, *events)
    return changes


async def _standing_photos(desk: Desk, batch: Sequence[Enrolling]) -> Mapping[UUID, bytes]:
    """Return the photos to compare new ones with; one that retention has ended is missing."""
    ciphers = {
        one.enrolled.photo_id: one.subject.cipher
        for one in batch
        if one.trainee.photo_jpeg is not None and one.subject and one.enrolled and one.enrolled.photo_id
    }
    return await subjects.find_photos(desk.connection, ciphers)


def _changes(one: Enrolling, photos: Mapping[UUID, bytes]) -> tuple[Change, ...]:
    person = None if one.subject is None else one.subject.person
    photo_id = None if one.enrolled is None else one.enrolled.photo_id
    return changes_of(one.trainee, person, one.enrolled, None if photo_id is None else photos.get(photo_id))


async def _register(desk: Desk, batch: Sequence[tuple[Enrolling, tuple[Change, ...]]]) -> list[_Enrolled]:
    """Add who is new and change what is different of the others, and return everybody as they stand now."""
    new = iter(
        await subjects.add_all(
            desk.connection, desk.secrets, [one.trainee.person for one, _ in batch if one.subject is None]
        )
    )
    registered = []
    for one, changes in batch:
        subject = next(new) if one.subject is None else one.subject
        if not OF_PERSON.isdisjoint(changes):
            subject = await subjects.change(desk.connection, desk.secrets, subject, one.trainee.person)
        enrolment_id = new_row_id() if one.enrolled is None else one.enrolled.enrolment_id
        registered.append(_Enrolled(one.trainee, subject, one.enrolled, changes, enrolment_id))
    return registered


async def _add_photos(desk: Desk, changed: Sequence[_Enrolled]) -> dict[UUID, UUID]:
    """Store the photos of new enrolments and those that changed, and return their ids by enrolment."""
    taken = [
        (one, one.trainee.photo_jpeg)
        for one in changed
        if one.trainee.photo_jpeg is not None and (one.enrolled is None or Change.PHOTO in one.changes)
    ]
    ids = await subjects.add_photos(desk.connection, [(one.subject, jpeg) for one, jpeg in taken])
    return {one.enrolment_id: photo_id for (one, _), photo_id in zip(taken, ids, strict=True)}


async def _add_enrolments(desk: Desk, changed: Sequence[_Enrolled], photo_ids: dict[UUID, UUID]) -> None:
    new = [one for one in changed if one.enrolled is None]
    enrolments = [
        NewEnrolment(
            enrolment_id=one.enrolment_id,
            subject_id=one.subject.subject_id,
            cohort_id=desk.cohort_id,
            partner_id=one.trainee.partner_id,
            photo_id=photo_ids.get(one.enrolment_id),
        )
        for one in new
    ]
    await queries.add_enrolments(desk.connection, enrolments)
    entries = [
        (new_row_id(), one.enrolment_id, kind)
        for one in changed
        for kind in one.trainee.kinds
        if one.enrolled is None or kind not in one.enrolled.kinds
    ]
    await queries.add_exam_entries(desk.connection, entries)
    await add_codes(desk.connection, desk.secrets, {one.enrolment_id: one.subject.cipher for one in new})


async def _change_enrolments(desk: Desk, changed: Sequence[_Enrolled], photo_ids: dict[UUID, UUID]) -> None:
    for one in changed:
        if Change.PHOTO in one.changes:
            await queries.replace_photo(desk.connection, one.enrolment_id, photo_ids[one.enrolment_id])
        if Change.PARTNER in one.changes:
            await queries.change_partner(desk.connection, one.enrolment_id, one.trainee.partner_id)


async def _events(desk: Desk, one: _Enrolled) -> list[AuditEvent]:
    """Return the events of one person's changes; what is amended is approved first, the note sealed for the person."""
    subject_id = str(one.subject.subject_id)
    events = []
    if amended := [change for change in one.changes if change in AMENDMENTS]:
        about = ApprovedObject("subject", subject_id)
        approval = await approve(
            desk.connection, desk.actor, "amend_person", about=about, note=desk.note, cipher=one.subject.cipher
        )
        detail = {"fields": amended, "approval": str(approval.approval_id)}
        events.append(AuditEvent("person_amended", "subject", subject_id, detail))
    if others := [change for change in one.changes if change not in AMENDMENTS]:
        action = "enrolled" if one.enrolled is None else "enrolment_changed"
        events.append(AuditEvent(action, "subject", subject_id, {"changes": others}))
    return events
