"""`/staff/accounts`: who may enter, and as what."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from verify_service.accounts.queries.accounts import list_accounts
from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.pages import console_page
from verify_service.consoles.visitors import Visitor
from verify_service.pages.responses import parse_language


@get("/staff/accounts", include_in_schema=False)
async def show_accounts(
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
    notice: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Return every account with its roles."""
    async with console.connection() as connection:
        accounts = await list_accounts(connection)
    return console_page(
        "console/accounts.html",
        console,
        visitor,
        parse_language(lang),
        topic="console_account",
        accounts=accounts,
        notice=notice,
    )
