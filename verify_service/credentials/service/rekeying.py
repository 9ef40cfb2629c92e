"""Under what a certificate is found: anew when the phone changes, and under one more secret when that is rotated.

A changed phone reissues nothing: it follows the person, name and ID number the paper.
"""

from msgspec.structs import replace

from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import record
from verify_service.credentials.queries import issuing as queries
from verify_service.credentials.queries.issuing import Recorded
from verify_service.credentials.rules.documents import shown_facts
from verify_service.credentials.rules.lookup_keys import Facts
from verify_service.credentials.service.drafting import LookupKey, lookup_keys
from verify_service.credentials.service.revoking import get_standing
from verify_service.database import Connection
from verify_service.errors import ConflictError
from verify_service.sealing.model import Pair, SecretKey, Secrets
from verify_service.subjects import service as subjects
from verify_service.subjects.rules.phones import parse_phone
from verify_service.subjects.service import OpenedSubject


async def rekey_phone(connection: Connection, secrets: Secrets, subject: OpenedSubject, phone: str | None) -> None:
    """Let every certificate of a person be found by this phone alone, or by none, in the caller's transaction."""
    await queries.delete_phone_keys(connection, subject.subject_id)
    keys: list[LookupKey] = []
    for recorded in await queries.find_recorded(connection, subject.subject_id):
        facts = _facts(recorded, subject, phone)
        every = lookup_keys(secrets.index, recorded.credential_id, facts)
        keys += [key for key in every if key[1] != Pair.NAME_ID_NUMBER]
    await queries.add_lookup_keys(connection, keys)


async def change_phone(connection: Connection, secrets: Secrets, actor: Actor, number: str, phone: str | None) -> None:
    """Let the person of a certificate have this phone, as typed, or none, and be found by it on every certificate.

    Nothing is issued or revoked, so it needs no second person. Raises `FieldError` for what is no phone, ConflictError
    for a person who was erased. The trail says whose phone changed, not from what to what.
    """
    value = None if phone is None else parse_phone(phone).value
    async with connection.transaction():
        await subjects.hold_registration(connection)
        standing = await get_standing(connection, number)
        people = await subjects.find_by_ids(connection, secrets, [standing.subject_id])
        if standing.subject_id not in people:
            raise ConflictError("ERASED", f"the person of {number} was erased")
        subject = people[standing.subject_id]
        changed = await subjects.change(connection, secrets, subject, replace(subject.person, phone=value))
        await rekey_phone(connection, secrets, changed, value)
        event = AuditEvent("phone_changed", "subject", str(standing.subject_id), {"certificate": number})
        await record(connection, actor, event)


async def index_page(connection: Connection, secrets: Secrets, secret: SecretKey, limit: int) -> int:
    """Index up to `limit` more certificates under an index secret, and return how many they were; 0 at the end."""
    found = await queries.find_not_indexed(connection, secret.version, limit)
    people = await subjects.find_by_ids(connection, secrets, [recorded.subject_id for recorded in found])
    keys: list[LookupKey] = []
    for recorded in found:
        subject = people[recorded.subject_id]
        keys += lookup_keys((secret,), recorded.credential_id, _facts(recorded, subject, subject.person.phone))
    await queries.add_lookup_keys(connection, keys)
    return len(found)


def _facts(recorded: Recorded, subject: OpenedSubject, phone: str | None) -> Facts:
    row_id = recorded.credential_id
    document = subject.cipher.open(recorded.sealed_document, "credential:sealed_document", row_id)
    id_number = subject.cipher.open(recorded.sealed_id_number, "credential:sealed_id_number", row_id).decode()
    return Facts(name=shown_facts(document).name, id_number=id_number, phone=phone)
