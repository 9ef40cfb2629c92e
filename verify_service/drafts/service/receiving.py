"""An upload becomes a draft: read in confined processes, as on the command line, and sealed as it comes."""

import asyncio
import contextlib
import hashlib
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import BinaryIO, Final
from uuid import UUID

import anyio.to_thread
import msgspec

from verify_service.clock import now
from verify_service.cohorts.rules.classes import require_cohort_code
from verify_service.cohorts.service import require_cohort
from verify_service.database import new_row_id
from verify_service.drafts.model import Changes, Content, Draft, DraftState, JudgedPhoto, Source
from verify_service.drafts.queries import drafts as queries
from verify_service.drafts.queries import files
from verify_service.drafts.queries.files import SealedPhoto
from verify_service.drafts.rules.matching import files_by_entry
from verify_service.drafts.service.clinic import (
    FILE,
    KEY_PLACE,
    PHOTO,
    Clinic,
    OpenedDraft,
    record_of_draft,
    seal_draft,
)
from verify_service.drafts.service.examining import LAYOUTS, examine
from verify_service.errors import ServiceError, UsageError
from verify_service.photos.model import PhotoArchive, PreparedPhoto
from verify_service.photos.service import prepare, read_photo_archive
from verify_service.sealing.rules import SubjectCipher, new_data_key, wrap_data_key
from verify_service.tables.model import Layout, Table
from verify_service.tables.rules.limits import MAX_FILE_BYTES
from verify_service.tables.rules.sheet_choice import find_table
from verify_service.tables.service import read_tables

BATCH: Final = 32
"""Portraits of one lane in memory at once: some two megabytes."""
LANES: Final = 2
"""Processes that decode pictures beside each other: three thousand of them take one some twelve seconds."""


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """What a person handed in: files on disk, and what they are for."""

    cohort_code: str
    kind: str | None = None
    """Certificate kind, of a roster."""
    file: BinaryIO
    file_name: str
    sheets: tuple[str, ...] = ()
    photos: BinaryIO | None = None


class UploadRefusedError(ServiceError):
    """One field of an upload is refused: `cohort`, `file` or `photos`; `code` and message are those of the refusal."""

    def __init__(self, field: str, refusal: UsageError) -> None:
        super().__init__(refusal.code, refusal.message)
        self.field = field
        self.refusal = refusal


async def receive(clinic: Clinic, upload: Upload) -> UUID:
    """Keep an upload as a draft, in the caller's transaction, and return its id.

    Nothing of it is in the register, and no partner comes from it. UploadRefusedError: the cohort code is none, results
    are for a cohort that is not there, or a file is refused as on the command line.
    """
    with _refusing("cohort"):
        require_cohort_code(upload.cohort_code)
        if clinic.content is Content.RESULTS:
            await require_cohort(clinic.connection, upload.cohort_code)
    with _refusing("file"):
        table = await anyio.to_thread.run_sync(partial(_read_table, upload, LAYOUTS[clinic.content]))
    archive = None
    if upload.photos is not None:
        with _refusing("photos"):
            archive = await anyio.to_thread.run_sync(read_photo_archive, upload.photos)
    return await _keep(clinic, upload, table, archive)


@contextlib.contextmanager
def _refusing(field: str) -> Iterator[None]:
    """Let a refusal say which field of the upload it is about."""
    try:
        yield
    except UsageError as refusal:
        raise UploadRefusedError(field, refusal) from None


async def _keep(clinic: Clinic, upload: Upload, table: Table, archive: PhotoArchive | None) -> UUID:
    data_key, kek = new_data_key(), clinic.secrets.field[0]
    cipher = SubjectCipher(data_key)
    draft = await _counted(clinic, upload, table, cipher)
    sealed = msgspec.structs.replace(
        seal_draft(draft, Source(upload.file_name, table, archive), Changes(), cipher),
        kek_id=kek.key_id,
        wrapped=wrap_data_key(kek, data_key, draft.draft_id, KEY_PLACE),
    )
    await queries.add_draft(clinic.connection, sealed)
    whole = await anyio.to_thread.run_sync(_whole, upload.file)
    await files.add_file(clinic.connection, draft.draft_id, cipher.seal(whole, FILE, draft.draft_id))
    if upload.photos is not None and archive is not None:
        with _refusing("photos"):
            await _keep_photos(clinic, draft.draft_id, upload.photos, archive, cipher)
    await record_of_draft(clinic, "draft_added", draft, rows=draft.row_count, rejected=draft.rejected_count)
    return draft.draft_id


async def _counted(clinic: Clinic, upload: Upload, table: Table, cipher: SubjectCipher) -> Draft:
    """Return the new draft with its counts, as checked without the register and without photos."""
    draft = Draft(
        draft_id=new_row_id(),
        content=clinic.content,
        cohort_code=upload.cohort_code,
        kind=upload.kind,
        partner_id=clinic.partner_id,
        uploaded_by=clinic.actor.name,
        file_digest=await anyio.to_thread.run_sync(_digest, upload.file),
        state=DraftState.OPEN,
        row_count=0,
        rejected_count=0,
        amended_by=None,
        created_at=now(),  # until the database says when
        changed_at=now(),
    )
    opened = OpenedDraft(
        draft=draft,
        source=Source(upload.file_name, table),
        judged={},
        changes=Changes(),
        note=None,
        amendment=None,
        cipher=cipher,
    )
    summary = (await examine(clinic, opened, register=False)).report.summary
    return msgspec.structs.replace(draft, row_count=summary.rows, rejected_count=summary.rejected)


async def _keep_photos(
    clinic: Clinic, draft_id: UUID, file: BinaryIO, archive: PhotoArchive, cipher: SubjectCipher
) -> None:
    """Keep every picture of the archive, also of those named wrongly: somebody may give them to a row."""
    entries = sorted(files_by_entry(archive))
    one_at_a_time = asyncio.Lock()

    async def keep(lane: int) -> None:
        with contextlib.closing(prepare(file, entries[lane::LANES], keep=True)) as pictures:
            while batch := await anyio.to_thread.run_sync(_next_batch, pictures):
                sealed = [_sealed(photo, cipher) for photo in batch]
                async with one_at_a_time:  # there is one connection
                    await files.add_photos(clinic.connection, draft_id, sealed)

    try:
        async with asyncio.TaskGroup() as lanes:
            for lane in range(LANES):
                lanes.create_task(keep(lane))
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None  # a refusal is the file's, whichever process met it


def _read_table(upload: Upload, layout: Layout) -> Table:
    sheets = read_tables(upload.file, upload.file_name)
    return find_table(sheets, layout, sheets=upload.sheets)


def _digest(file: BinaryIO) -> bytes:
    return hashlib.sha256(_whole(file)).digest()


def _whole(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read(MAX_FILE_BYTES)


def _next_batch(pictures: Iterator[PreparedPhoto]) -> list[PreparedPhoto]:
    return list(islice(pictures, BATCH))


def _sealed(photo: PreparedPhoto, cipher: SubjectCipher) -> SealedPhoto:
    photo_id = new_row_id()
    sealed = None if photo.jpeg is None else cipher.seal(photo.jpeg, PHOTO, photo_id)
    return SealedPhoto(photo_id, photo.entry, JudgedPhoto(photo.code, photo.warnings), sealed)
