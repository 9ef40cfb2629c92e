"""Erasing a person from the console: by an administrator who has typed the name of whom the page shows."""

from uuid import UUID

import msgspec

from verify_service.audit.model import Actor
from verify_service.database import Connection
from verify_service.drafts.service.erasing import count_naming, end_naming
from verify_service.errors import ConflictError, NotFoundError
from verify_service.people.queries.files import find_registered_at
from verify_service.retention.model import ErasureReport
from verify_service.retention.queries.erasure import count_holdings
from verify_service.retention.service.erasing import erase_people
from verify_service.sealing.model import Secrets
from verify_service.subjects import service as subjects
from verify_service.subjects.model import IdNumber, Person


async def erase_confirmed(
    connection: Connection, secrets: Secrets, actor: Actor, subject_id: UUID, typed_name: str
) -> ErasureReport:
    """Erase a person whose name was typed; refuse another name, somebody who is erased already, and nobody's id.

    No note is kept, as at the command line: sealed under the person's key it would end with that key.
    """
    async with connection.transaction():
        await subjects.hold_registration(connection)
        if await find_registered_at(connection, subject_id) is None:
            raise NotFoundError("UNKNOWN_PERSON", "nobody on the register has this id")
        opened = (await subjects.find_by_ids(connection, secrets, [subject_id])).get(subject_id)
        if opened is None:
            raise ConflictError("ALREADY_ERASED", "this person was erased already")
        if typed_name.strip() != opened.person.name:
            raise ConflictError("NAME_DIFFERS", "the name that was typed is not that of this person")
        held = await count_holdings(connection, subject_id)
        drafts = await end_naming(connection, secrets, actor, _number_of(opened.person))
        detail: dict[str, object] = {"confirmed": "name", "held": msgspec.to_builtins(held), "drafts": drafts}
        await erase_people(connection, actor, [subject_id], detail)
    return ErasureReport(applied=True, held=held, drafts=drafts)


async def count_drafts(connection: Connection, secrets: Secrets, subject_id: UUID) -> int:
    """Return how many drafts name a person, and would end with an erasure; none does once the person is erased."""
    opened = (await subjects.find_by_ids(connection, secrets, [subject_id])).get(subject_id)
    return 0 if opened is None else await count_naming(connection, secrets, _number_of(opened.person))


def _number_of(person: Person) -> IdNumber:
    return IdNumber(value=person.id_number, document_type=person.document_type)
