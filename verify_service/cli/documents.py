"""`certificates pdf | export`: certificates as files."""

import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

import click

from verify_service.cli.parameters import CertificateNumber
from verify_service.cli.session import OperatorSession, run_as_operator
from verify_service.cohorts.service import require_cohort
from verify_service.documents.rules import Edition
from verify_service.documents.service import (
    DrawnCertificate,
    Studio,
    UndrawnCertificate,
    draw,
    draw_cohort,
    open_studio,
)
from verify_service.errors import ServiceError, UsageError

EDITIONS: Final = click.Choice([edition.value for edition in Edition])


@click.command()
@click.argument("number", type=CertificateNumber())
@click.option("--edition", type=EDITIONS, default=Edition.FULL.value, show_default=True)
@click.option("-o", "--output", required=True, type=click.Path(), help="File to write.")
def pdf(number: str, edition: str, output: str) -> None:
    """Draw one certificate."""

    async def job(session: OperatorSession) -> DrawnCertificate:
        return await draw(await _studio(session), number, Edition(edition))

    drawn = run_as_operator(job)
    with _new_file(output) as stream:
        stream.write(drawn.data)
    click.echo(f"{output} ({len(drawn.data)} bytes)")
    if drawn.status != "valid":
        click.echo(f"note: {number} is {drawn.status}; the paper does not show it", err=True)
    if drawn.photo_ended:
        click.echo(f"note: the photo of {number} is no longer kept; its field is empty", err=True)


@click.command()
@click.option("--cohort", "cohort_code", required=True, help="Code of the class.")
@click.option("--edition", type=EDITIONS, default=Edition.FULL.value, show_default=True)
@click.option("-o", "--output", required=True, type=click.Path(), help="ZIP to write.")
def export(cohort_code: str, edition: str, output: str) -> int:
    """Draw the valid certificates of a class into a ZIP, each file named 姓名_证书编号.pdf."""

    async def job(session: OperatorSession) -> tuple[int, int, list[UndrawnCertificate]]:
        await require_cohort(session.connection, cohort_code)
        studio = await _studio(session)
        count, without_photo, undrawn = 0, 0, list[UndrawnCertificate]()
        with _new_file(output) as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
            async for drawn in draw_cohort(studio, cohort_code, Edition(edition)):
                if isinstance(drawn, UndrawnCertificate):
                    undrawn.append(drawn)
                    continue
                archive.writestr(drawn.file_name, drawn.data)
                count += 1
                without_photo += drawn.photo_ended
        if not count and not undrawn:
            raise ServiceError("NOTHING_TO_EXPORT", f"the cohort {cohort_code} has no valid certificate")
        return count, without_photo, undrawn

    count, without_photo, undrawn = run_as_operator(job)
    click.echo(f"{count} certificates in {output}")
    if without_photo:
        click.echo(f"note: the photos of {without_photo} are no longer kept; their fields are empty", err=True)
    for certificate in undrawn:
        click.echo(f"not drawn: {certificate.certificate_number}: {certificate.reason}", err=True)
    return 1 if undrawn else 0


async def _studio(session: OperatorSession) -> Studio:
    return await open_studio(session.connection, session.secrets(), session.directory, session.settings.timestamp_url)


@contextmanager
def _new_file(path: str) -> Iterator[IO[bytes]]:
    """Lend a file to fill, for its owner alone: it holds full ID numbers. Under its name it is whole or absent."""
    unfinished = Path(f"{path}.part")
    try:
        unfinished.unlink(missing_ok=True)  # an earlier run's, or planted open to others
        with os.fdopen(os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as stream:
            yield stream
        unfinished.replace(path)
    except OSError as error:
        raise UsageError("UNWRITABLE_FILE", f"{path} cannot be written: {error.strerror}") from None
    finally:
        with suppress(OSError):
            unfinished.unlink()
