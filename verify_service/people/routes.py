"""`/staff/people/…`: one person's file, its numbers, and its end."""

from typing import Final
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.status_codes import HTTP_200_OK, HTTP_409_CONFLICT

from signing import format_token
from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.navigation import is_open
from verify_service.consoles.pages import console_page, see_other
from verify_service.consoles.visitors import Visitor
from verify_service.errors import ConflictError
from verify_service.pages.rendering import Wording
from verify_service.pages.responses import parse_language
from verify_service.people.service.erasing import count_drafts, erase_confirmed
from verify_service.people.service.viewing import view_person
from verify_service.retention.model import DataClass
from verify_service.retention.service.policy import load_policy
from verify_service.trail.queries.viewing import list_about
from verify_service.translations import Language

TOPIC: Final = "console_people"
TRAIL_TOPIC: Final = "console_audit"
"""Where the words for actions are."""
MAX_FORM_BYTES: Final = 4 * 1024
MOST_EVENTS: Final = 200


class ErasureForm(msgspec.Struct, frozen=True):
    """The name of whom is to be erased, typed anew."""

    name: str = ""


@get("/staff/people/{subject:uuid}", include_in_schema=False)
async def show_person(
    subject: FromPath[UUID],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
    notice: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Show everything that ever happened with a person, ID number and phone masked."""
    return await _page(console, visitor, subject, parse_language(lang), notice=notice)


@post(
    "/staff/people/{subject:uuid}/numbers",
    status_code=HTTP_200_OK,
    include_in_schema=False,
    request_max_body_size=MAX_FORM_BYTES,
)
async def show_numbers(
    subject: FromPath[UUID],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Show the same with ID number and phone whole; a form of its own, since that is recorded."""
    return await _page(console, visitor, subject, parse_language(lang), show_numbers=True)


@get("/staff/people/{subject:uuid}/erasure", include_in_schema=False)
async def show_erasure(
    subject: FromPath[UUID],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Show what an erasure would end, and what stays; nothing is changed."""
    return await _erasure_page(console, visitor, subject, parse_language(lang))


@post("/staff/people/{subject:uuid}/erasure", include_in_schema=False, request_max_body_size=MAX_FORM_BYTES)
async def erase_person(
    subject: FromPath[UUID],
    data: URLEncodedBody[ErasureForm],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """End everything that is kept of a person whose name was typed; another name brings the form back."""
    language = parse_language(lang)
    try:
        async with console.connection() as connection:
            secrets = await console.secrets(connection)
            await erase_confirmed(connection, secrets, visitor.actor, subject, data.name)
    except ConflictError as refused:
        return await _erasure_page(console, visitor, subject, language, refusal=refused.code, typed=data.name)
    return see_other(f"/staff/people/{subject}", language, notice="erased")


async def _page(
    console: ConsoleContext,
    visitor: Visitor,
    subject_id: UUID,
    language: Language,
    *,
    show_numbers: bool = False,
    notice: str | None = None,
) -> Response[bytes]:
    async with console.connection() as connection:
        secrets = await console.secrets(connection)
        file = await view_person(connection, secrets, visitor.actor, subject_id, show_numbers=show_numbers)
        rows = await list_about(connection, file.object_ids, MOST_EVENTS)
    policy = load_policy(console.settings)
    return console_page(
        "console/person.html",
        console,
        visitor,
        language,
        topic=TOPIC,
        file=file,
        rows=rows,
        most=MOST_EVENTS,
        may_audit=is_open(visitor, "GET /staff/audit/{number}"),
        opens_certificates=is_open(visitor, "GET /staff/certificates/{number}"),
        opens_cohorts=is_open(visitor, "GET /staff/cohorts/{code}"),
        tokens={one.credential_id: format_token(one.token) for one in file.certificates},
        terms={data_class.value: policy.term(data_class) for data_class in DataClass},
        may_erase=is_open(visitor, "POST /staff/people/{subject}/erasure"),
        told=Wording(language, TRAIL_TOPIC),
        notice=notice,
    )


async def _erasure_page(
    console: ConsoleContext,
    visitor: Visitor,
    subject_id: UUID,
    language: Language,
    *,
    refusal: str | None = None,
    typed: str = "",
) -> Response[bytes]:
    async with console.connection() as connection:
        secrets = await console.secrets(connection)
        file = await view_person(connection, secrets, visitor.actor, subject_id)
        drafts = await count_drafts(connection, secrets, subject_id)
    return console_page(
        "console/erasure.html",
        console,
        visitor,
        language,
        topic=TOPIC,
        status=HTTP_200_OK if refusal is None else HTTP_409_CONFLICT,
        file=file,
        drafts=drafts,
        refusal=refusal,
        typed=typed,
    )


PEOPLE_ROUTES: Final = (show_person, show_numbers, show_erasure, erase_person)
