"""What a handler shows staff: a page read by one connection, with what was wrong about a form on it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import msgspec
from litestar import Response
from litestar.status_codes import HTTP_200_OK, HTTP_400_BAD_REQUEST, HTTP_409_CONFLICT

from verify_service.audit.model import Actor
from verify_service.consoles.access import ACCESS
from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.pages import console_page
from verify_service.consoles.visitors import Visitor
from verify_service.database import Connection
from verify_service.errors import ConflictError, UsageError
from verify_service.pages.responses import parse_language
from verify_service.sealing.model import Secrets
from verify_service.translations import Language

REFUSALS: Final = (UsageError, ConflictError)
"""What a form is refused with: its page comes back with what was typed, and says so."""

Refusal = UsageError | ConflictError


class Screen(msgspec.Struct, frozen=True):
    """Where the pages of one request are shown: to whom, in which language, read by which connection."""

    console: ConsoleContext
    visitor: Visitor
    language: Language
    connection: Connection

    @property
    def actor(self) -> Actor:
        """Who is written into the trail."""
        return self.visitor.actor

    def may(self, operation: str) -> bool:
        """Tell whether the table of access lets the visitor do this: what it does not is not offered."""
        return not ACCESS[operation].roles.isdisjoint(self.visitor.roles)

    async def secrets(self) -> Secrets:
        """Return the secrets that sealing and finding people need."""
        return await self.console.secrets(self.connection)

    def page(self, template: str, topic: str, *, error: Refusal | None = None, **values: object) -> Response[bytes]:
        """Return a page; with an error its status says so, and the page knows its code."""
        return console_page(
            template,
            self.console,
            self.visitor,
            self.language,
            topic=topic,
            status=_status(error),
            headers=None,
            error=None if error is None else error.code,
            **values,
        )


@asynccontextmanager
async def lent_screen(console: ConsoleContext, visitor: Visitor, lang: str | None) -> AsyncIterator[Screen]:
    """Lend a screen with a connection of its own."""
    async with console.connection() as connection:
        yield Screen(console, visitor, parse_language(lang), connection)


def _status(error: Refusal | None) -> int:
    if error is None:
        return HTTP_200_OK
    return HTTP_409_CONFLICT if isinstance(error, ConflictError) else HTTP_400_BAD_REQUEST
