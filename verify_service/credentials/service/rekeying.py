"""A changed phone re-keys lookups and reissues nothing: the phone follows the person, name and ID number the paper."""

from verify_service.credentials.queries import issuing as queries
from verify_service.credentials.rules.documents import shown_facts
from verify_service.credentials.rules.lookup_keys import Facts
from verify_service.credentials.service.drafting import LookupKey, lookup_keys
from verify_service.database import Connection
from verify_service.sealing.model import Pair, Secrets
from verify_service.subjects.service import OpenedSubject


async def rekey_phone(connection: Connection, secrets: Secrets, subject: OpenedSubject, phone: str | None) -> None:
    """Let every certificate of a person be found by this phone alone, or by none, in the caller's transaction."""
    await queries.delete_phone_keys(connection, subject.subject_id)
    keys: list[LookupKey] = []
    for recorded in await queries.find_recorded(connection, subject.subject_id):
        row_id = recorded.credential_id
        document = subject.cipher.open(recorded.sealed_document, "credential:sealed_document", row_id)
        id_number = subject.cipher.open(recorded.sealed_id_number, "credential:sealed_id_number", row_id).decode()
        facts = Facts(name=shown_facts(document).name, id_number=id_number, phone=phone)
        keys += [key for key in lookup_keys(secrets.index, row_id, facts) if key[1] != Pair.NAME_ID_NUMBER]
    await queries.add_lookup_keys(connection, keys)
