"""`keys init | list`."""

import click

from verify_service.cli.printing import print_json, print_table
from verify_service.cli.session import OperatorSession, run_as_operator
from verify_service.keys import service


@click.group()
def keys() -> None:
    """Make and list the issuer's keys."""


@keys.command()
def init() -> None:
    """Make whatever keys and secrets are missing, and freeze the issuer's identity."""

    async def job(session: OperatorSession) -> tuple[list[str], str | None]:
        public_url = session.settings.require_public_url()
        made = await service.initialise(session.connection, session.directory, public_url, session.actor)
        await service.require_issuer(session.connection, session.settings)
        return made

    made, notice = run_as_operator(job)
    click.echo("made: " + ", ".join(made) if made else "nothing was missing")
    if notice:
        click.echo(notice)


@keys.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_keys(as_json: bool) -> None:
    """List every signing key and secret; no private half is shown."""
    listed = run_as_operator(lambda session: service.list_keys(session.connection, session.directory))
    if as_json:
        print_json(listed)
        return
    print_table(
        ("key", "purpose", "state", "made", "in KEY_DIR"),
        (
            (
                key.key_id,
                key.purpose,
                key.state,
                f"{key.created_at:%Y-%m-%d}" if key.created_at else "",
                "yes" if key.in_key_dir else "MISSING",
            )
            for key in listed
        ),
    )
