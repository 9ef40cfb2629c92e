"""A partner's archive of a class: when its first byte leaves, how fast it is drawn and looked at, in what memory."""

import resource
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Final
from uuid import UUID

from ops.bench.ground import as_operator, ground
from ops.bench.issuing import enrol_class
from verify_service.cli.session import OperatorSession
from verify_service.credentials.service.issuing import issue_cohort
from verify_service.database import Connection, connected
from verify_service.document_signing import DocumentSigners
from verify_service.documents.service.drawing import Studio, open_studio
from verify_service.documents.service.exporting import ClassArchive
from verify_service.portal.queries.certificates import list_valid_of_cohort
from verify_service.portal.service.archives import Lend, OpenStudio, OwnPrints

COUNT: Final = 300
BIND: Final = "select set_config('verify_service.partner_id', $1, true)"


def main(count: int = COUNT) -> None:
    """Print one archive in which every file is looked at, and one of files that were."""
    with ground() as (settings, urls):

        async def job(session: OperatorSession) -> None:
            cohort_id = await enrol_class(session, count)
            await issue_cohort(await session.desk(), cohort_id)
            signers = DocumentSigners()
            partner_id = UUID(str(await session.connection.fetchval("select partner_id from partner")))

            @asynccontextmanager
            async def lend() -> AsyncIterator[Connection]:
                async with connected(urls.portal, "PORTAL_DATABASE_URL") as connection, connection.transaction():
                    await connection.execute(BIND, str(partner_id))
                    yield connection

            for what in ("looked at", "seen before"):
                await _send(lend, partial(_studio, session, signers), partner_id, cohort_id, what)

        as_operator(settings, urls, job)


async def _studio(session: OperatorSession, signers: DocumentSigners, connection: Connection) -> Studio:
    secrets, directory = session.secrets(), session.directory
    return await open_studio(connection, secrets, directory, session.actor, session.settings, signers.open)


async def _send(lend: Lend, studio: OpenStudio, partner_id: UUID, cohort_id: UUID, what: str) -> None:
    """Draw one archive to nowhere and print what it took, the first opening of the key that signs PDFs included."""
    before = _most_memory()
    started = time.perf_counter()
    async with lend() as connection:
        valid = await list_valid_of_cohort(connection, partner_id, cohort_id)
    archive = ClassArchive("BENCH", aiter(OwnPrints(lend, studio, partner_id, valid)), ("README.txt", "bench"))
    first_byte = first_file = 0.0
    size = 0
    async for chunk in archive.chunks():
        now = time.perf_counter() - started
        first_byte, first_file = first_byte or now, first_file or (now if archive.count else 0.0)
        size += len(chunk)
    seconds = time.perf_counter() - started
    print(f"archive    {archive.count / seconds:8.1f} certificates/s, {what}, {archive.count} in {size / 1e6:.0f} MB")
    print(f"  first byte after {first_byte:.2f} s, first file after {first_file:.2f} s")
    print(f"  memory {_most_memory() - before:.0f} MB more than before it")


def _most_memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
