"""The uploaded table as a workbook that shows what is still wrong, with everything corrected so far written into it."""

import tempfile
from functools import partial
from pathlib import PurePath
from uuid import UUID

import anyio.to_thread
import msgspec

from verify_service.drafts.queries import files
from verify_service.drafts.rules.current import corrected_cells, rows_beyond_the_file
from verify_service.drafts.service.clinic import FILE, Clinic, OpenedDraft, open_draft
from verify_service.drafts.service.deciding import record_reading
from verify_service.drafts.service.examining import examine
from verify_service.errors import NotFoundError
from verify_service.photos.rules.remarks import photo_remarks
from verify_service.tables.model import Annotation
from verify_service.tables.rules.annotation import annotation_of
from verify_service.tables.rules.explanations import explain
from verify_service.tables.service import annotate


class DraftWorkbook(msgspec.Struct, frozen=True):
    """A workbook and what it is called."""

    file_name: str
    data: bytes


async def draw_workbook(clinic: Clinic, draft_id: UUID) -> DraftWorkbook:
    """Return the draft's file, annotated in a confined process; UsageError where that refuses, as `annotate` does.

    It holds every number and phone at once: that staff took it stands in the trail, as a look at a page does.
    """
    opened = await open_draft(clinic, draft_id)
    sealed = await files.find_file(clinic.connection, draft_id)
    if sealed is None:
        raise NotFoundError("UNKNOWN_DRAFT", "there is no such draft")
    annotation = await _annotation(clinic, opened)
    whole = opened.cipher.open(sealed, FILE, draft_id)
    data = await anyio.to_thread.run_sync(partial(_annotated, whole, opened.source.file_name, annotation))
    # Last: whoever adds to the trail keeps others waiting until the transaction ends.
    await record_reading(clinic, opened)
    return DraftWorkbook(f"{opened.draft.cohort_code}-{opened.draft.content}.xlsx", data)


async def _annotation(clinic: Clinic, opened: OpenedDraft) -> Annotation:
    source, changes = opened.source, opened.changes
    examined = await examine(clinic, opened)
    remarks = photo_remarks(examined.matched.summary, clinic.language)
    if beyond := rows_beyond_the_file(source.table, changes):
        sentence = explain("CORRECTED_BEYOND_FILE", language=clinic.language)
        remarks.append(sentence.format(rows="、".join(str(number) for number in beyond)))
    annotation = annotation_of(examined.report, examined.current.table, remarks=remarks, language=clinic.language)
    texts = {cell.reference: text for cell, text in corrected_cells(source.table, changes)}
    return msgspec.structs.replace(annotation, corrections=texts)


def _annotated(whole: bytes, file_name: str, annotation: Annotation) -> bytes:
    # A confined process is lent a descriptor, not a name.
    with tempfile.TemporaryFile() as file:
        file.write(whole)
        file.flush()
        return annotate(file, PurePath(file_name).name, annotation)
