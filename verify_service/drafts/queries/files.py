"""SQL on draft_file and draft_photo: what was uploaded."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from verify_service.database import Connection
from verify_service.drafts.model import JudgedPhoto

INSERT_FILE: Final = "insert into draft_file (draft_id, sealed_file) values ($1, $2)"
# Not COPY: PostgreSQL refuses it on a table with policies.
INSERT_PHOTOS: Final = """
insert into draft_photo (draft_photo_id, draft_id, entry, code, warnings, sealed_jpeg)
select draft_photo_id, $1, entry, code, string_to_array(warnings, ' '), sealed_jpeg
  from unnest($2::uuid[], $3::integer[], $4::text[], $5::text[], $6::bytea[])
       as photo (draft_photo_id, entry, code, warnings, sealed_jpeg)
"""
SELECT_JUDGED: Final = "select entry, code, warnings from draft_photo where draft_id = $1"
SELECT_FILE: Final = "select sealed_file from draft_file where draft_id = $1"
SELECT_PHOTOS: Final = """
select draft_photo_id, entry, sealed_jpeg from draft_photo where draft_id = $1 and entry = any($2) and code is null
"""
DELETE_FILE: Final = "delete from draft_file where draft_id = $1"
DELETE_PHOTOS: Final = "delete from draft_photo where draft_id = $1"


class SealedPhoto(msgspec.Struct, frozen=True):
    """What became of one picture, as stored; without a portrait there is a code."""

    draft_photo_id: UUID
    entry: int
    judged: JudgedPhoto
    sealed_jpeg: bytes | None


async def add_file(connection: Connection, draft_id: UUID, sealed_file: bytes) -> None:
    """Keep the uploaded table itself."""
    await connection.execute(INSERT_FILE, draft_id, sealed_file)


async def add_photos(connection: Connection, draft_id: UUID, photos: Sequence[SealedPhoto]) -> None:
    """Keep what became of pictures."""
    await connection.execute(
        INSERT_PHOTOS,
        draft_id,
        [photo.draft_photo_id for photo in photos],
        [photo.entry for photo in photos],
        [photo.judged.code for photo in photos],
        [" ".join(photo.judged.warnings) for photo in photos],
        [photo.sealed_jpeg for photo in photos],
    )


async def find_judged(connection: Connection, draft_id: UUID) -> dict[int, JudgedPhoto]:
    """Return what became of each picture, by its entry in the archive."""
    rows = await connection.fetch(SELECT_JUDGED, draft_id)
    return {row["entry"]: JudgedPhoto(row["code"], tuple(row["warnings"])) for row in rows}


async def find_file(connection: Connection, draft_id: UUID) -> bytes | None:
    """Return the sealed table as it was uploaded."""
    sealed: bytes | None = await connection.fetchval(SELECT_FILE, draft_id)
    return sealed


async def find_photos(connection: Connection, draft_id: UUID, entries: Sequence[int]) -> list[tuple[UUID, int, bytes]]:
    """Return id, entry and sealed bytes of portraits."""
    rows = await connection.fetch(SELECT_PHOTOS, draft_id, entries)
    return [(row["draft_photo_id"], row["entry"], row["sealed_jpeg"]) for row in rows]


async def delete_files(connection: Connection, draft_id: UUID) -> None:
    """Delete the uploaded table and every portrait."""
    await connection.execute(DELETE_FILE, draft_id)
    await connection.execute(DELETE_PHOTOS, draft_id)
