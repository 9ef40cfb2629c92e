"""`person erase`."""

from typing import Final

import click
import msgspec

from verify_service.cli.parameters import explained_refusals
from verify_service.cli.printing import print_json
from verify_service.cli.session import OperatorSession, read_private_argument, run_as_operator
from verify_service.clock import today_in_shanghai
from verify_service.retention.model import ErasureReport
from verify_service.retention.service.erasing import erase_person, preview_erasure
from verify_service.subjects.model import DocumentType, IdNumber
from verify_service.subjects.rules.id_numbers import parse_id_number, parse_lookup_id_number

DOCUMENT_TYPES: Final = click.Choice([document_type.value for document_type in DocumentType])


@click.group()
def person() -> None:
    """Answer requests of people whose data is on the register."""


@person.command()
@click.option("--id-number", required=True, help="@FILE or -")
@click.option("--document-type", type=DOCUMENT_TYPES, help="If the number does not tell.")
@click.option("--note", required=True, help="@FILE or - : why. Only that there was one is recorded, not what it says.")
@click.option("--apply", is_flag=True, help="Erase; without it nothing is changed.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def erase(*, id_number: str, document_type: str | None, note: str, apply: bool, as_json: bool) -> None:
    """Erase one person: nothing finds, names or opens what is left, and certificates answer "not found".

    It cannot be undone. Backups, and the database's own log and dead rows, keep the person until they expire or are
    overwritten; a roster that still lists the person enrols somebody new. Uploads that name the person and were not
    imported yet end as a whole.
    """
    if [id_number, note].count("-") > 1:
        raise click.UsageError("only one option can read standard input")
    if not read_private_argument("--note", note):
        raise click.UsageError("--note is empty: write down why the person is erased")
    with explained_refusals():
        number = _read_number(read_private_argument("--id-number", id_number), document_type)

    async def job(session: OperatorSession) -> ErasureReport:
        if apply:
            return await erase_person(session.connection, session.secrets(), session.actor, number)
        return await preview_erasure(session.connection, session.secrets(), number)

    report = run_as_operator(job)
    if as_json:
        print_json(report)
        return
    held = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in msgspec.structs.asdict(report.held).items())
    click.echo(f"held: {held}; drafts that name the person: {report.drafts}")
    click.echo("the person is erased" if report.applied else "nothing was changed; --apply erases the person, for good")


def _read_number(text: str, document_type: str | None) -> IdNumber:
    """Return the number of a stated document type, or of the one its shape tells: a wrong guess finds nobody."""
    if document_type is None:
        return parse_lookup_id_number(text, today=today_in_shanghai())
    return parse_id_number(text, today=today_in_shanghai(), document_type=DocumentType(document_type))
