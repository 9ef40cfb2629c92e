"""`partner list | alias | rename`."""

import click

from verify_service.cli.printing import print_json, print_table
from verify_service.cli.session import OperatorSession, run_as_operator
from verify_service.errors import FieldError, UsageError
from verify_service.partners.model import ListedPartner
from verify_service.partners.service import add_alias, list_partners, rename_partner
from verify_service.rosters.rules.partner_names import parse_partner_name
from verify_service.tables.rules.explanations import explain
from verify_service.translations import Language


@click.group()
def partner() -> None:
    """List partner institutions (招生合作机构), and settle under which names rosters may call them."""


@partner.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_command(as_json: bool) -> None:
    """List partners with their other names, without blanks, case and width, and how many people they enrolled."""

    async def job(session: OperatorSession) -> list[ListedPartner]:
        return await list_partners(session.connection)

    listed = run_as_operator(job)
    if as_json:
        print_json(listed)
    else:
        lines = ((line.name, "、".join(line.aliases), str(line.trainees)) for line in listed)
        print_table(("partner", "also called", "trainees"), lines)


@partner.command()
@click.argument("name")
@click.option("--add", "alias_text", required=True, metavar="OTHER_SPELLING", help="As rosters write it.")
def alias(name: str, alias_text: str) -> None:
    """Let another name in rosters find the partner NAME."""
    spelling = _parse(alias_text)

    async def job(session: OperatorSession) -> bool:
        return await add_alias(session.connection, session.actor, name, spelling)

    added = run_as_operator(job)
    click.echo(f"{spelling} {'finds' if added else 'found already'} {name}")


@partner.command()
@click.argument("old")
@click.argument("new")
def rename(old: str, new: str) -> None:
    """Call the partner OLD by another name; the old one still finds it, certificates stay as they are."""
    new_name = _parse(new)

    async def job(session: OperatorSession) -> bool:
        return await rename_partner(session.connection, session.actor, old, new_name)

    renamed = run_as_operator(job)
    click.echo(f"{old} is called {new_name} {'now' if renamed else 'already'}")


def _parse(name: str) -> str:
    """Return a partner's name as a roster's would be stored."""
    try:
        return parse_partner_name(name)
    except FieldError as error:
        raise UsageError(error.code, explain(error.code, about="partner", language=Language.ENGLISH)) from None
