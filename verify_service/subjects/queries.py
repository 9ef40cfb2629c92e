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
INSERT_SUBJECT: Final = """
insert into subject
    (subject_id, document_type, id_number_index, sealed_name, sealed_sex, sealed_id_number, sealed_phone)
values ($1, $2, $3, $4, $5, $6, $7)
"""
UPDATE_SUBJECT: Final = """
update subject
   set document_type = $2, id_number_index = $3, sealed_name = $4, sealed_sex = $5, sealed_id_number = $6,
       sealed_phone = $7, changed_at = now()
 where subject_id = $1
"""
INSERT_SUBJECT_KEY: Final = "insert into subject_key (subject_id, kek_id, wrapped) values ($1, $2, $3)"
INSERT_PHOTO: Final = "insert into photo (photo_id, subject_id, sealed_jpeg) values ($1, $2, $3)"
SELECT_PHOTOS: Final = "select photo_id, sealed_jpeg from photo where photo_id = any($1)"


class SubjectRow(msgspec.Struct, frozen=True):
    """One person as stored: everything personal sealed."""

    subject_id: UUID
    document_type: str
    id_number_index: bytes
    sealed_name: bytes
    sealed_sex: bytes
    sealed_id_number: bytes
    sealed_phone: bytes
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


async def add_subject(connection: Connection, row: SubjectRow) -> None:
    """Store a new person with the person's data key."""
    await connection.execute(INSERT_SUBJECT, *_columns(row))
    await connection.execute(INSERT_SUBJECT_KEY, row.subject_id, row.kek_id, row.wrapped)


async def change_subject(connection: Connection, row: SubjectRow) -> None:
    """Replace what is stored of a person; the data key stays."""
    await connection.execute(UPDATE_SUBJECT, *_columns(row))


async def add_photo(connection: Connection, *, photo_id: UUID, subject_id: UUID, sealed_jpeg: bytes) -> None:
    """Store one sealed photo."""
    await connection.execute(INSERT_PHOTO, photo_id, subject_id, sealed_jpeg)


async def find_photos(connection: Connection, photo_ids: Sequence[UUID]) -> dict[UUID, bytes]:
    """Return sealed photos by id; one that retention has deleted is missing."""
    return {row["photo_id"]: row["sealed_jpeg"] for row in await connection.fetch(SELECT_PHOTOS, photo_ids)}


def _columns(row: SubjectRow) -> tuple[object, ...]:
    return (
        *(row.subject_id, row.document_type, row.id_number_index),
        *(row.sealed_name, row.sealed_sex, row.sealed_id_number, row.sealed_phone),
    )
