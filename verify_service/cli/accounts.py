"""`account invite | list | disable`: the operator's way into the consoles, for the first administrator."""

import click
import msgspec

from verify_service.accounts.model import Invitation, ListedAccount, Role
from verify_service.accounts.queries.accounts import find_by_name, list_accounts
from verify_service.accounts.service import inviting
from verify_service.cli.printing import print_json, print_table
from verify_service.cli.session import OperatorSession, run_as_operator
from verify_service.errors import UsageError
from verify_service.partners.rules import fold_partner_name
from verify_service.partners.service import find_partners


class PrintedInvitation(msgspec.Struct, frozen=True, rename="camel"):
    """What `account invite --json` prints."""

    name: str
    roles: tuple[str, ...]
    url: str
    expires_at: str


@click.group()
def account() -> None:
    """Invite people into the consoles, and shut them out."""


@account.command()
@click.argument("name")
@click.option("--role", "roles", multiple=True, type=click.Choice([role.value for role in Role]), help="Repeatable.")
@click.option("--partner", help="The partner whose trainees a user with the role partner sees.")
@click.option("--again", is_flag=True, help="Another link for somebody who lost password and phone: both end.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def invite(*, name: str, roles: tuple[str, ...], partner: str | None, again: bool, as_json: bool) -> None:
    """Make an account called NAME, a handle at work such as registrar-1, and print the link that opens it once.

    The first administrator comes from here; whoever that is invites the others on the pages.
    """
    if again == bool(roles):
        raise click.UsageError("give --role for a new account, or --again for one that stands")

    async def job(session: OperatorSession) -> tuple[Invitation, str]:
        url = session.settings.require_public_url()
        if again:
            return await inviting.invite_again(session.connection, session.actor, name), url
        partner_id = None
        if partner is not None:
            partner_id = (await find_partners(session.connection, [partner])).get(fold_partner_name(partner))
            if partner_id is None:
                raise UsageError("UNKNOWN_PARTNER", f"no partner is called {partner}: see `partner list`")
        given = frozenset(map(Role, roles))
        made = await inviting.invite(session.connection, session.actor, name=name, roles=given, partner_id=partner_id)
        return made, url

    invitation, public_url = run_as_operator(job)
    home = "staff" if invitation.account.partner_id is None else "partner"
    printed = PrintedInvitation(
        invitation.account.name,
        tuple(sorted(invitation.account.roles)),
        f"{public_url}/{home}/invitations/{invitation.token}",
        f"{invitation.expires_at:%Y-%m-%dT%H:%M:%SZ}",
    )
    if as_json:
        print_json(printed)
        return
    click.echo(f"{printed.url}\nworks once, until {printed.expires_at}; hand it over by a safe way")


@account.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_command(as_json: bool) -> None:
    """List every account with its roles and whether it can enter."""

    async def job(session: OperatorSession) -> list[ListedAccount]:
        return await list_accounts(session.connection)

    listed = run_as_operator(job)
    if as_json:
        print_json([{"name": one.name, "roles": sorted(one.roles), "state": _state(one)} for one in listed])
        return
    print_table(("name", "roles", "state"), ((one.name, " ".join(sorted(one.roles)), _state(one)) for one in listed))


@account.command()
@click.argument("name")
def disable(*, name: str) -> None:
    """Shut somebody out at once and for good."""

    async def job(session: OperatorSession) -> None:
        found = await find_by_name(session.connection, name)
        if found is None:
            raise UsageError("NO_ACCOUNT", f"there is no account {name} that could enter")
        await inviting.disable(session.connection, session.actor, found)

    run_as_operator(job)
    click.echo(f"{name} cannot enter any more")


def _state(one: ListedAccount) -> str:
    if one.disabled_at is not None:
        return "disabled"
    return "active" if one.has_accepted else "invited"
