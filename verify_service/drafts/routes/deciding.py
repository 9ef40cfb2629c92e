"""What ends a page of the clinic: hand in, return, import, discard, ask for an amendment."""

from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.status_codes import HTTP_200_OK, HTTP_409_CONFLICT

from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.pages import see_other
from verify_service.consoles.visitors import Visitor
from verify_service.drafts.routes.asking import MAX_FORM_BYTES, RESULTS, ROSTERS, Asked, addresses, asked_of, fields_of
from verify_service.drafts.routes.pages import draft_page
from verify_service.drafts.service import deciding
from verify_service.drafts.service.clinic import Clinic, open_draft
from verify_service.drafts.service.importing import import_draft
from verify_service.errors import ConflictError

STAFF: Final = ROSTERS[0]
PARTNER: Final = ROSTERS[1]
MAX_NOTE_CHARACTERS: Final = 1_000


@post(
    f"{PARTNER}/{{draft:uuid}}/hand-in",
    include_in_schema=False,
    status_code=HTTP_200_OK,
    request_max_body_size=MAX_FORM_BYTES,
)
async def hand_in_draft(
    draft: FromPath[UUID],
    request: Request[Any, Any, Any],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
) -> Response[bytes]:
    """Hand a partner's draft to staff."""
    asked = asked_of(request, visitor, console)
    async with asked.clinic() as clinic:
        try:
            await deciding.hand_in(clinic, draft)
        except ConflictError as refused:
            return await _conflict(asked, clinic, draft, refused)
    return see_other(asked.place.home, asked.language, notice="handed-in")


@post(
    f"{STAFF}/{{draft:uuid}}/return",
    include_in_schema=False,
    status_code=HTTP_200_OK,
    request_max_body_size=MAX_FORM_BYTES,
)
async def return_draft(
    draft: FromPath[UUID],
    request: Request[Any, Any, Any],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
) -> Response[bytes]:
    """Give a draft back to its partner, with a note."""
    asked = asked_of(request, visitor, console)
    note = await _note(request)
    async with asked.clinic() as clinic:
        try:
            await deciding.return_draft(clinic, draft, note)
        except ConflictError as refused:
            return await _conflict(asked, clinic, draft, refused)
    return see_other(asked.place.home, asked.language, notice="returned")


@post(
    [f"{STAFF}/{{draft:uuid}}/amendment", f"{RESULTS}/{{draft:uuid}}/amendment"],
    include_in_schema=False,
    status_code=HTTP_200_OK,
    request_max_body_size=MAX_FORM_BYTES,
)
async def ask_amendment(
    draft: FromPath[UUID],
    request: Request[Any, Any, Any],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
) -> Response[bytes]:
    """Ask that the import may change what stands; an empty note takes it back."""
    asked = asked_of(request, visitor, console)
    note = await _note(request)
    async with asked.clinic() as clinic:
        await deciding.ask_amendment(clinic, draft, note)
    return see_other(asked.place.of(draft), asked.language, notice="amendment" if note else "no-amendment")


@post(
    [f"{STAFF}/{{draft:uuid}}/import", f"{RESULTS}/{{draft:uuid}}/import"],
    include_in_schema=False,
    status_code=HTTP_200_OK,
    request_max_body_size=MAX_FORM_BYTES,
)
async def import_one(
    draft: FromPath[UUID],
    request: Request[Any, Any, Any],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
) -> Response[bytes]:
    """Import a draft that is right, as it was shown; or show what is not, or what changed since."""
    asked = msgspec.structs.replace(asked_of(request, visitor, console), shown=None, page=1)
    shown = (await fields_of(request)).get("shown", "")
    async with asked.clinic() as clinic:
        try:
            done = await import_draft(clinic, draft, shown)
        except ConflictError as refused:
            return await _conflict(asked, clinic, draft, refused)
        if done.is_refused:
            opened = await open_draft(clinic, draft)
            return await draft_page(
                asked, clinic, opened, examined=done.examined, problem="REFUSED", status=HTTP_409_CONFLICT
            )
    return see_other(asked.place.home, asked.language, notice="imported")


@post(
    addresses("/{draft:uuid}/discard"),
    include_in_schema=False,
    status_code=HTTP_200_OK,
    request_max_body_size=MAX_FORM_BYTES,
)
async def discard_draft(
    draft: FromPath[UUID],
    request: Request[Any, Any, Any],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
) -> Response[bytes]:
    """End a draft and delete what it holds."""
    asked = asked_of(request, visitor, console)
    async with asked.clinic() as clinic:
        try:
            await deciding.discard(clinic, draft)
        except ConflictError as refused:
            return await _conflict(asked, clinic, draft, refused)
    return see_other(asked.place.home, asked.language, notice="discarded")


async def _conflict(asked: Asked, clinic: Clinic, draft: UUID, refused: ConflictError) -> Response[bytes]:
    """Show the draft as it stands, and why what was asked is not done."""
    opened = await open_draft(clinic, draft)
    return await draft_page(asked, clinic, opened, problem=refused.code, status=HTTP_409_CONFLICT)


async def _note(request: Request[Any, Any, Any]) -> str:
    return (await fields_of(request)).get("note", "").strip()[:MAX_NOTE_CHARACTERS]
