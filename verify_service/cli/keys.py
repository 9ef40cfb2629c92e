"""`keys init | list | rotate | retire | publish`."""

import click

from signing import KeyPurpose
from verify_service.cli.output_files import replace_files
from verify_service.cli.printing import print_json, print_table
from verify_service.cli.secret_rotation import SECRET_ID, retire_secret, rotate_secret
from verify_service.cli.session import OperatorSession, read_private_argument, run_as_operator
from verify_service.errors import UnavailableError, UsageError
from verify_service.institution import load_institution
from verify_service.keys import service
from verify_service.keys.model import Retirement
from verify_service.sealing.model import SecretPurpose


@click.group()
def keys() -> None:
    """Make the issuer's keys, change them, end them, and publish their public halves."""


@keys.command()
def init() -> None:
    """Make whatever keys and secrets are missing, and freeze the issuer's identity."""

    async def job(session: OperatorSession) -> tuple[list[str], str | None]:
        public_url = session.settings.require_public_url()
        made = await service.initialise(
            session.connection,
            session.directory,
            public_url,
            session.actor,
            token=session.settings.token,
            organisation=load_institution(session.settings).issuer.name,
        )
        await service.require_issuer(session.connection, session.settings)
        return made

    made, notice = run_as_operator(job)
    click.echo("made: " + ", ".join(made) if made else "nothing was missing")
    if notice:
        click.echo(notice)


@keys.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_keys(as_json: bool) -> None:
    """List every signing key and secret, its state and where this machine has it; no private half is shown."""
    listed = run_as_operator(lambda session: service.list_keys(session.connection, session.private_keys()))
    if as_json:
        print_json(listed)
        return
    print_table(
        ("key", "purpose", "state", "since", "private half"),
        (
            (key.key_id, key.purpose, key.state, f"{key.since:%Y-%m-%d}", key.private_half or "MISSING")
            for key in listed
        ),
    )


@keys.command()
@click.argument("purpose", type=click.Choice([purpose.value for purpose in (*KeyPurpose, *SecretPurpose)]))
@click.option("--prepare", is_flag=True, help="Of a secret: only make it, to be copied where it will be needed.")
def rotate(purpose: str, prepare: bool) -> None:
    """Let a new key or secret take over. Certificates stay valid and found; a running service needs no restart.

    A signing key finishes what was recorded under it. Of a secret, what is stored is moved to the new one; cut off, the
    next run goes on. Either can then be retired.
    """
    if purpose in set(SecretPurpose):
        rotate_secret(SecretPurpose(purpose), prepare=prepare)
        return
    if prepare:
        raise click.UsageError("--prepare is for secrets: a signing key is needed only where it was made")

    async def job(session: OperatorSession) -> tuple[str, str | None, int]:
        private_keys = session.private_keys()
        organisation = load_institution(session.settings).issuer.name
        made, before = await service.rotate_signing_key(
            session.connection, private_keys, KeyPurpose(purpose), session.actor, organisation
        )
        return made, before, await _publish_lists(session, KeyPurpose(purpose))

    made, before, published = run_as_operator(job)
    click.echo(f"{made} signs from now on" + (f"; {before} finishes what names it" if before else ""))
    if published:
        click.echo(f"status lists signed anew: {published}")


@keys.command()
@click.argument("key_id", metavar="KID")
@click.option("--compromised", is_flag=True, help="Somebody else may hold it: what it signed proves nothing by itself.")
@click.option("--note", metavar="@FILE", help="What happened, for --compromised: - or @FILE.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def retire(key_id: str, compromised: bool, note: str | None, as_json: bool) -> None:
    """End a key that another has taken over from; refuse one in use, and one that owes a signature."""
    if compromised != (note is not None):
        raise click.UsageError("--compromised and --note belong together")
    if note is not None and not read_private_argument("--note", note):
        raise click.UsageError("--note is empty")
    ended = _end(key_id, compromised=compromised)
    if as_json:
        print_json(ended)
        return
    click.echo(f"{ended.key_id} is {ended.state}")
    if ended.unsigned:
        click.echo(f"{ended.unsigned} recorded certificates will never be signed by it: revoke and issue them again")


@keys.command()
@click.argument("directory", metavar="DIR", type=click.Path(exists=True, file_okay=False, writable=True))
def publish(directory: str) -> None:
    """Write did.json, jwks.json, log.vkey and audit.vkey, by which anybody verifies without this service."""
    files = run_as_operator(lambda session: service.published_files(session.connection))
    written = {"did.json": files.did_json, "jwks.json": files.jwks_json, "log.vkey": files.log_vkey}
    written |= {"audit.vkey": files.audit_vkey}
    replace_files(directory, written)
    click.echo(f"{directory}: {', '.join(written)}")


def _end(key_id: str, *, compromised: bool) -> Retirement:
    if SECRET_ID.fullmatch(key_id):
        if compromised:
            raise click.UsageError("--compromised is for signing keys: rotate a secret, then retire the one before")
        return retire_secret(key_id)
    end = service.mark_compromised if compromised else service.retire_signing_key
    return run_as_operator(lambda session: end(session.connection, key_id, session.actor))


async def _publish_lists(session: OperatorSession, purpose: KeyPurpose) -> int:
    """Have the status lists signed by their new key at once; where that fails, the signer does it when it is back."""
    if purpose is not KeyPurpose.STATUS:
        return 0
    try:
        return await session.signing().publish_status()
    except (UnavailableError, UsageError) as error:
        click.echo(f"the status lists are not signed anew yet: {error.message}", err=True)
        return 0
