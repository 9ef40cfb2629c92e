"""What revoking or correcting one certificate would do."""

import datetime

from verify_service.credentials.model import PUBLIC_REASONS, RevocationReason, Standing
from verify_service.credentials.queries import issuing as credentials
from verify_service.credentials.queries import standing as standings
from verify_service.credentials.rules.preflight import reason_to_hold
from verify_service.credentials.service.correcting import (
    Correction,
    corrected_person,
    open_person,
    require_replaceable,
    shown_on_paper,
)
from verify_service.credentials.service.revoking import get_standing
from verify_service.errors import ConflictError, UsageError
from verify_service.proposals.model import CorrectPreview, PersonLine, RevokePreview, ShownPerson
from verify_service.proposals.service.class_previews import Reader
from verify_service.subjects import service as subjects
from verify_service.subjects.model import Person
from verify_service.subjects.rules.masks import mask_id_number


async def preview_revoke(reader: Reader, number: str, reason: RevocationReason, note: str | None) -> RevokePreview:
    """Return whose certificate would be revoked; refuse one that is already, or has a correction on its way."""
    standing = await get_standing(reader.connection, number)
    if standing.revoked_at is not None:
        raise ConflictError("ALREADY_REVOKED", f"{number} is revoked already")
    await _require_no_correction_under_way(reader, standing)
    people = await subjects.find_by_ids(reader.connection, reader.secrets, [standing.subject_id])
    subject = people.get(standing.subject_id)
    if subject is None and note is not None:
        raise ConflictError("ERASED", f"the person of {number} was erased, and no note can be sealed: leave it out")
    line = PersonLine(
        object_id=standing.credential_id,
        name="" if subject is None else subject.person.name,
        kind=standing.kind,
        id_number_masked="" if subject is None else mask_id_number(subject.person.id_number),
        number=number,
        status=standing.status,
    )
    return RevokePreview(
        certificates=(line,), passed_over=(), reason=reason, public_reason=PUBLIC_REASONS[reason], note=note
    )


async def preview_correct(
    reader: Reader, number: str, correction: Correction, *, today: datetime.date
) -> CorrectPreview:
    """Return what the certificate says and what the one in its place would.

    Raises what `correct` would: `FieldError` for a fact that cannot be right, ConflictError for a certificate that is
    not replaceable or another person's ID number, UsageError where nothing would change or the new one could not be
    made (`HELD`).
    """
    standing = await get_standing(reader.connection, number)
    require_replaceable(standing)
    await _require_no_correction_under_way(reader, standing)
    subject = await open_person(reader.connection, reader.secrets, standing)
    shown = await shown_on_paper(reader.connection, standing, subject)
    if shown is None:
        raise ConflictError("ERASED", f"the person of {number} was erased")
    before = ShownPerson(name=shown[0], sex=shown[1], id_number=shown[2])
    person = corrected_person(subject.person, correction, today)
    after = ShownPerson(name=person.name, sex=person.sex.value, id_number=person.id_number)
    if before == after and correction.photo_jpeg is None:
        raise UsageError("NOTHING_TO_CORRECT", "the certificate says all of this already")
    await subjects.require_number_free(reader.connection, reader.secrets, standing.subject_id, person)
    await _require_makeable(reader, standing, person, has_new_photo=correction.photo_jpeg is not None)
    return CorrectPreview(
        number=number,
        kind=standing.kind,
        before=before,
        after=after,
        new_photo=correction.photo_jpeg,
        note=correction.note,
    )


async def _require_no_correction_under_way(reader: Reader, standing: Standing) -> None:
    if await standings.find_unsigned_successor(reader.connection, standing.credential_id) is not None:
        raise ConflictError("CORRECTION_UNFINISHED", "a correction waits for its signature: look again in a moment")


async def _require_makeable(reader: Reader, standing: Standing, person: Person, *, has_new_photo: bool) -> None:
    photo_ids = [] if standing.photo_id is None else [standing.photo_id]
    kept = await subjects.find_kept_photos(reader.connection, photo_ids)
    kinds = await credentials.list_kinds(reader.connection)
    reason = reason_to_hold(
        person,
        kinds[standing.kind],
        has_photo=has_new_photo or bool(kept),
        missing_characters=reader.missing_characters,
    )
    if reason is not None:
        raise UsageError("HELD", f"the corrected certificate cannot be made: {reason}")
