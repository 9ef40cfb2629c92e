"""`/staff/certificates/{number}/correct`: filled in, shown as it would be, proposed."""

import base64
import tempfile
from typing import Any, Final

import anyio.to_thread
import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import FormMultiDict, UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.status_codes import HTTP_200_OK, HTTP_400_BAD_REQUEST, HTTP_409_CONFLICT

from verify_service.clock import today_in_shanghai
from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.pages import HEADERS, console_page, see_other
from verify_service.consoles.visitors import Visitor
from verify_service.credentials.service.correcting import Correction
from verify_service.errors import FieldError, ServiceError
from verify_service.pages.rendering import Wording
from verify_service.pages.responses import parse_language
from verify_service.photos.service import prepare_single
from verify_service.proposals.model import CorrectPreview
from verify_service.proposals.routes.parts import (
    REFUSALS,
    TOPIC,
    base64_text,
    note_of,
    party_of,
    public_words,
    reader_of,
)
from verify_service.proposals.rules import digest_of, field_of
from verify_service.proposals.service.certificate_files import find_certificate, get_certificate_file, note_shown
from verify_service.proposals.service.certificate_previews import preview_correct
from verify_service.proposals.service.proposing import propose_correct
from verify_service.subjects.model import Sex
from verify_service.tables.rules.explanations import explain
from verify_service.translations import Language

MAX_CORRECTION_BYTES: Final = 16 * 1024 * 1024
"""A photo, and once more as text between the two steps."""
PHOTO_HEADERS: Final = {
    "Content-Security-Policy": HEADERS["Content-Security-Policy"].replace("img-src 'self'", "img-src 'self' data:")
}
"""For pages that show a photo which is nowhere yet."""


class CorrectForm(msgspec.Struct, frozen=True):
    """What is to be corrected, as typed; `photo` is a picture in base64 once one was handed in."""

    name: str = ""
    sex: str = ""
    id_number: str = ""
    note: str = ""
    photo: str = ""
    shown: str = ""


@get("/staff/certificates/{number:str}/correct", include_in_schema=False)
async def show_correct(
    number: FromPath[str],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Return the form."""
    return await _correct_page(console, visitor, parse_language(lang), number, CorrectForm())


@post(
    "/staff/certificates/{number:str}/correct",
    include_in_schema=False,
    status_code=HTTP_200_OK,
    request_max_body_size=MAX_CORRECTION_BYTES,
)
async def propose_correction(
    request: Request[Any, Any, Any],
    number: FromPath[str],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Show what the new certificate would say beside the old; propose it where that was shown already."""
    language, preview, sent = parse_language(lang), None, await request.form()
    form = _typed(sent)
    try:
        form, correction = await _correction(form, sent)
        async with console.connection() as connection:
            await find_certificate(connection, number)
            reader, today = await reader_of(console, connection), today_in_shanghai()
            preview = await preview_correct(reader, number, correction, today=today)
            if form.shown:
                proposal_id = await propose_correct(
                    reader, party_of(visitor), number, correction, form.shown, today=today
                )
                return see_other(f"/staff/proposals/{proposal_id}", language, notice="proposed")
            await note_shown(connection, visitor.actor, number)
    except REFUSALS as refused:
        return await _correct_page(console, visitor, language, number, form, preview, refused)
    return await _correct_page(console, visitor, language, number, form, preview)


def _typed(sent: FormMultiDict) -> CorrectForm:
    fields = {field: value for field in CorrectForm.__struct_fields__ if isinstance(value := sent.get(field), str)}
    return CorrectForm(**fields)


async def _correction(form: CorrectForm, sent: FormMultiDict) -> tuple[CorrectForm, Correction]:
    """Return the form, with its photo as text, and what it asks for; raise `FieldError` for what cannot be."""
    handed_in = sent.get("new_photo")
    if isinstance(handed_in, UploadFile) and (data := await handed_in.read()):
        form = msgspec.structs.replace(form, photo=base64_text(await _portrait(data)))
    # Whoever sends the form may have put anything there, as into a file. Made of the text at either step, and never put
    # back into it: a JPEG encoded once more is another, and the second step would not show what the first one did.
    jpeg = await _portrait(_carried(form.photo)) if form.photo else None
    note = note_of(form.note)
    if note is None:
        raise FieldError("NOTE_MISSING")
    correction = Correction(
        name=form.name.strip() or None,
        sex=Sex(form.sex) if form.sex in set(Sex) else None,
        id_number=form.id_number.strip() or None,
        photo_jpeg=jpeg,
        note=note,
    )
    return form, correction


def _carried(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:  # no base64, or no ASCII
        raise FieldError("PHOTO_DAMAGED") from None


async def _portrait(data: bytes) -> bytes:
    return await anyio.to_thread.run_sync(_prepared, data)


def _prepared(data: bytes) -> bytes:
    with tempfile.TemporaryFile() as file:  # which the confined process is lent
        file.write(data)
        file.seek(0)
        return prepare_single(file).jpeg


async def _correct_page(
    console: ConsoleContext,
    visitor: Visitor,
    language: Language,
    number: str,
    form: CorrectForm,
    preview: CorrectPreview | None = None,
    refusal: ServiceError | None = None,
) -> Response[bytes]:
    async with console.connection() as connection:
        file = await get_certificate_file(connection, await console.secrets(connection), number)
    wrong = HTTP_400_BAD_REQUEST if isinstance(refusal, FieldError) else HTTP_409_CONFLICT
    return console_page(
        "console/correct.html",
        console,
        visitor,
        language,
        topic=TOPIC,
        status=HTTP_200_OK if refusal is None else wrong,
        headers=PHOTO_HEADERS,
        file=file,
        form=form,
        preview=preview,
        shown="" if preview is None else digest_of(preview),
        sexes=list(Sex),
        public=public_words(language),
        today=today_in_shanghai(),
        base64=base64_text,
        errors=_errors(refusal, form, language),
        refusal=None if refusal is None else refusal.code,
    )


def _errors(refusal: ServiceError | None, form: CorrectForm, language: Language) -> dict[str, str]:
    """Return the sentence of what is wrong, beside the field that it is about."""
    if not isinstance(refusal, FieldError):
        return {}
    if refusal.code.startswith("NOTE_"):
        return {"note": Wording(language, TOPIC)(f"refusal.{refusal.code}")}
    field = field_of(refusal.code, form.name)
    return {field: explain(refusal.code, about=field, language=language)}
