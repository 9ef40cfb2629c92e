"""`/staff/accounts`: who may enter, and as what; what two people have to agree on, and what one may do alone."""

from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.status_codes import HTTP_200_OK, HTTP_400_BAD_REQUEST, HTTP_409_CONFLICT

from verify_service.account_pages.routes.sign_in import MAX_FORM_BYTES
from verify_service.accounts.model import STAFF, GrantState, Invitation, Role
from verify_service.accounts.queries.accounts import list_accounts
from verify_service.accounts.queries.grants import list_open
from verify_service.accounts.service import granting, inviting
from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.pages import console_page, see_other
from verify_service.consoles.visitors import Visitor
from verify_service.errors import ConflictError, ServiceError, UsageError
from verify_service.pages.responses import parse_language
from verify_service.translations import Language

TOPIC = "console_account"
ACCOUNTS = "/staff/accounts"


class NewAccountForm(msgspec.Struct, frozen=True):
    """A new account: roles of staff, or the name of the partner whose user it is."""

    name: str = ""
    partner: str = ""
    roles: list[str] | str = []
    """The framework gives one ticked box as its value alone."""


class RolesForm(msgspec.Struct, frozen=True):
    """The roles an account is to have."""

    roles: list[str] | str = []


class DecisionForm(msgspec.Struct, frozen=True):
    """What becomes of a proposal; it has no default, which would not be checked."""

    decision: GrantState


@get(ACCOUNTS, include_in_schema=False)
async def show_accounts(
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
    notice: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Return every account with its roles, and what waits to be decided."""
    return await _page(visitor, console, parse_language(lang), notice=notice)


@post(ACCOUNTS, include_in_schema=False, request_max_body_size=MAX_FORM_BYTES)
async def add_account(
    data: URLEncodedBody[NewAccountForm],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Propose an account of staff, or make a partner's user and show the link; or the form again with what is wrong."""
    language, name = parse_language(lang), data.name.strip().lower()
    try:
        async with console.connection() as connection:
            if not data.partner.strip():
                await granting.propose_account(
                    connection, visitor.actor, visitor.account, name, _staff_roles(data.roles)
                )
                return see_other(ACCOUNTS, language, notice="proposed")
            invitation = await granting.invite_partner(connection, visitor.actor, name=name, partner=data.partner)
    except (UsageError, ConflictError) as refused:
        return await _page(visitor, console, language, refused=refused, typed=data)
    return await _page(visitor, console, language, invitation=invitation)


@post(ACCOUNTS + "/{account:uuid}/roles", include_in_schema=False, request_max_body_size=MAX_FORM_BYTES)
async def propose_roles(
    account: FromPath[UUID],
    data: URLEncodedBody[RolesForm],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Propose other roles for somebody."""
    language = parse_language(lang)
    try:
        async with console.connection() as connection:
            await granting.propose_roles(connection, visitor.actor, visitor.account, account, _staff_roles(data.roles))
    except (UsageError, ConflictError) as refused:
        return await _page(visitor, console, language, refused=refused)
    return see_other(ACCOUNTS, language, notice="proposed")


@post(ACCOUNTS + "/{account:uuid}/opening", include_in_schema=False, request_max_body_size=MAX_FORM_BYTES)
async def propose_opening(
    account: FromPath[UUID],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Propose that somebody who lost every factor get another link."""
    language = parse_language(lang)
    try:
        async with console.connection() as connection:
            await granting.propose_to_open(connection, visitor.actor, visitor.account, account)
    except ConflictError as refused:
        return await _page(visitor, console, language, refused=refused)
    return see_other(ACCOUNTS, language, notice="proposed")


@post(
    ACCOUNTS + "/{account:uuid}/link",
    include_in_schema=False,
    status_code=HTTP_200_OK,
    request_max_body_size=MAX_FORM_BYTES,
)
async def make_link(
    account: FromPath[UUID],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Make the link of an account and show it once: not after a redirect, whose address would hold it."""
    language = parse_language(lang)
    try:
        async with console.connection() as connection:
            invitation = await granting.make_link(connection, visitor.actor, account)
    except ConflictError as refused:
        return await _page(visitor, console, language, refused=refused)
    return await _page(visitor, console, language, invitation=invitation)


@post(ACCOUNTS + "/{account:uuid}/disable", include_in_schema=False, request_max_body_size=MAX_FORM_BYTES)
async def disable_account(
    account: FromPath[UUID],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Shut somebody out, at once and by one hand: what only takes away waits for nobody."""
    async with console.connection() as connection:
        await inviting.disable(connection, visitor.actor, await granting.require_account(connection, account))
    return see_other(ACCOUNTS, parse_language(lang), notice="disabled")


@post("/staff/grants/{grant:uuid}", include_in_schema=False, request_max_body_size=MAX_FORM_BYTES)
async def decide_grant(
    grant: FromPath[UUID],
    data: URLEncodedBody[DecisionForm],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Approve, reject or withdraw proposed roles."""
    language = parse_language(lang)
    try:
        async with console.connection() as connection:
            await granting.decide(connection, visitor.actor, visitor.account, grant, data.decision)
    except ConflictError as refused:
        return await _page(visitor, console, language, refused=refused)
    return see_other(ACCOUNTS, language, notice=f"grant-{data.decision}")


def _staff_roles(ticked: list[str] | str) -> frozenset[Role]:
    """Return the roles that were ticked, without what is none."""
    words = [ticked] if isinstance(ticked, str) else ticked
    return frozenset(role for role in STAFF if role.value in words)


async def _page(
    visitor: Visitor,
    console: ConsoleContext,
    language: Language,
    *,
    notice: str | None = None,
    refused: ServiceError | None = None,
    typed: NewAccountForm | None = None,
    invitation: Invitation | None = None,
) -> Response[bytes]:
    async with console.connection() as connection:
        accounts, grants = await list_accounts(connection), await list_open(connection)
    refusal_status = HTTP_409_CONFLICT if isinstance(refused, ConflictError) else HTTP_400_BAD_REQUEST
    return console_page(
        "console/accounts.html",
        console,
        visitor,
        language,
        topic=TOPIC,
        status=HTTP_200_OK if refused is None else refusal_status,
        accounts=accounts,
        grants=grants,
        notice=notice,
        refusal=None if refused is None else refused.code,
        typed=typed or NewAccountForm(),
        ticked=frozenset() if typed is None else _staff_roles(typed.roles),
        invitation=invitation,
        link=None if invitation is None else _link(console, invitation),
        staff_roles=sorted(STAFF),
    )


def _link(console: ConsoleContext, invitation: Invitation) -> str:
    home = "staff" if invitation.account.partner_id is None else "partner"
    return f"{console.public_url}/{home}/invitations/{invitation.token}"
