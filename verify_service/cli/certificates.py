"""`certificates issue | list | revoke | correct`; `pdf`, `gate` and `export` are in `documents`."""

import sys

import click

from verify_service.cli.documents import export, gate, pdf
from verify_service.cli.parameters import CertificateNumber, explained_refusals
from verify_service.cli.printing import print_json, print_table
from verify_service.cli.session import OperatorSession, open_file, read_private_argument, run_as_operator
from verify_service.clock import today_in_shanghai
from verify_service.cohorts.service import require_cohort
from verify_service.credentials.model import (
    CorrectionResult,
    IssueResult,
    ListedCertificate,
    RevocationReason,
    Standing,
)
from verify_service.credentials.service.correcting import Correction, correct
from verify_service.credentials.service.issuing import issue_cohort
from verify_service.credentials.service.listing import list_certificates
from verify_service.credentials.service.revoking import revoke
from verify_service.errors import ServiceError
from verify_service.photos.service import prepare_single
from verify_service.subjects.model import Sex

SEXES = click.Choice([sex.value for sex in Sex])


@click.group()
def certificates() -> None:
    """Issue, list, revoke, correct and draw certificates."""


certificates.add_command(pdf)
certificates.add_command(gate)
certificates.add_command(export)


@certificates.command()
@click.option("--cohort", "cohort_code", required=True, help="Code of the class.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def issue(cohort_code: str, as_json: bool) -> int:
    """Issue to everyone of a class who passed; repeating it issues nothing more."""

    async def job(session: OperatorSession) -> IssueResult:
        cohort_id = await require_cohort(session.connection, cohort_code)
        with click.progressbar(
            length=0, label="issuing", hidden=as_json or not sys.stdout.isatty(), show_eta=False
        ) as bar:
            issued = await issue_cohort(await session.desk(), cohort_id, bar.update)
        await _publish(session)
        return issued

    result = run_as_operator(job)
    if as_json:
        print_json(result)
    else:
        click.echo(
            f"issued {result.issued}, already issued {result.already_issued}, "
            f"held {len(result.held)}, not eligible {result.not_eligible}"
        )
        if result.held:
            held = ((line.name, line.partner, line.kind, line.reason) for line in result.held)
            print_table(("held", "partner", "kind", "reason"), held)
    return 1 if result.held else 0


@certificates.command("list")
@click.option("--cohort", "cohort_code", help="Code of the class; all certificates without it.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_command(cohort_code: str | None, as_json: bool) -> None:
    """List certificates with their state."""

    async def job(session: OperatorSession) -> list[ListedCertificate]:
        if cohort_code is not None:
            await require_cohort(session.connection, cohort_code)
        return [line async for line in list_certificates(session.connection, session.secrets(), cohort_code)]

    listed = run_as_operator(job)
    if as_json:
        print_json(listed)
        return
    print_table(
        ("number", "kind", "name", "status", "issued", "due", "superseded by"),
        (
            (
                line.number,
                line.kind,
                line.name,
                line.status + (f" ({line.status_reason})" if line.status_reason else ""),
                line.issued_on.isoformat(),
                line.due_on.isoformat() if line.due_on else "",
                line.superseded_by or "",
            )
            for line in listed
        ),
    )


@certificates.command("revoke")
@click.argument("number", type=CertificateNumber())
@click.option("--reason", required=True, type=click.Choice([reason.value for reason in RevocationReason]))
@click.option("--note", help="@FILE or - : kept sealed beside the approval.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def revoke_command(number: str, reason: str, note: str | None, as_json: bool) -> None:
    """Revoke a certificate; its page and every lookup say so from the next question on."""
    text = None if note is None else read_private_argument("--note", note)

    async def job(session: OperatorSession) -> Standing:
        standing = await revoke(
            session.connection,
            session.secrets(),
            session.actor,
            number=number,
            reason=RevocationReason(reason),
            note=text,
        )
        await _publish(session)
        return standing

    run_as_operator(job)
    if as_json:
        print_json({"number": number, "status": "revoked", "statusReason": reason})
    else:
        click.echo(f"{number} is revoked ({reason})")


@certificates.command("correct")
@click.argument("number", type=CertificateNumber())
@click.option("--name", help="@FILE or -")
@click.option("--sex", type=SEXES)
@click.option("--id-number", help="@FILE or -")
@click.option("--photo", type=click.Path(), help="JPEG or PNG.")
@click.option("--note", required=True, help="@FILE or - : kept sealed beside the approval.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def correct_command(
    *,
    number: str,
    name: str | None,
    sex: str | None,
    id_number: str | None,
    photo: str | None,
    note: str,
    as_json: bool,
) -> None:
    """Issue a corrected certificate; the old one answers as superseded, with the new number."""
    if [name, id_number, note].count("-") > 1:
        raise click.UsageError("only one option can read standard input")
    with explained_refusals():
        correction = Correction(
            name=None if name is None else read_private_argument("--name", name),
            sex=None if sex is None else Sex(sex),
            id_number=None if id_number is None else read_private_argument("--id-number", id_number),
            photo_jpeg=None if photo is None else _portrait(photo),
            note=read_private_argument("--note", note),
        )

        async def job(session: OperatorSession) -> CorrectionResult:
            corrected = await correct(await session.desk(), number, correction, today=today_in_shanghai())
            await _publish(session)
            return corrected

        result = run_as_operator(job)
    if as_json:
        print_json(result)
    else:
        click.echo(f"{result.number} stands in for {result.supersedes}")


async def _publish(session: OperatorSession) -> None:
    """Have the status lists say it too; what was done stands, whether they follow at once or later."""
    try:
        await session.signing().publish_status()
    except ServiceError as error:
        click.echo(f"the status lists follow when a signer runs: {error.message} [{error.code}]", err=True)


def _portrait(path: str) -> bytes:
    with open_file(path) as file:
        return prepare_single(file).jpeg
