"""The consoles in this process, over a real database: people who are signed in, and what they ask."""

import secrets
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final, cast
from uuid import UUID

import httpx
import msgspec
import pytest
from litestar import Litestar

from verify_service.accounts.model import Account, Client, Role
from verify_service.accounts.queries.accounts import add_account
from verify_service.accounts.rules.tokens import form_token
from verify_service.accounts.service import sessions
from verify_service.audit.model import Actor
from verify_service.console_app import assemble_console
from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.cookies import SESSION_COOKIE, cookie_name
from verify_service.database import Connection, connected, new_row_id
from verify_service.embedded.server import DatabaseUrls
from verify_service.institution import load_institution
from verify_service.partners.rules import fold_partner_name
from verify_service.partners.service import add_partner, find_partners
from verify_service.settings import Settings
from verify_service.site_texts import site_texts

ADDRESS: Final = "192.0.2.7"
CLIENT: Final = Client("192.0.2.0/24", "Chrome Linux")


class Person:
    """Somebody's browser: cookies, and the token that forms carry."""

    def __init__(
        self, app: Litestar, public_url: str, account: Account | None = None, token: str | None = None
    ) -> None:
        self._account = account
        self.token = token
        self.public_url = public_url
        cookies = {} if token is None else {cookie_name(SESSION_COOKIE, public_url): token}
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(
                cast("Any", app), raise_app_exceptions=False
            ),  # theirs is another ASGI's type
            base_url=public_url,
            cookies=cookies,
            headers={"X-Forwarded-For": ADDRESS, "Accept": "text/html"},
        )

    @property
    def account(self) -> Account:
        """Whose browser it is, of somebody who is signed in."""
        assert self._account is not None
        return self._account

    @property
    def form_token(self) -> str:
        """What forms of this session carry."""
        return form_token(self.token or "")

    async def get(self, path: str, **options: Any) -> httpx.Response:  # noqa: ANN401  # httpx's own
        return await self.http.get(path, **options)

    async def post(
        self, path: str, data: Mapping[str, Any] | None = None, files: Mapping[str, Any] | None = None
    ) -> httpx.Response:
        """Send a form as our own page would: with its token, from our own origin."""
        fields = {"form_token": self.form_token, **(data or {})}
        return await self.http.post(path, data=fields, files=files, headers={"Origin": self.public_url})


class Console:
    """The console application of one test."""

    def __init__(self, app: Litestar, context: ConsoleContext, operator_url: str) -> None:
        self.app = app
        self.context = context
        self.operator_url = operator_url
        """Of whom accounts with roles come: the consoles may add none."""
        self.people: list[Person] = []

    def stranger(self) -> Person:
        """Return somebody who is not signed in."""
        return self._person(Person(self.app, self.context.public_url))

    async def sign_in(self, *roles: Role, partner: str | None = None, name: str | None = None) -> Person:
        """Return somebody new who is signed in with these roles; a partner's user for that partner, made if new."""
        async with connected(self.operator_url, "OPERATOR_DATABASE_URL") as operator:
            partner_id = None if partner is None else await _partner(operator, partner)
            handle = name or f"{roles[0]}-{secrets.token_hex(4)}"
            account = Account(new_row_id(), handle, frozenset(roles), partner_id)
            await add_account(operator, account)
        async with self.context.connection() as connection:
            session = await sessions.begin(connection, account, CLIENT, "test")
        return self._person(Person(self.app, self.context.public_url, account, session.token))

    def _person(self, person: Person) -> Person:
        self.people.append(person)
        return person


@pytest.fixture
def console_settings(settings: Settings, issuer_database: DatabaseUrls) -> Settings:
    """Settings under which the consoles run too."""
    return msgspec.structs.replace(
        settings, console_database_url=issuer_database.console, portal_database_url=issuer_database.portal
    )


@pytest.fixture
async def console(console_settings: Settings, issuer_database: DatabaseUrls) -> AsyncIterator[Console]:
    """The consoles over this test's database."""
    institution = load_institution(console_settings)
    context = ConsoleContext(
        console_settings,
        issuer_database.console,
        issuer_database.portal,
        institution=institution,
        site=site_texts(institution, console_settings.require_public_url()),
    )
    app = assemble_console(context)
    await context.open()
    lent = Console(app, context, issuer_database.operator)
    yield lent
    for person in lent.people:
        await person.http.aclose()
    await context.close()


@pytest.fixture
async def staff_connection(issuer_database: DatabaseUrls) -> AsyncIterator[Connection]:
    """A connection under the consoles' role."""
    async with connected(issuer_database.console, "CONSOLE_DATABASE_URL") as connection:
        yield connection


async def _partner(connection: Connection, name: str) -> UUID:
    found = await find_partners(connection, [name])
    return found.get(fold_partner_name(name)) or await add_partner(connection, Actor("tests"), name)
