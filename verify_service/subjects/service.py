"""People in the register: found, added, changed; their photos. Everything personal passes through here sealed."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import msgspec

from verify_service.database import Connection, new_row_id
from verify_service.errors import ConflictError
from verify_service.sealing.model import SecretKey, SecretPurpose, Secrets
from verify_service.sealing.rules import (
    SubjectCipher,
    new_data_key,
    rewrap_data_key,
    subject_index,
    unwrap_data_key,
    wrap_data_key,
)
from verify_service.subjects import queries
from verify_service.subjects.model import DocumentType, IdNumber, Person, Sex
from verify_service.subjects.queries import SubjectRow


class OpenedSubject(msgspec.Struct, frozen=True):
    """A registered person with the cipher of that person's data key."""

    subject_id: UUID
    person: Person
    cipher: SubjectCipher


def index_of(secrets: Secrets, person: Person) -> bytes:
    """Return the index that finds a person by document and number."""
    return subject_index(secrets.subject[0], person.document_type, person.id_number)


async def hold_registration(connection: Connection) -> None:
    """Be the only one to add or change people, partners and cohorts until the caller's transaction ends.

    Taken before anything else is locked: an import and a correction of one person would wait for each other.
    """
    await queries.lock_registration(connection)


async def find_by_id_numbers(
    connection: Connection, secrets: Secrets, people: Iterable[Person]
) -> dict[bytes, OpenedSubject]:
    """Return the registered among `people`, by `index_of`."""
    indexes = [index_of(secrets, person) for person in people]
    rows = await queries.find_subjects(connection, indexes=indexes)
    return {row.id_number_index: _open(secrets, row) for row in rows}


async def find_by_ids(connection: Connection, secrets: Secrets, ids: Sequence[UUID]) -> dict[UUID, OpenedSubject]:
    """Return registered people by id."""
    rows = await queries.find_subjects(connection, subject_ids=ids)
    return {row.subject_id: _open(secrets, row) for row in rows}


async def find_id(connection: Connection, secrets: Secrets, number: IdNumber) -> UUID | None:
    """Return the id of the registered person of a document number, or None; opens nothing that is sealed."""
    indexes = [subject_index(secret, number.document_type, number.value) for secret in secrets.subject]
    rows = await queries.find_subjects(connection, indexes=indexes)
    return rows[0].subject_id if rows else None


async def add_all(connection: Connection, secrets: Secrets, people: Iterable[Person]) -> list[OpenedSubject]:
    """Register people, each under a fresh data key, and return them in their order."""
    added, rows, kek = [], [], secrets.field[0]
    for person in people:
        subject_id, data_key = new_row_id(), new_data_key()
        subject = OpenedSubject(subject_id, person, SubjectCipher(data_key))
        added.append(subject)
        rows.append(_seal(subject, secrets, wrap_data_key(kek, data_key, subject_id)))
    await queries.add_subjects(connection, rows)
    return added


async def require_number_free(connection: Connection, secrets: Secrets, subject_id: UUID, person: Person) -> None:
    """Refuse facts with an ID number that another person than this one holds (ConflictError, `ID_NUMBER_TAKEN`)."""
    for other in await queries.find_subjects(connection, indexes=[index_of(secrets, person)]):
        if other.subject_id != subject_id:
            raise ConflictError("ID_NUMBER_TAKEN", "the ID number belongs to another person in the register")


async def change(connection: Connection, secrets: Secrets, subject: OpenedSubject, person: Person) -> OpenedSubject:
    """Replace a person's facts; refuse an ID number that another person holds."""
    await require_number_free(connection, secrets, subject.subject_id, person)
    changed = OpenedSubject(subject.subject_id, person, subject.cipher)
    await queries.change_subject(connection, _seal(changed, secrets, b""))
    return changed


async def add_photo(connection: Connection, subject: OpenedSubject, jpeg: bytes) -> UUID:
    """Store a photo of a person and return its id."""
    (photo_id,) = await add_photos(connection, [(subject, jpeg)])
    return photo_id


async def add_photos(connection: Connection, photos: Iterable[tuple[OpenedSubject, bytes]]) -> list[UUID]:
    """Store photos of people and return their ids in their order."""
    rows = []
    for subject, jpeg in photos:
        photo_id = new_row_id()
        rows.append((photo_id, subject.subject_id, subject.cipher.seal(jpeg, "photo:sealed_jpeg", photo_id)))
    await queries.add_photos(connection, rows)
    return [photo_id for photo_id, _, _ in rows]


async def find_photos(connection: Connection, ciphers: Mapping[UUID, SubjectCipher]) -> dict[UUID, bytes]:
    """Return JPEGs by photo id, each opened with its person's cipher; one that is gone is missing."""
    sealed = await queries.find_photos(connection, list(ciphers))
    return {photo_id: ciphers[photo_id].open(jpeg, "photo:sealed_jpeg", photo_id) for photo_id, jpeg in sealed.items()}


async def find_kept_photos(connection: Connection, photo_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Return which of these photos are there; none is read: a class of thousands would be a gigabyte."""
    return await queries.find_kept_photos(connection, photo_ids)


async def rewrap_page(connection: Connection, secrets: Secrets, kek: SecretKey, limit: int) -> int:
    """Wrap the data keys of up to `limit` more people under `kek`, and return how many they were; 0 at the end."""
    found = await queries.find_wrapped(connection, kek.key_id, limit)
    fresh = {
        subject_id: rewrap_data_key(secrets.field, kek_id, wrapped, kek, subject_id)
        for subject_id, kek_id, wrapped in found
    }
    await queries.rewrap(connection, kek.key_id, fresh)
    return len(fresh)


async def reindex_page(connection: Connection, secrets: Secrets, secret: SecretKey, limit: int) -> int:
    """Index up to `limit` more people under a subject secret, and return how many they were; 0 at the end."""
    ids = await queries.find_indexed(connection, secret.version, limit)
    people = await find_by_ids(connection, secrets, ids)
    fresh = {
        subject_id: subject_index(secret, subject.person.document_type, subject.person.id_number)
        for subject_id, subject in people.items()
    }
    await queries.reindex(connection, secret.version, fresh)
    return len(fresh)


async def count_under(connection: Connection, secret: SecretKey) -> int:
    """Return how many people need a field or subject secret to be opened or found."""
    if secret.purpose is SecretPurpose.FIELD:
        return await queries.count_under_kek(connection, secret.key_id)
    return await queries.count_under_subject_secret(connection, secret.version)


def _seal(subject: OpenedSubject, secrets: Secrets, wrapped: bytes) -> SubjectRow:
    def seal(value: str, column: str) -> bytes:
        return subject.cipher.seal(value.encode(), f"subject:{column}", subject.subject_id)

    person = subject.person
    return SubjectRow(
        subject_id=subject.subject_id,
        document_type=person.document_type.value,
        id_number_index=index_of(secrets, person),
        key_version=secrets.subject[0].version,
        sealed_name=seal(person.name, "sealed_name"),
        sealed_sex=seal(person.sex.value, "sealed_sex"),
        sealed_id_number=seal(person.id_number, "sealed_id_number"),
        sealed_phone=None if person.phone is None else seal(person.phone, "sealed_phone"),
        kek_id=secrets.field[0].key_id,
        wrapped=wrapped,
    )


def _open(secrets: Secrets, row: SubjectRow) -> OpenedSubject:
    cipher = unwrap_data_key(secrets.field, row.kek_id, row.wrapped, row.subject_id)

    def opened(sealed: bytes, column: str) -> str:
        return cipher.open(sealed, f"subject:{column}", row.subject_id).decode()

    person = Person(
        name=opened(row.sealed_name, "sealed_name"),
        sex=Sex(opened(row.sealed_sex, "sealed_sex")),
        id_number=opened(row.sealed_id_number, "sealed_id_number"),
        document_type=DocumentType(row.document_type),
        phone=None if row.sealed_phone is None else opened(row.sealed_phone, "sealed_phone"),
    )
    return OpenedSubject(row.subject_id, person, cipher)
