"""The lists of drafts, and uploads: `/staff/rosters`, `/partner/rosters`, `/staff/results`."""

import contextlib
from collections.abc import AsyncIterator, Mapping
from typing import Any, BinaryIO, Final, cast

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.status_codes import HTTP_200_OK, HTTP_400_BAD_REQUEST

from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.pages import see_other
from verify_service.consoles.visitors import Visitor
from verify_service.drafts.model import Content
from verify_service.drafts.routes.asking import Asked, addresses, asked_of, fields_of, files_of
from verify_service.drafts.routes.pages import KINDS, list_page
from verify_service.drafts.service.receiving import Upload, UploadRefusedError, receive
from verify_service.errors import FileRefusedError
from verify_service.photos.rules.archives import MAX_FILE_BYTES as MAX_ARCHIVE_BYTES
from verify_service.request_bodies import reads
from verify_service.tables.rules.explanations import explain, explain_refusal
from verify_service.tables.rules.limits import MAX_FILE_BYTES
from verify_service.turns import Turns

MULTIPART: Final = "multipart/form-data"
MAX_BODY_BYTES: Final = MAX_FILE_BYTES + MAX_ARCHIVE_BYTES + (64 << 10)
"""A table, its photos, and what a form puts around them."""


@get(addresses(), include_in_schema=False)
async def show_drafts(
    request: Request[Any, Any, Any], visitor: NamedDependency[Visitor], console: NamedDependency[ConsoleContext]
) -> Response[bytes]:
    """Return the drafts and the form for a new one."""
    asked = asked_of(request, visitor, console)
    async with asked.clinic() as clinic:
        return await list_page(asked, clinic)


@post(
    addresses(),
    include_in_schema=False,
    status_code=HTTP_200_OK,
    before_request=reads(MULTIPART),
    request_max_body_size=MAX_BODY_BYTES,
)
async def upload_draft(
    request: Request[Any, Any, Any],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    upload_turns: NamedDependency[Turns],
) -> Response[bytes]:
    """Keep what was uploaded as a draft and lead to it, or say what is wrong with it beside the field."""
    asked = asked_of(request, visitor, console)
    typed = await fields_of(request)
    async with _open_files(request) as files:
        upload = _upload(asked, typed, files)
        if isinstance(upload, str):
            return await _refused(asked, typed, upload, "EMPTY", explain("EMPTY", language=asked.language))
        try:
            async with upload_turns.turn(), asked.clinic() as clinic:
                draft_id = await receive(clinic, upload)
        except UploadRefusedError as refused:
            return await _refused(asked, typed, refused.field, refused.code, _sentence(refused, asked))
    return see_other(asked.place.of(draft_id), asked.language, notice="uploaded")


@contextlib.asynccontextmanager
async def _open_files(request: Request[Any, Any, Any]) -> AsyncIterator[Mapping[str, UploadFile]]:
    files = await files_of(request)
    try:
        yield files
    finally:
        for file in files.values():
            await file.close()


def _upload(asked: Asked, typed: Mapping[str, str], files: Mapping[str, UploadFile]) -> Upload | str:
    """Return what was uploaded, or the field that is missing."""
    kind = typed.get("kind") if asked.place.content is Content.ROSTER else None
    missing = {
        "cohort": not typed.get("cohort", "").strip(),
        "kind": asked.place.content is Content.ROSTER and kind not in KINDS,
        "file": "file" not in files,
    }
    if any(missing.values()):
        return next(field for field, is_missing in missing.items() if is_missing)
    sheet = typed.get("sheet", "").strip()
    photos = files.get("photos") if asked.place.content is Content.ROSTER else None
    return Upload(
        cohort_code=typed["cohort"].strip(),
        kind=kind,
        # Asked for its descriptor, a small upload moves from memory to a file without a name.
        file=cast("BinaryIO", files["file"].file),
        file_name=files["file"].filename,
        sheets=(sheet,) if sheet else (),
        photos=None if photos is None else cast("BinaryIO", photos.file),
    )


def _sentence(refused: UploadRefusedError, asked: Asked) -> str:
    if isinstance(refused.refusal, FileRefusedError):
        return explain_refusal(refused.refusal, asked.language)
    return explain(refused.code, about=refused.field, language=asked.language)


async def _refused(asked: Asked, typed: Mapping[str, str], field: str, code: str, sentence: str) -> Response[bytes]:
    said = {"typed": typed, "field": field, "code": code, "error": sentence}
    async with asked.clinic() as clinic:
        return await list_page(asked, clinic, status=HTTP_400_BAD_REQUEST, **said)
