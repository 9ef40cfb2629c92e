"""Correcting: a new certificate is issued and supersedes the old one; both stay on the register."""

import datetime

import msgspec

from verify_service.audit.model import ApprovedObject
from verify_service.audit.service import approve
from verify_service.credentials.model import REPLACEABLE, Candidate, CorrectionResult, SigningResult, Standing
from verify_service.credentials.queries import standing as queries
from verify_service.credentials.rules.documents import shown_facts
from verify_service.credentials.rules.preflight import reason_to_hold
from verify_service.credentials.service.desk import Desk
from verify_service.credentials.service.drafting import Applicant
from verify_service.credentials.service.recording import record_credentials
from verify_service.credentials.service.revoking import get_standing, hold_standing
from verify_service.database import Connection
from verify_service.errors import ConflictError, ServiceError, UsageError
from verify_service.sealing.model import Secrets
from verify_service.subjects import service as subjects
from verify_service.subjects.model import Person, Sex
from verify_service.subjects.rules.id_numbers import parse_id_number
from verify_service.subjects.rules.names import parse_name
from verify_service.subjects.rules.sexes import require_sex_matches
from verify_service.subjects.service import OpenedSubject


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """What was wrong, as typed; None where it was right."""

    name: str | None = None
    sex: Sex | None = None
    id_number: str | None = None
    photo_jpeg: bytes | None = None
    note: str


async def correct(desk: Desk, number: str, correction: Correction, *, today: datetime.date) -> CorrectionResult:
    """Issue a corrected certificate in place of `number`; a run cut off by a crash is finished by the next.

    One that asks for something else than the run cut off is refused, after that one is finished.
    """
    async with desk.connection.transaction():
        recorded = await record_correction(desk, number, correction, today=today)
    return await sign_correction(desk, recorded)


class RecordedCorrection(msgspec.Struct, frozen=True):
    """A correction on its way: recorded by this run, or by one that was cut off before its signature."""

    number: str
    interrupted: bool
    subject: OpenedSubject
    person: Person
    correction: Correction


async def record_correction(
    desk: Desk, number: str, correction: Correction, *, today: datetime.date
) -> RecordedCorrection:
    """Record what stands in for `number`, in the caller's transaction; refuse one that is replaced, or not replaceable.

    It is to be signed when the transaction has ended, by `sign_correction`; the signer is woken for it in any case.
    """
    await subjects.hold_registration(desk.connection)
    standing = await hold_standing(desk.connection, number)
    interrupted = await queries.find_unsigned_successor(desk.connection, standing.credential_id) is not None
    if not interrupted:
        # Read again: a signature added since the first reading has made the other correction its successor.
        standing = await get_standing(desk.connection, number)
        require_replaceable(standing)
    subject = await open_person(desk.connection, desk.secrets, standing)
    person = corrected_person(subject.person, correction, today)
    if not interrupted:
        await _record(desk, standing, subject, person, correction)
    return RecordedCorrection(number, interrupted, subject, person, correction)


async def sign_correction(desk: Desk, recorded: RecordedCorrection) -> CorrectionResult:
    """Have it signed, which makes the old one superseded; refuse saying why, where the signer did not."""
    signing = await desk.signing.sign_pending()
    replaced = await get_standing(desk.connection, recorded.number)
    if replaced.successor is None:
        raise await _reason_unfinished(desk, replaced, signing)
    successor = await get_standing(desk.connection, str(await queries.find_number(desk.connection, replaced.successor)))
    if recorded.interrupted and not await _is_what_was_asked(desk, successor, recorded):
        require_replaceable(replaced)
    return CorrectionResult(number=successor.certificate_number, supersedes=recorded.number)


async def _reason_unfinished(desk: Desk, standing: Standing, signing: SigningResult) -> ServiceError:
    """Return why the new certificate, which the transaction of its signature makes the successor, has none."""
    unsigned = await queries.find_unsigned_successor(desk.connection, standing.credential_id)
    if unsigned is None:  # the signer leaves out who was erased since the new one was recorded
        return ConflictError("ERASED", "the person of this certificate was erased")
    number = str(await queries.find_number(desk.connection, unsigned))
    code = signing.code_of(number) or "SIGNING_PENDING"
    return ServiceError(code, f"{number} is recorded and not signed; what keeps it back stands in the signer's log")


async def _is_what_was_asked(desk: Desk, successor: Standing, recorded: RecordedCorrection) -> bool:
    """Tell whether the correction that was cut off is the one asked for again."""
    photo = recorded.correction.photo_jpeg
    if photo is not None:
        ciphers = {} if successor.photo_id is None else {successor.photo_id: recorded.subject.cipher}
        if photo not in (await subjects.find_photos(desk.connection, ciphers)).values():
            return False
    return recorded.person == recorded.subject.person


async def open_person(connection: Connection, secrets: Secrets, standing: Standing) -> OpenedSubject:
    """Return whose certificate it is; refuse where that person was erased."""
    people = await subjects.find_by_ids(connection, secrets, [standing.subject_id])
    if standing.subject_id not in people:
        raise ConflictError("ERASED", "the person of this certificate was erased")
    return people[standing.subject_id]


async def _record(
    desk: Desk, standing: Standing, subject: OpenedSubject, person: Person, correction: Correction
) -> None:
    if correction.photo_jpeg is None and await _shows(desk, standing, subject, person):
        raise UsageError("NOTHING_TO_CORRECT", "the certificate says all of this already")
    approval = await approve(
        desk.connection,
        desk.actor,
        "correct",
        about=ApprovedObject("certificate", standing.certificate_number),
        note=correction.note,
        cipher=subject.cipher,
    )
    if person != subject.person:
        subject = await subjects.change(desk.connection, desk.secrets, subject, person)
    applicant = await _applicant(desk, standing, subject, correction.photo_jpeg)
    await record_credentials(desk, [applicant], approval)


async def _shows(desk: Desk, standing: Standing, subject: OpenedSubject, person: Person) -> bool:
    shown = await shown_on_paper(desk.connection, standing, subject)
    return shown == (person.name, person.sex.value, person.id_number)


async def shown_on_paper(
    connection: Connection, standing: Standing, subject: OpenedSubject
) -> tuple[str, str, str] | None:
    """Return name, sex and ID number as the certificate says them, not the register; None once erased.

    A person with two certificates is corrected in the register once, but each paper has to be replaced.
    """
    row_id = standing.credential_id
    sealed = await queries.find_sealed(connection, row_id)
    if sealed is None:
        return None
    shown = shown_facts(subject.cipher.open(sealed.sealed_record, "credential_signature:sealed_record", row_id))
    id_number = subject.cipher.open(sealed.sealed_id_number, "credential:sealed_id_number", row_id).decode()
    return shown.name, shown.sex, id_number


async def _applicant(desk: Desk, standing: Standing, subject: OpenedSubject, new_photo: bytes | None) -> Applicant:
    photo_id, photo = standing.photo_id, new_photo
    if new_photo is not None:
        photo_id = await subjects.add_photo(desk.connection, subject, new_photo)
    elif photo_id is not None:
        photo = (await subjects.find_photos(desk.connection, {photo_id: subject.cipher})).get(photo_id)
    candidate = Candidate(
        exam_entry_id=standing.exam_entry_id,
        subject_id=standing.subject_id,
        kind=standing.kind,
        photo_id=photo_id,
        partner="",
        version=standing.version + 1,
        supersedes=standing.credential_id,
    )
    reason = reason_to_hold(
        subject.person,
        desk.kinds[standing.kind],
        has_photo=photo is not None,
        missing_characters=desk.missing_characters,
    )
    if reason is not None:
        raise ServiceError("HELD", f"the corrected certificate cannot be made: {reason}")
    return Applicant(candidate, subject, photo)


def corrected_person(person: Person, correction: Correction, today: datetime.date) -> Person:
    """Return the person as corrected; raise `FieldError` where what was typed cannot be right."""
    name = person.name if correction.name is None else parse_name(correction.name).value
    text = person.id_number if correction.id_number is None else correction.id_number
    number = parse_id_number(text, today=today, document_type=person.document_type)
    sex = correction.sex or person.sex
    require_sex_matches(sex, number)
    return Person(name=name, sex=sex, id_number=number.value, document_type=number.document_type, phone=person.phone)


def require_replaceable(standing: Standing) -> None:
    """Refuse a certificate that was replaced already, or revoked for what its holder did or wished."""
    if standing.successor is not None:
        raise ConflictError("ALREADY_SUPERSEDED", f"{standing.certificate_number} was replaced already")
    if standing.revocation_reason is not None and standing.revocation_reason not in REPLACEABLE:
        raise ConflictError(
            "REVOKED", f"{standing.certificate_number} was revoked for {standing.revocation_reason}: not replaceable"
        )
