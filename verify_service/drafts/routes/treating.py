"""A draft's pages: its rows, and everything by which they are put right."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.status_codes import HTTP_200_OK, HTTP_400_BAD_REQUEST

from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.pages import see_other
from verify_service.consoles.visitors import Visitor
from verify_service.drafts.routes.asking import (
    MAX_FORM_BYTES,
    Asked,
    addresses,
    asked_of,
    fields_of,
    number_of,
    place_in,
)
from verify_service.drafts.routes.pages import draft_page, row_page
from verify_service.drafts.service import correcting
from verify_service.drafts.service.clinic import open_draft
from verify_service.drafts.service.correcting import FixesAsked
from verify_service.drafts.service.portraits import find_portrait
from verify_service.drafts.service.workbooks import draw_workbook
from verify_service.errors import FieldError
from verify_service.turns import Turns

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@get(addresses("/{draft:uuid}"), include_in_schema=False)
async def show_draft(
    draft: FromPath[UUID],
    request: Request[Any, Any, Any],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
) -> Response[bytes]:
    """Return a page of its rows."""
    asked = asked_of(request, visitor, console)
    async with asked.clinic() as clinic:
        return await draft_page(asked, clinic, await open_draft(clinic, draft))


@get(addresses("/{draft:uuid}/rows/{number:str}"), include_in_schema=False)
async def show_row(
    draft: FromPath[UUID],
    number: FromPath[str],
    request: Request[Any, Any, Any],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
) -> Response[bytes]:
    """Return the form of one row."""
    asked = asked_of(request, visitor, console)
    async with asked.clinic() as clinic:
        return await row_page(asked, clinic, await open_draft(clinic, draft), place_in(number))


@post(
    addresses("/{draft:uuid}/rows/{number:str}"),
    include_in_schema=False,
    status_code=HTTP_200_OK,
    request_max_body_size=MAX_FORM_BYTES,
)
async def fill_in_row(
    draft: FromPath[UUID],
    number: FromPath[str],
    request: Request[Any, Any, Any],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
) -> Response[bytes]:
    """Keep what cells of a row say now; what is still wrong is said on the page that this leads to."""
    asked = asked_of(request, visitor, console)
    texts = await fields_of(request)
    async with asked.clinic() as clinic:
        try:
            await correcting.fill_in(clinic, draft, place_in(number), texts)
        except FieldError:
            opened = await open_draft(clinic, draft)
            return await row_page(asked, clinic, opened, place_in(number), status=HTTP_400_BAD_REQUEST, too_long=True)
    return _back(asked, draft, number)


@post(
    addresses("/{draft:uuid}/rows/{number:str}/removal"),
    include_in_schema=False,
    status_code=HTTP_200_OK,
    request_max_body_size=MAX_FORM_BYTES,
)
async def remove_row(
    draft: FromPath[UUID],
    number: FromPath[str],
    request: Request[Any, Any, Any],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
) -> Response[bytes]:
    """Take a row out, or in again with `restore`."""
    asked = asked_of(request, visitor, console)
    is_restoring = "restore" in await fields_of(request)
    async with asked.clinic() as clinic:
        await (correcting.restore_row if is_restoring else correcting.remove_row)(clinic, draft, place_in(number))
    return _back(asked, draft, None)


@post(
    addresses("/{draft:uuid}/rows/{number:str}/photo"),
    include_in_schema=False,
    status_code=HTTP_200_OK,
    request_max_body_size=MAX_FORM_BYTES,
)
async def assign_photo(
    draft: FromPath[UUID],
    number: FromPath[str],
    request: Request[Any, Any, Any],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
) -> Response[bytes]:
    """Give a row a picture of the archive, or leave it to names again."""
    asked = asked_of(request, visitor, console)
    entry = number_of((await fields_of(request)).get("entry"))
    async with asked.clinic() as clinic:
        await correcting.assign_photo(clinic, draft, place_in(number), entry)
    return _back(asked, draft, number)


@post(
    addresses("/{draft:uuid}/fixes"),
    include_in_schema=False,
    status_code=HTTP_200_OK,
    request_max_body_size=MAX_FORM_BYTES,
)
async def accept_fixes(
    draft: FromPath[UUID],
    request: Request[Any, Any, Any],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
) -> Response[bytes]:
    """Make one fix, those of one reason, or every safe one."""
    asked = asked_of(request, visitor, console)
    typed = await fields_of(request)
    number = number_of(typed.get("number"))
    wanted = FixesAsked(
        number=number,
        field=typed.get("field", ""),
        choice=number_of(typed.get("choice")) or 0,
        code=typed.get("code", ""),
    )
    async with asked.clinic() as clinic:
        await correcting.accept_fixes(clinic, draft, wanted)
    return _back(asked, draft, number)


@get(addresses("/{draft:uuid}/photos/{entry:str}"), include_in_schema=False)
async def show_photo(
    draft: FromPath[UUID],
    entry: FromPath[str],
    request: Request[Any, Any, Any],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
) -> Response[bytes]:
    """Return one portrait."""
    async with asked_of(request, visitor, console).clinic() as clinic:
        jpeg = await find_portrait(clinic, draft, place_in(entry))
    return Response(jpeg, media_type="image/jpeg")


@get(addresses("/{draft:uuid}/workbook"), include_in_schema=False)
async def download_workbook(
    draft: FromPath[UUID],
    request: Request[Any, Any, Any],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    upload_turns: NamedDependency[Turns],
) -> Response[bytes]:
    """Return the uploaded table as a workbook with everything corrected and marked."""
    async with upload_turns.turn(), asked_of(request, visitor, console).clinic() as clinic:
        workbook = await draw_workbook(clinic, draft)
    disposition = f"attachment; filename*=UTF-8''{quote(workbook.file_name)}"
    return Response(workbook.data, media_type=WORKBOOK, headers={"Content-Disposition": disposition})


def _back(asked: Asked, draft_id: UUID, number: str | int | None) -> Response[bytes]:
    """Lead back to the rows that the form was among, and to its row."""
    fragment = "rows" if number is None else f"row-{number}"
    return see_other(asked.place.of(draft_id), asked.language, notice="changed", query=asked.query, fragment=fragment)
