"""SQL on subject, subject_key and photo."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec

from verify_service.database import Connection

LOCK_REGISTRATION: Final = "select pg_advisory_xact_lock(hashtextextended('registration', 0))"
SELECT_SUBJECTS: Final = """
select subject.subject_id, document_type, id_number_index, key_version,
       sealed_name, sealed_sex, sealed_id_number, sealed_phone,
       kek_id, wrapped
  from subject
  join subject_key on subject_key.subject_id = subject.subject_id
 where id_number_index = any($1) or subject.subject_id = any($2)
"""
UPDATE_SUBJECT: Final = """
update subject
   set document_type = $2, id_number_index = $3, key_version = $4, sealed_name = $5, sealed_sex = $6,
       sealed_id_number = $7, sealed_phone = $8, changed_at = now()
 where subject_id = $1
"""
SELECT_WRAPPED: Final = """
select subject_id, kek_id, wrapped from subject_key where kek_id <> $1 order by subject_id limit $2
"""
REWRAP: Final = """
update subject_key set kek_id = $1, wrapped = fresh.wrapped
  from unnest($2::uuid[], $3::bytea[]) as fresh (subject_id, wrapped)
 where subject_key.subject_id = fresh.subject_id
"""
COUNT_UNDER_KEK: Final = "select count(*) from subject_key where kek_id = $1"
SELECT_INDEXED: Final = """
select subject_id from subject where key_version <> $1 order by subject_id limit $2
"""
REINDEX: Final = """
update subject set id_number_index = fresh.id_number_index, key_version = $1
  from unnest($2::uuid[], $3::bytea[]) as fresh (subject_id, id_number_index)
 where subject.subject_id = fresh.subject_id
"""
COUNT_INDEXED: Final = "select count(*) from subject where key_version = $1"
SELECT_PHOTOS: Final = "select photo_id, sealed_jpeg from photo where photo_id = any($1)"
SELECT_KEPT_PHOTOS: Final = "select photo_id from photo where photo_id = any($1)"
SUBJECT_COLUMNS: Final = (
    *("subject_id", "document_type", "id_number_index", "key_version"),
    *("sealed_name", "sealed_sex", "sealed_id_number", "sealed_phone"),
)
SUBJECT_KEY_COLUMNS: Final = ("subject_id", "kek_id", "wrapped")
PHOTO_COLUMNS: Final = ("photo_id", "subject_id", "sealed_jpeg")


class SubjectRow(msgspec.Struct, frozen=True):
    """One person as stored: everything personal sealed. Of an erased person there is none."""

    subject_id: UUID
    document_type: str
    id_number_index: bytes
    key_version: int
    """Of the subject secret that the index is under."""
    sealed_name: bytes
    sealed_sex: bytes
    sealed_id_number: bytes
    sealed_phone: bytes | None
    kek_id: str
    wrapped: bytes


async def lock_registration(connection: Connection) -> None:
    """Be the only one to add or change people until the transaction ends: two must not both find a person missing."""
    await connection.execute(LOCK_REGISTRATION)


async def find_subjects(
    connection: Connection, *, indexes: Sequence[bytes] = (), subject_ids: Sequence[UUID] = ()
) -> list[SubjectRow]:
    """Return the persons with any of these ID number indexes or ids; an erased one (no key) is not among them."""
    rows = await connection.fetch(SELECT_SUBJECTS, indexes, subject_ids)
    return [SubjectRow(**dict(row)) for row in rows]


async def add_subjects(connection: Connection, rows: Sequence[SubjectRow]) -> None:
    """Store new people, each with the person's data key."""
    for table, columns in (("subject", SUBJECT_COLUMNS), ("subject_key", SUBJECT_KEY_COLUMNS)):
        records = [tuple(getattr(row, column) for column in columns) for row in rows]
        await connection.copy_records_to_table(table, records=records, columns=columns)


async def change_subject(connection: Connection, row: SubjectRow) -> None:
    """Replace what is stored of a person; the data key stays."""
    await connection.execute(UPDATE_SUBJECT, *(getattr(row, column) for column in SUBJECT_COLUMNS))


async def add_photos(connection: Connection, photos: Sequence[tuple[UUID, UUID, bytes]]) -> None:
    """Store sealed photos: id, person, bytes."""
    await connection.copy_records_to_table("photo", records=photos, columns=PHOTO_COLUMNS)


async def find_photos(connection: Connection, photo_ids: Sequence[UUID]) -> dict[UUID, bytes]:
    """Return sealed photos by id; one that retention has deleted is missing."""
    return {row["photo_id"]: row["sealed_jpeg"] for row in await connection.fetch(SELECT_PHOTOS, photo_ids)}


async def find_kept_photos(connection: Connection, photo_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Return which of these photos are there."""
    return frozenset(row["photo_id"] for row in await connection.fetch(SELECT_KEPT_PHOTOS, photo_ids))


async def find_wrapped(connection: Connection, other_than: str, limit: int) -> list[tuple[UUID, str, bytes]]:
    """Return data keys that another key-encryption key wraps: person, that key's id, wrapped key."""
    rows = await connection.fetch(SELECT_WRAPPED, other_than, limit)
    return [(row["subject_id"], row["kek_id"], row["wrapped"]) for row in rows]


async def rewrap(connection: Connection, kek_id: str, wrapped: Mapping[UUID, bytes]) -> None:
    """Replace wrapped data keys by the same keys wrapped under `kek_id`."""
    await connection.execute(REWRAP, kek_id, list(wrapped), list(wrapped.values()))


async def count_under_kek(connection: Connection, kek_id: str) -> int:
    """Return how many data keys a key-encryption key wraps."""
    return int(await connection.fetchval(COUNT_UNDER_KEK, kek_id))


async def find_indexed(connection: Connection, other_than: int, limit: int) -> list[UUID]:
    """Return people whose index is under another version of the subject secret."""
    return [row["subject_id"] for row in await connection.fetch(SELECT_INDEXED, other_than, limit)]


async def reindex(connection: Connection, version: int, indexes: Mapping[UUID, bytes]) -> None:
    """Replace the indexes of people by those under `version`."""
    await connection.execute(REINDEX, version, list(indexes), list(indexes.values()))


async def count_under_subject_secret(connection: Connection, version: int) -> int:
    """Return how many people are indexed under a version of the subject secret."""
    return int(await connection.fetchval(COUNT_INDEXED, version))
