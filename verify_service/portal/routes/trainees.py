"""`/partner/trainees/…`: one person in one class, from handing in to certificate."""

from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.pages import console_page
from verify_service.consoles.visitors import Visitor
from verify_service.pages.responses import parse_language
from verify_service.portal.routes.asking import TOPIC, kind_titles, missing_with, partner_of
from verify_service.portal.service.trainees import get_trainee


@get("/partner/trainees/{enrolment_id:uuid}", include_in_schema=False)
async def show_trainee(
    enrolment_id: FromPath[UUID],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Return a person's page, with each kind of certificate that the person sits for."""
    language = parse_language(lang)
    async with console.portal(visitor) as connection:
        secrets = await console.secrets(connection)
        entries = await get_trainee(connection, secrets, missing_with(console), partner_of(visitor), enrolment_id)
    titles = kind_titles(console, language)
    return console_page("console/trainee.html", console, visitor, language, topic=TOPIC, entries=entries, titles=titles)
