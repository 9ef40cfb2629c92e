"""Whoever is erased is in no draft any more, so that no import brings them back; other drafts stay as they are."""

import json
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from tests.factories import trainees
from tests.integration.drafts.conftest import MINE, OTHERS, Partners, codes, upload
from tests.office import Office, Ran
from verify_service.database import Connection
from verify_service.drafts.service import correcting, deciding
from verify_service.drafts.service.clinic import Clinic, open_draft
from verify_service.drafts.service.examining import examine
from verify_service.drafts.service.importing import import_draft
from verify_service.errors import NotFoundError
from verify_service.people.service.erasing import count_drafts, erase_confirmed
from verify_service.settings import Settings

ANN, BOB, CEM = [msgspec.structs.replace(one, partner=MINE) for one in trainees(3)]
LEFT = """
select state, num_nonnulls(kek_id, wrapped, sealed_source, sealed_changes, sealed_note, sealed_amendment) as sealed,
       (select count(*) from draft_file where draft_file.draft_id = draft.draft_id) as files,
       (select count(*) from draft_photo where draft_photo.draft_id = draft.draft_id) as photos
  from draft where draft_id = $1
"""


@pytest.fixture
def office(settings: Settings, tmp_path: Path) -> Office:
    return Office(settings, tmp_path)


@pytest.fixture
async def named(staff: Clinic, partners: Partners) -> list[UUID]:
    """Drafts that name Ann, who is registered: in a row, in one taken out, in a correction, by a photo, by one that is
    misnamed, in a note, in the reason of an amendment, a partner's."""
    theirs = msgspec.structs.replace(staff, partner_id=partners.others)
    async with staff.connection.transaction():
        await import_draft(staff, await upload(staff, [ANN, BOB]))
        in_a_row = await upload(staff, [ANN, BOB], photos=[ANN, BOB])
        taken_out = await upload(staff, [ANN, BOB])
        await correcting.remove_row(staff, taken_out, 1)
        corrected = await upload(staff, [CEM])
        await correcting.fill_in(staff, corrected, 1, {"idNumber": ANN.id_number})
        by_a_photo = await upload(staff, [CEM], photos=[ANN])
        misnamed = await upload(staff, [CEM], photos=[msgspec.structs.replace(ANN, id_number=f"{ANN.id_number}-1")])
        noted = await upload(theirs, [msgspec.structs.replace(CEM, partner=OTHERS)])
        await deciding.hand_in(theirs, noted)
        await deciding.return_draft(staff, noted, f"第 1 行应为 {ANN.id_number} 1 人")
        amended = await upload(staff, [CEM])
        await deciding.ask_amendment(staff, amended, f"{ANN.id_number}-已核对")
        of_a_partner = await upload(theirs, [msgspec.structs.replace(ANN, partner=OTHERS)])
    return [in_a_row, taken_out, corrected, by_a_photo, misnamed, noted, amended, of_a_partner]


@pytest.fixture
async def unnamed(staff: Clinic, named: list[UUID]) -> UUID:
    """A draft of others."""
    async with staff.connection.transaction():
        return await upload(staff, [BOB, CEM], photos=[BOB, CEM])


def erase(office: Office, *options: str) -> Ran:
    arguments = ("--id-number", office.private(ANN.id_number), "--note", "-", "--json", *options)
    return office.run("person", "erase", *arguments, stdin="本人来信要求删除")


async def left_of(connection: Connection, draft_id: UUID) -> tuple[object, ...]:
    """Return a draft's state, and how much it holds: sealed columns, files, portraits."""
    row = await connection.fetchrow(LEFT, draft_id)
    assert row is not None
    return tuple(row)


async def test_the_operator_ends_every_draft_that_names_the_person(
    office: Office, staff: Clinic, named: list[UUID], unnamed: UUID, superuser: Connection
) -> None:
    assert erase(office).json["drafts"] == len(named)
    assert [(await left_of(superuser, draft_id))[0] for draft_id in named] == ["open"] * len(named)

    assert erase(office, "--apply").json["drafts"] == len(named)

    for draft_id in named:
        assert await left_of(superuser, draft_id) == ("discarded", 0, 0, 0)
        with pytest.raises(NotFoundError):
            await open_draft(staff, draft_id)
    assert await left_of(superuser, unnamed) == ("open", 4, 1, 2)
    assert codes(await examine(staff, await open_draft(staff, unnamed))) == {}
    events = "select object_id, detail from audit_event where action = 'draft_discarded' order by audit_event_id"
    rows = await superuser.fetch(events)
    assert {UUID(row["object_id"]) for row in rows} == set(named)
    assert json.loads(rows[0]["detail"]) == {"cohort": "C1", "content": "roster", "reason": "erasure"}


async def test_so_does_an_administrator_on_the_page(
    staff: Clinic, named: list[UUID], unnamed: UUID, superuser: Connection
) -> None:
    subject_id = await superuser.fetchval("select subject_id from subject order by subject_id limit 1")
    connection, secrets = staff.connection, staff.secrets
    assert await count_drafts(connection, secrets, subject_id) == len(named)

    report = await erase_confirmed(connection, secrets, staff.actor, subject_id, ANN.name)

    assert report.drafts == len(named)
    states = [(await left_of(superuser, draft_id))[0] for draft_id in [*named, unnamed]]
    assert states == ["discarded"] * len(named) + ["open"]
    assert await count_drafts(connection, secrets, subject_id) == 0
