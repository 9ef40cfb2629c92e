"""`certificates pdf | gate | export`: certificates as files."""

from collections.abc import Sequence
from typing import Final

import click
import msgspec

from verify_service.cli.output_files import private_file
from verify_service.cli.parameters import CertificateNumber
from verify_service.cli.printing import print_json
from verify_service.cli.session import OperatorSession, run_as_operator
from verify_service.cohorts.service import require_cohort
from verify_service.documents.model import Edition, HeldCertificate, PrintedCertificate
from verify_service.documents.service.drawing import Studio, find_certificate, open_studio
from verify_service.documents.service.exporting import ClassArchive
from verify_service.documents.service.printing import print_certificates, print_cohort
from verify_service.errors import ServiceError

EDITIONS: Final = click.Choice([edition.value for edition in Edition])


class GateResult(msgspec.Struct, frozen=True, rename="camel"):
    """What a run of the print gate came to."""

    passed: int
    already_passed: int
    held: tuple[HeldCertificate, ...]


@click.command()
@click.argument("number", type=CertificateNumber())
@click.option("--edition", type=EDITIONS, default=Edition.FULL.value, show_default=True)
@click.option("-o", "--output", required=True, type=click.Path(), help="File to write.")
def pdf(number: str, edition: str, output: str) -> int:
    """Draw one certificate; a file that does not pass the print gate is not written."""

    async def job(session: OperatorSession) -> PrintedCertificate | HeldCertificate:
        studio = await _studio(session)
        (printed,) = await print_certificates(studio, [await find_certificate(studio, number)], Edition(edition))
        return printed

    printed = run_as_operator(job)
    if isinstance(printed, HeldCertificate):
        _tell_held([printed])
        return 1
    drawn = printed.drawn
    with private_file(output) as stream:
        stream.write(drawn.data)
    click.echo(f"{output} ({len(drawn.data)} bytes)")
    if drawn.status != "valid":
        click.echo(f"note: {number} is {drawn.status}; the paper does not show it", err=True)
    if drawn.photo_ended:
        click.echo(f"note: the photo of {number} is no longer kept; its field is empty", err=True)
    return 0


@click.command()
@click.option("--cohort", "cohort_code", required=True, help="Code of the class.")
@click.option("--edition", type=EDITIONS, default=Edition.FULL.value, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def gate(cohort_code: str, edition: str, as_json: bool) -> int:
    """Look at the valid certificates of a class before they leave; cut off, the next run goes on."""

    async def job(session: OperatorSession) -> GateResult:
        await require_cohort(session.connection, cohort_code)
        passed, before, held = 0, 0, list[HeldCertificate]()
        async for one in print_cohort(await _studio(session), cohort_code, Edition(edition)):
            if isinstance(one, HeldCertificate):
                held.append(one)
            else:
                passed += not one.passed_before
                before += one.passed_before
        return GateResult(passed, before, tuple(held))

    result = run_as_operator(job)
    if as_json:
        print_json(result)
    else:
        click.echo(f"passed {result.passed}, passed before {result.already_passed}, held {len(result.held)}")
        _tell_held(result.held)
    return 1 if result.held else 0


@click.command()
@click.option("--cohort", "cohort_code", required=True, help="Code of the class.")
@click.option("--edition", type=EDITIONS, default=Edition.FULL.value, show_default=True)
@click.option("-o", "--output", required=True, type=click.Path(), help="ZIP to write.")
def export(cohort_code: str, edition: str, output: str) -> int:
    """Put the valid certificates of a class that pass the print gate into a ZIP, with a summary and checksums."""

    async def job(session: OperatorSession) -> ClassArchive:
        await require_cohort(session.connection, cohort_code)
        archive = ClassArchive(cohort_code, print_cohort(await _studio(session), cohort_code, Edition(edition)))
        with private_file(output) as stream:
            async for chunk in archive.chunks():
                stream.write(chunk)
            if not archive.count and not archive.held:
                raise ServiceError("NOTHING_TO_EXPORT", f"the cohort {cohort_code} has no valid certificate")
        return archive

    archive = run_as_operator(job)
    click.echo(f"{archive.count} certificates in {output}")
    if archive.without_photo:
        click.echo(f"note: the photos of {archive.without_photo} are no longer kept; their fields are empty", err=True)
    _tell_held(archive.held)
    return 1 if archive.held else 0


def _tell_held(held: Sequence[HeldCertificate]) -> None:
    for one in held:
        click.echo(f"held: {one.number}: {one.reason}" + (f": {one.detail}" if one.detail else ""), err=True)


async def _studio(session: OperatorSession) -> Studio:
    return await open_studio(session.connection, session.secrets(), session.directory, session.actor, session.settings)
