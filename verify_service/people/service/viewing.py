"""Showing a person's file. Whoever opens it, and whoever has the numbers shown, stands in the trail."""

from uuid import UUID

from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import record
from verify_service.database import Connection
from verify_service.errors import NotFoundError
from verify_service.people.model import Identity, PersonFile
from verify_service.people.queries import files as queries
from verify_service.retention.queries.erasure import count_holdings
from verify_service.sealing.model import Secrets
from verify_service.subjects import service as subjects
from verify_service.subjects.model import Person
from verify_service.subjects.rules.masks import mask_id_number, mask_phone


async def view_person(
    connection: Connection, secrets: Secrets, actor: Actor, subject_id: UUID, *, show_numbers: bool = False
) -> PersonFile:
    """Return a person's file, with ID number and phone whole where `show_numbers` asks for them; refuse nobody's id."""
    async with connection.transaction():
        file = await _read(connection, secrets, subject_id, show_numbers=show_numbers)
        if file.identity is not None:
            action = "person_numbers_shown" if show_numbers else "person_viewed"
            await record(connection, actor, AuditEvent(action, "subject", str(subject_id)))
    return file


async def _read(connection: Connection, secrets: Secrets, subject_id: UUID, *, show_numbers: bool) -> PersonFile:
    registered_at = await queries.find_registered_at(connection, subject_id)
    if registered_at is None:
        raise NotFoundError("UNKNOWN_PERSON", "nobody on the register has this id")
    opened = (await subjects.find_by_ids(connection, secrets, [subject_id])).get(subject_id)
    return PersonFile(
        subject_id=subject_id,
        registered_at=registered_at,
        identity=None if opened is None else _identity(opened.person, shown=show_numbers),
        enrolments=tuple(await queries.list_enrolments(connection, subject_id)),
        certificates=tuple(await queries.list_certificates(connection, subject_id)),
        holdings=await count_holdings(connection, subject_id),
    )


def _identity(person: Person, *, shown: bool) -> Identity:
    phone = person.phone
    return Identity(
        name=person.name,
        sex=person.sex.value,
        document_type=person.document_type.value,
        id_number=person.id_number if shown else mask_id_number(person.id_number),
        phone=phone if shown or phone is None else mask_phone(phone),
        shown=shown,
    )
