"""`audit verify | export`."""

import asyncio
from pathlib import Path

import click

from verify_service.cli.output_files import private_file
from verify_service.cli.printing import print_json
from verify_service.cli.session import OperatorSession, open_file, run_as_operator
from verify_service.errors import UsageError
from verify_service.trail.model import TrailVerdict
from verify_service.trail.service.believing import read_keys, registered_keys
from verify_service.trail.service.checking import check_file, check_register, export_lines, notes_in
from verify_service.trail.service.keeping import head_folder, read_notes


@click.group()
def audit() -> None:
    """Check the trail of who did what, and write it out."""


@audit.command("verify")
@click.argument("file", required=False, type=click.Path())
@click.option(
    "--heads", "places", multiple=True, metavar="FILE|DIR", help="Heads that were kept elsewhere; again for more."
)
@click.option("--keys", "key_dir", metavar="DIR", help="A folder of `keys publish`; needed to check a FILE.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify_command(file: str | None, places: tuple[str, ...], key_dir: str | None, as_json: bool) -> int:
    """Read the whole trail and name its first bad event: of the register, or of a FILE that `audit export` wrote.

    The register is compared with its own signed heads, with those in VERIFY_SERVICE_AUDIT_HEAD_DIR, and with --heads.
    Without heads neither a tail that was cut off nor a trail that was written anew can be told from a true one.
    Exit code: 0 whole, 1 not.
    """
    notes = notes_in(map(Path, places))
    if file is None:
        verdict = run_as_operator(lambda session: _check_register(session, notes, key_dir))
    else:
        if key_dir is None:
            raise UsageError(
                "AUDIT_KEYS", "a file does not say who may have signed it: give --keys DIR of `keys publish`"
            )
        verdict = _check_file(file, notes, key_dir)
    if as_json:
        print_json(verdict)
    else:
        _tell(verdict)
    return 0 if verdict.fault is None else 1


@audit.command("export")
@click.option("-o", "--output", required=True, type=click.Path(), help="File to write: a JSON object a line.")
def export_command(output: str) -> None:
    """Write every event and every signed head into a file, to be checked anywhere by `audit verify FILE --keys DIR`."""
    with private_file(output) as stream:

        async def job(session: OperatorSession) -> None:
            async for lines in export_lines(session.connection):
                stream.write(lines)

        run_as_operator(job)
    click.echo(f"{output}: check it with `verify-service audit verify {output} --keys DIR`")


async def _check_register(session: OperatorSession, notes: list[str], key_dir: str | None) -> TrailVerdict:
    kept = head_folder(session.settings)
    elsewhere = read_notes(kept) if kept.is_dir() else []
    keys = await registered_keys(session.connection) if key_dir is None else read_keys(Path(key_dir))
    return await check_register(session.connection, keys, [*elsewhere, *notes])


def _check_file(file: str, notes: list[str], key_dir: str) -> TrailVerdict:
    keys = read_keys(Path(key_dir))
    with open_file(file) as stream:
        return asyncio.run(check_file(stream, keys, notes))


def _tell(verdict: TrailVerdict) -> None:
    if verdict.fault is not None:
        click.echo(f"NOT WHOLE: {verdict.fault.sentence}")
        return
    click.echo(f"whole: {verdict.events} events, {verdict.heads} signed heads")
    unsigned = verdict.last_event - verdict.signed_through
    if unsigned:
        click.echo(f"{unsigned} events after the last head are not signed yet")
