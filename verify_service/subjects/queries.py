"""SQL on subject, subject_key and photo."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from verify_service.database import Connection

LOCK_REGISTRATION: Final = "select pg_advisory_xact_lock(hashtextextended('registration', 0))"
SELECT_SUBJECTS: Final = """
select subject.subject_id, document_type, id_number_index, sealed_name, sealed_sex, sealed_id_number, sealed_phone,
       kek_id, wrapped
  from subject
  join subject_key on subject_key.subject_id = subject.subject_id
 where id_number_index = any($1) or subject.subject_id = any($2)
"""
UPDATE_SUBJECT: Final = """
update subject
   set document_type = $2, id_number_index = $3, sealed_name = $4, sealed_sex = $5, sealed_id_number = $6,
       sealed_phone = $7, changed_at = now()
 where subject_id = $1
"""
SELECT_PHOTOS: Final = "select photo_id, sealed_jpeg from photo where photo_id = any($1)"
SUBJECT_COLUMNS: Final = (
    *("subject_id", "document_type", "id_number_index"),
    *("sealed_name", "sealed_sex", "sealed_id_number", "sealed_phone"),
)
SUBJECT_KEY_COLUMNS: Final = ("subject_id", "kek_id", "wrapped")
PHOTO_COLUMNS: Final = ("photo_id", "subject_id", "sealed_jpeg")


class SubjectRow(msgspec.Struct, frozen=True):
    """One person as stored: everything personal sealed. Of an erased person there is none."""

    subject_id: UUID
    document_type: str
    id_number_index: bytes
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
