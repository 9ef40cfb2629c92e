"""`api-keys create | list | revoke`."""

import click

from verify_service.api_clients.model import ListedApiClient
from verify_service.api_clients.service import create_client, list_clients, require_holder, revoke_client
from verify_service.cli.printing import print_json, print_table
from verify_service.cli.session import OperatorSession, read_private_argument, run_as_operator
from verify_service.clock import date_in_shanghai


@click.group("api-keys")
def api_keys() -> None:
    """Let platforms ask for many people at once (POST /api/v1/lookups/batch)."""


@api_keys.command()
@click.option("--name", required=True, help="What the platform is called; never given twice.")
@click.option("--purpose", required=True, help="What it says it asks for (个人信息保护法 第六条). Recorded.")
@click.option("--daily", type=click.IntRange(1, 1_000_000), default=10_000, show_default=True, help="Rows a day.")
def create(name: str, purpose: str, daily: int) -> None:
    """Make a key and print it, this once: the register keeps a hash of it."""

    async def job(session: OperatorSession) -> str:
        return await create_client(session.connection, session.actor, name=name, purpose=purpose, daily_rows=daily)

    click.echo(run_as_operator(job))
    click.echo("this is the only copy: hand it over in private, never by mail", err=True)


@api_keys.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_command(as_json: bool) -> None:
    """List who has a key, for what, and how many rows each has asked."""

    async def job(session: OperatorSession) -> list[ListedApiClient]:
        return await list_clients(session.connection)

    listed = run_as_operator(job)
    if as_json:
        print_json(listed)
    else:
        print_table(("name", "purpose", "rows a day", "today", "ever", "since", "revoked"), map(_line, listed))


@api_keys.command()
@click.argument("holder", metavar="NAME|@FILE|-")
def revoke(holder: str) -> None:
    """End the key of NAME, from its next request on; or the key itself, read from @FILE or - where one has leaked.

    For a new one, give another name.
    """
    leaked = read_private_argument("NAME", holder) if holder == "-" or holder.startswith("@") else None

    async def job(session: OperatorSession) -> tuple[str, bool]:
        name = holder if leaked is None else await require_holder(session.connection, leaked)
        return name, await revoke_client(session.connection, session.actor, name)

    name, revoked = run_as_operator(job)
    click.echo(f"the key of {name} is revoked {'now' if revoked else 'already'}")


def _line(line: ListedApiClient) -> tuple[str, ...]:
    revoked = "" if line.revoked_at is None else date_in_shanghai(line.revoked_at).isoformat()
    since = date_in_shanghai(line.created_at).isoformat()
    counts = (str(line.daily_rows), str(line.rows_today), str(line.rows_ever))
    return line.name, line.purpose, *counts, since, revoked
