"""What leaves as files: the partner's certificates in a ZIP, as they are drawn, and its codes, once."""

import io
import zipfile
from uuid import UUID

import openpyxl
import pytest

from tests.integration.portal.conftest import Lend
from tests.office import Office
from tests.registers import PARTNERS, SHARED, trainees_of
from verify_service.audit.model import Actor
from verify_service.database import Connection
from verify_service.document_signing import DocumentSigners
from verify_service.documents.service.drawing import Studio, open_studio
from verify_service.documents.service.exporting import MANIFEST_NAME, SUMMARY_NAME, ClassArchive
from verify_service.errors import ConflictError, NotFoundError
from verify_service.key_directory import KeyDirectory
from verify_service.portal.queries.certificates import list_valid_of_cohort
from verify_service.portal.service.archives import OpenStudio, OwnPrints, batches
from verify_service.portal.service.codes import draw_codes
from verify_service.portal.service.cohorts import require_own_cohort
from verify_service.redemption_codes.rules.codes import parse_code
from verify_service.sealing.model import Secrets
from verify_service.settings import Settings

ACTOR = Actor("partner-1")


@pytest.fixture
def studio(settings: Settings, secrets: Secrets) -> OpenStudio:
    """Opens a studio on a connection; the key that signs PDFs is opened once."""
    signers = DocumentSigners()

    async def opened(connection: Connection) -> Studio:
        return await open_studio(connection, secrets, KeyDirectory(settings), ACTOR, settings, signers.open)

    return opened


async def prints_of(lend: Lend, studio: OpenStudio, partner: UUID, cohort: str = SHARED) -> OwnPrints:
    async with lend() as connection:
        cohort_id = await require_own_cohort(connection, partner, cohort)
        valid = await list_valid_of_cohort(connection, partner, cohort_id)
    return OwnPrints(lend, studio, partner, valid)


async def test_the_archive_of_a_shared_class_has_the_partners_own_certificates_that_stand(
    lend: Lend, studio: OpenStudio, partner: UUID
) -> None:
    prints = await prints_of(lend, studio, partner)
    archive = ClassArchive(SHARED, aiter(prints))
    chunks = [chunk async for chunk in archive.chunks()]

    with zipfile.ZipFile(io.BytesIO(b"".join(chunks))) as opened:
        *files, summary, manifest = opened.namelist()
        assert opened.testzip() is None
        listed = openpyxl.load_workbook(io.BytesIO(opened.read(summary))).worksheets[0]
    valid, corrected = trainees_of(PARTNERS[0])[:2]
    assert [name.partition("_")[0] for name in files] == [valid.name, corrected.name[0] + "更正"]
    assert (summary, manifest) == (SUMMARY_NAME, MANIFEST_NAME)
    assert [row[3].value for row in listed.iter_rows(min_row=3)] == [valid.id_number, corrected.id_number]
    assert (prints.done, prints.total, prints.held, prints.ended) == (2, 2, 0, True)


async def test_the_first_file_leaves_before_the_last_is_drawn(lend: Lend, studio: OpenStudio, partner: UUID) -> None:
    prints = await prints_of(lend, studio, partner)
    sending = ClassArchive(SHARED, aiter(prints)).chunks()
    first = await anext(sending)

    assert first.startswith(b"PK\x03\x04")
    assert (prints.done, prints.ended) == (1, False)
    await sending.aclose()  # type: ignore[attr-defined]  # an asynchronous generator


async def test_what_was_looked_at_stays_looked_at_when_the_visitor_leaves(
    lend: Lend, studio: OpenStudio, partner: UUID, migration: Connection
) -> None:
    passed = "select count(*) from print_check where held_for is null"
    before = await migration.fetchval(passed)
    prints = await prints_of(lend, studio, partner, "own-0")
    sending = ClassArchive("own-0", aiter(prints)).chunks()
    await anext(sending)
    await sending.aclose()  # type: ignore[attr-defined]

    assert await migration.fetchval(passed) == before + 2


async def test_who_was_revoked_meanwhile_is_not_in_it(
    lend: Lend, studio: OpenStudio, partner: UUID, office: Office
) -> None:
    prints = await prints_of(lend, studio, partner, "own-0")
    number = office.list("--cohort", "own-0")[0]["number"]
    assert office.run("certificates", "revoke", number, "--reason", "holder_request").code == 0

    printed = [one async for one in prints]

    assert len(printed) == prints.total == 1


def test_batches_grow_and_leave_nobody_out() -> None:
    sizes = [len(batch) for batch in batches([object()] * 75)]  # type: ignore[list-item]  # counted only

    assert sizes == [2, 8, 32, 32, 1]


async def test_codes_are_drawn_once(lend: Lend, secrets: Secrets, partner: UUID, migration: Connection) -> None:
    async with lend() as connection:
        workbook = await draw_codes(connection, secrets, ACTOR, partner, SHARED)
    with pytest.raises(ConflictError, match="handed out already"):
        async with lend() as connection:
            await draw_codes(connection, secrets, ACTOR, partner, SHARED)

    rows = list(openpyxl.load_workbook(io.BytesIO(workbook)).worksheets[0].iter_rows(min_row=3, values_only=True))
    assert len(rows) == 3
    assert all(len(parse_code(str(row[3]))) == 17 for row in rows)
    event = await migration.fetchrow("select actor, detail from audit_event where action = 'redemption_codes_listed'")
    assert event is not None
    assert event["actor"] == ACTOR.name
    left = "select count(*) from redemption_code join enrolment using (enrolment_id)"
    left += " where sealed_code is not null and partner_id = $1"
    assert await migration.fetchval(left, partner) == 2  # of the other class


async def test_codes_of_a_class_that_is_not_the_partners_are_not_there(
    bound: Connection, secrets: Secrets, partner: UUID
) -> None:
    with pytest.raises(NotFoundError):
        await draw_codes(bound, secrets, ACTOR, partner, "own-1")
