"""`codes list`: codes handed out in a file that no moment's crash can lose."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec

from verify_service.cli.printing import print_json
from verify_service.cli.session import OperatorSession, run_as_operator
from verify_service.cohorts.service import require_cohort
from verify_service.errors import ConflictError, UsageError
from verify_service.redemption_codes.rules.lists import code_workbook
from verify_service.redemption_codes.service import hand_out_codes, require_partner


class ListedCodes(msgspec.Struct, frozen=True):
    """What `codes list --json` prints; without a new code there is no file."""

    listed: int
    partner: str
    file: str | None


@click.command("list")
@click.option("--cohort", "cohort_code", required=True, help="Code of the class.")
@click.option("--partner", "partner_name", help="Whose people; needed where the class has several partners.")
@click.option("-o", "--output", required=True, type=click.Path(), help="Workbook (.xlsx) to write; never overwritten.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_command(cohort_code: str, partner_name: str | None, output: str, as_json: bool) -> None:
    """Write the codes of a partner's people into a workbook, each code once.

    A code that was listed is not kept: the workbook is its only copy. The next list holds whoever was enrolled or got
    another code since. If the command is cut off, rename OUTPUT.part to OUTPUT: if that opens, it is the list; if it
    does not, nothing was listed, so delete it and list again.
    """

    async def job(session: OperatorSession) -> ListedCodes:
        cohort_id = await require_cohort(session.connection, cohort_code)
        partner = await require_partner(session.connection, cohort_id, partner_name)
        async with session.connection.transaction():
            codes = await hand_out_codes(
                session.connection,
                session.secrets(),
                session.actor,
                cohort_id=cohort_id,
                partner_id=partner.partner_id,
            )
            if codes:
                keep(code_workbook(cohort_code, partner.name, codes))
        return ListedCodes(len(codes), partner.name, output if codes else None)

    with _list_file(Path(output)) as keep:
        listed = run_as_operator(job)
    if as_json:
        print_json(listed)
    elif listed.file is None:
        click.echo(f"nothing new for {listed.partner}")
    else:
        click.echo(f"{listed.listed} codes for {listed.partner} in {listed.file}, the only copy")


@contextmanager
def _list_file(path: Path) -> Iterator[Callable[[bytes], None]]:
    """Lend a function that keeps the list as `path.part`; at the end of the block the file gets its name.

    Once a list is kept nothing removes it: after an error the database may or may not have forgotten its codes.
    Refused are a `path` that is there already, and a `.part`: another run's, or one that was cut off.
    """
    part = path.with_name(f"{path.name}.part")
    is_kept = False

    def keep(data: bytes) -> None:
        nonlocal is_kept
        _write_durably(part, data)
        is_kept = True

    _claim(part)
    try:
        # Not sooner: whoever holds the .part knows that no other run is about to take the name.
        _refuse_existing(path)
        yield keep
        if is_kept:
            _rename(part, path)
    except BaseException:
        if is_kept:
            click.echo(f"{part} holds a list of codes: rename it and hand it out", err=True)
        raise
    finally:
        if not is_kept:
            part.unlink(missing_ok=True)


def _claim(part: Path) -> None:
    with _refusing_os_errors(part):
        try:
            os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            message = f"{part} is there: another run is at work, or one was cut off (see `codes list --help`)"
            raise ConflictError("LIST_UNFINISHED", message) from None


def _refuse_existing(path: Path) -> None:
    if path.exists():
        raise ConflictError("FILE_EXISTS", f"{path} is there already and is not overwritten")


def _write_durably(part: Path, data: bytes) -> None:
    """Write bytes and name so that both survive a power cut."""
    with _refusing_os_errors(part):
        with part.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        folder = os.open(part.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _rename(part: Path, path: Path) -> None:
    with _refusing_os_errors(path):
        part.replace(path)


@contextmanager
def _refusing_os_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError("UNWRITABLE_FILE", f"{path} cannot be written: {error.strerror}") from None
