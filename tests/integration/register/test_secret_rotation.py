"""Secrets take over from one another: everything stays found, and what was cut off goes on."""

import random

import asyncpg
import pytest

from tests.factories import trainees
from tests.integration.register.machine import Machine
from tests.office import Office
from verify_service.database import Connection
from verify_service.settings import Settings

PEOPLE = trainees(12)
SEED = 20261124
AGE = "update secret_check set state_since = state_since - interval '2 minutes'"
COUNT_CODES = "select count(*) from redemption_code where key_version = $1"


@pytest.fixture
def class_issued(office: Office) -> Office:
    office.enrol_passed(PEOPLE)
    assert office.issue().code == 0
    return office


@pytest.fixture
def machine(office: Office, superuser: Connection, operator: Connection) -> Machine:
    return Machine(office, superuser, [operator.get_server_pid()])


def secret_states(office: Office, purpose: str) -> dict[str, str]:
    listed = office.run("keys", "list", "--json").json
    return {key["keyId"]: key["state"] for key in listed if key["purpose"] == purpose}


async def let_a_minute_pass(superuser: Connection) -> None:
    async with superuser.transaction():
        await superuser.execute("set local session_replication_role = replica")  # past the trigger that dates
        await superuser.execute(AGE)


async def versions(superuser: Connection) -> list[int]:
    rows = await superuser.fetch("select distinct key_version from lookup_key order by 1")
    return [row["key_version"] for row in rows]


async def test_the_index_secret_is_written_beside_the_old_one_and_then_instead(
    class_issued: Office, superuser: Connection
) -> None:
    office = class_issued
    before = await superuser.fetchval("select count(*) from lookup_key")

    assert office.run("keys", "rotate", "index").code == 0
    assert await versions(superuser) == [1, 2]
    assert await superuser.fetchval("select count(*) from lookup_key where key_version = 2") == before
    too_soon = office.run("keys", "retire", "index-1")
    await let_a_minute_pass(superuser)
    office.enrol_passed(trainees(2, first=100), "C2")
    assert office.issue("C2").code == 0
    assert await versions(superuser) == [1, 2]
    assert office.run("keys", "retire", "index-1").code == 0

    assert (too_soon.code, "KEY_STILL_READ" in too_soon.err or "wait a minute" in too_soon.err) == (5, True)
    assert await versions(superuser) == [2]
    assert await superuser.fetchval("select count(*) from lookup_key") == before + 6
    assert secret_states(office, "index") == {"index-1": "retired", "index-2": "active"}


async def test_the_field_secret_wraps_everybody_anew(class_issued: Office, superuser: Connection) -> None:
    office = class_issued

    assert office.run("keys", "rotate", "field").code == 0

    assert [row["kek_id"] for row in await superuser.fetch("select distinct kek_id from subject_key")] == ["field-2"]
    await let_a_minute_pass(superuser)
    assert office.run("keys", "retire", "field-1").code == 0
    assert len(office.list()) == len(PEOPLE)
    office.enrol_passed(trainees(1, first=100), "C2")
    assert office.issue("C2").code == 0


async def test_the_subject_secret_still_finds_people_and_redeems_the_codes_of_before(
    class_issued: Office, superuser: Connection
) -> None:
    office = class_issued
    path = office.folder / "codes.csv"
    assert office.run("codes", "list", "--cohort", "C1", "--output", str(path)).code == 0

    assert office.run("keys", "rotate", "subject").code == 0
    again = office.import_roster(PEOPLE[:3])

    assert again.counts == (0, 3), again
    assert await superuser.fetchval("select count(*) from subject where key_version <> 2") == 0
    assert await superuser.fetchval(COUNT_CODES, 1) == len(PEOPLE)
    await let_a_minute_pass(superuser)
    needed = office.run("keys", "retire", "subject-1")
    assert (needed.code, "still need subject-1" in needed.err) == (5, True)
    office.enrol_passed(trainees(1, first=100), "C2")
    assert await superuser.fetchval(COUNT_CODES, 2) == 1


async def test_the_budget_secret_has_nothing_to_move_and_takes_its_canaries_along(
    office: Office, superuser: Connection
) -> None:
    assert office.run("canaries", "add", "a", "--id-number", "-", stdin=trainees(1)[0].id_number).code == 0
    assert office.run("keys", "rotate", "budget").code == 0
    await let_a_minute_pass(superuser)
    assert office.run("keys", "retire", "budget-1").code == 0
    assert secret_states(office, "budget") == {"budget-1": "retired", "budget-2": "active"}
    assert office.run("canaries", "list", "--json").json == []


async def test_a_prepared_secret_waits_for_the_next_run(class_issued: Office, settings: Settings) -> None:
    office = class_issued

    assert [office.run("keys", "rotate", "index", "--prepare").code for _ in range(2)] == [0, 0]
    assert secret_states(office, "index") == {"index-1": "active", "index-2": "prepared"}
    elsewhere = (settings.key_dir / "index-2.key").rename(settings.key_dir / "index-2.away")
    lacking = office.run("keys", "rotate", "index")
    elsewhere.rename(settings.key_dir / "index-2.key")

    assert (lacking.code, "KEY_DIR lacks index-2" in lacking.err) == (2, True)
    assert office.run("keys", "rotate", "index").code == 0
    assert secret_states(office, "index") == {"index-1": "active", "index-2": "active"}


def test_a_secret_in_use_an_unknown_and_a_stolen_one_are_refused(office: Office) -> None:
    codes = [
        office.run("keys", "retire", *arguments).code
        for arguments in (["index-1"], ["index-7"], ["index-1", "--compromised", "--note", office.private("stolen")])
    ]

    assert codes == [5, 2, 2]
    assert office.run("keys", "rotate", "qr", "--prepare").code == 2


@pytest.mark.parametrize(
    "write",
    [
        "insert into lookup_key select credential_id, pair, 2, hmac from lookup_key",
        "insert into lookup_key select credential_id, 1, 1, '\\x00' from credential",
        "update subject_key set kek_id = 'field-2'",
        "update subject set id_number_index = sha256(id_number_index), key_version = 1",
        "update redemption_code set code_index = sha256(code_index)",
    ],
)
async def test_who_opened_the_secrets_before_a_rotation_writes_nothing(
    class_issued: Office, superuser: Connection, operator: Connection, write: str
) -> None:
    old = {"lookup_key select credential_id, pair, 2": None, "subject_key": None}
    if not any(part in write for part in old):
        assert class_issued.run("keys", "rotate", "subject").code == 0
        assert class_issued.run("keys", "rotate", "index").code == 0
        await superuser.execute("delete from lookup_key")

    with pytest.raises(asyncpg.PostgresError) as refused:
        await operator.execute(write)

    assert refused.value.sqlstate == "VS001"


@pytest.mark.parametrize("kills", [6, pytest.param(60, marks=pytest.mark.slow)])
async def test_rotations_killed_at_random_moments_go_on(
    class_issued: Office, machine: Machine, superuser: Connection, kills: int
) -> None:
    chance = random.Random(SEED)  # noqa: S311  # moments, not secrets
    window = await machine.seconds_at_work("keys", "rotate", "budget")
    lookups = await superuser.fetchval("select count(*) from lookup_key")

    for number in range(kills):
        purpose = ("index", "field", "subject")[number % 3]
        await machine.kill_after(chance.uniform(0, window), "keys", "rotate", purpose)
    for purpose in ("index", "field", "subject"):
        assert class_issued.run("keys", "rotate", purpose).code == 0
        assert set(secret_states(class_issued, purpose).values()) == {"active"}

    newest = max(int(key_id.partition("-")[2]) for key_id in secret_states(class_issued, "index"))
    found = await superuser.fetchval("select count(*) from lookup_key where key_version = $1", newest)
    assert found == lookups
    assert len(class_issued.list()) == len(PEOPLE)
    assert class_issued.import_roster(PEOPLE).counts == (0, len(PEOPLE))
