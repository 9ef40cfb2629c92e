"""Where the staff's console begins."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.pages import SHELL, console_page
from verify_service.consoles.visitors import Visitor
from verify_service.pages.responses import parse_language


@get("/staff", include_in_schema=False)
async def show_staff_home(
    visitor: NamedDependency[Visitor], console: NamedDependency[ConsoleContext], lang: FromQuery[str | None] = None
) -> Response[bytes]:
    """Return the staff's first page."""
    return console_page("console/home.html", console, visitor, parse_language(lang), topic=SHELL)
