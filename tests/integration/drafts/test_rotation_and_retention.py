"""A draft outlives an exchange of the secret that wraps its key, and not its term."""

from pathlib import Path

import asyncpg
import msgspec
import pytest

from tests.factories import trainees
from tests.integration.drafts.conftest import MINE, codes, upload
from tests.integration.register.retention.ageing import KEPT, keep, retain
from tests.office import Office
from verify_service.database import Connection
from verify_service.drafts.service.clinic import Clinic, open_draft
from verify_service.drafts.service.examining import examine
from verify_service.key_directory import KeyDirectory
from verify_service.retention.model import DataClass
from verify_service.settings import Settings

PEOPLE = [msgspec.structs.replace(one, partner=MINE) for one in trainees(2)]
OUTLIVE = "update draft set created_at = now() - $1 * interval '1 day' where draft_id = $2"


@pytest.fixture
def office(settings: Settings, tmp_path: Path) -> Office:
    return Office(settings, tmp_path)


async def test_a_draft_opens_under_the_secret_that_took_over(
    office: Office, staff: Clinic, settings: Settings, superuser: Connection
) -> None:
    async with staff.connection.transaction():
        draft_id = await upload(staff, PEOPLE, photos=PEOPLE)

    assert office.run("keys", "rotate", "field").code == 0

    assert await superuser.fetchval("select kek_id from draft") == "field-2"
    with pytest.raises(asyncpg.PostgresError) as refused:
        await upload(staff, PEOPLE)  # by a process that has not heard of it
    assert refused.value.sqlstate == "VS001"
    now_held = msgspec.structs.replace(staff, secrets=KeyDirectory(settings).require_secrets())
    assert codes(await examine(now_held, await open_draft(now_held, draft_id))) == {}
    await upload(now_held, PEOPLE)


async def test_a_rotation_waits_for_an_upload_under_way_and_takes_it_along(
    office: Office, staff: Clinic, superuser: Connection
) -> None:
    transaction = staff.connection.transaction()
    await transaction.start()
    await upload(staff, PEOPLE)
    await superuser.execute("set lock_timeout = '100ms'")
    with pytest.raises(asyncpg.LockNotAvailableError):
        await superuser.execute("select from secret_check for update")
    await transaction.commit()

    assert office.run("keys", "rotate", "field").code == 0
    assert await superuser.fetchval("select kek_id from draft") == "field-2"


async def test_a_draft_ends_by_the_policy_with_all_that_was_uploaded(
    office: Office, staff: Clinic, superuser: Connection
) -> None:
    async with staff.connection.transaction():
        old, young = await upload(staff, PEOPLE, photos=PEOPLE), await upload(staff, PEOPLE, photos=PEOPLE)
    await superuser.execute(OUTLIVE, KEPT + 1, old)
    await superuser.execute(OUTLIVE, KEPT - 1, young)
    keep(office, DataClass.DRAFTS)

    assert retain(office)["drafts"]["due"] == 1
    assert retain(office, "--apply")["drafts"]["ended"] == 1

    for table in ("draft", "draft_file", "draft_photo"):
        left = await superuser.fetch(f"select distinct draft_id from {table}")  # noqa: S608  # the names above
        assert [row["draft_id"] for row in left] == [young]
