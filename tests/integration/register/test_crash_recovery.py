"""A process that dies at any moment leaves nothing lost, nothing twice, no gap, and nothing for a person to mend."""

import random

import pytest

from tests.factories import enrol_passed, trainee, trainees
from tests.integration.register.interruption import correct_unsigned, record_unsigned
from tests.integration.register.machine import UNFINISHED, Machine
from tests.integration.register.wholeness import require_whole
from tests.office import Office
from verify_service.credentials.service.correcting import Correction
from verify_service.credentials.service.desk import Desk
from verify_service.database import Connection
from verify_service.sealing.model import Secrets

CLASS = 20
SEED = 20261123


@pytest.fixture
async def machine(office: Office, superuser: Connection, operator: Connection) -> Machine:
    return Machine(office, superuser, [operator.get_server_pid()])


@pytest.mark.parametrize("kills", [5, pytest.param(20, marks=pytest.mark.slow)])
async def test_runs_killed_at_random_moments_lose_nothing(
    machine: Machine, operator: Connection, secrets: Secrets, kills: int
) -> None:
    for number in range(kills + 1):
        await enrol_passed(operator, secrets, f"C{number}", trainees(CLASS, first=CLASS * number))
    chance = random.Random(SEED)  # noqa: S311  # moments, not secrets
    issue = ("certificates", "issue", "--cohort")
    window = await machine.seconds_at_work(*issue, "C0")
    left_unsigned = 0

    # Every run finds a class of its own to issue, and whatever the runs before it left unsigned.
    for number in range(1, kills + 1):
        if number % 2:
            await machine.kill_after(chance.uniform(0, window), *issue, f"C{number}")
        else:
            await machine.kill_between_recording_and_signing(operator, *issue, f"C{number}")
        left_unsigned += await operator.fetchval(UNFINISHED)
    counts = [machine.office.issue(f"C{number}").json for number in range(kills + 1)]

    assert all(count["issued"] + count["alreadyIssued"] == CLASS for count in counts)
    assert await require_whole(operator, secrets) == CLASS * (kills + 1)
    assert left_unsigned, "no kill fell between recording and signing"


async def test_what_was_recorded_but_not_signed_is_signed_by_the_next_run(
    office: Office, desk: Desk, secrets: Secrets
) -> None:
    await enrol_passed(desk.connection, secrets, "C1", trainees(CLASS))
    await record_unsigned(desk, "C1")
    recorded = await desk.connection.fetch("select certificate_number, token from credential order by 1")
    assert len(recorded) == await desk.connection.fetchval(UNFINISHED) == CLASS
    assert office.list() == []

    ran = office.issue()

    assert (ran.code, ran.json["issued"], ran.json["alreadyIssued"]) == (0, 0, CLASS)
    assert await desk.connection.fetch("select certificate_number, token from credential order by 1") == recorded
    assert await require_whole(desk.connection, secrets) == CLASS


async def test_a_correction_cut_off_before_its_signature_is_finished_by_repeating_it(
    office: Office, desk: Desk, secrets: Secrets
) -> None:
    office.enrol_passed([trainee()])
    office.issue()
    number = office.list()[0]["number"]
    await correct_unsigned(desk, number, Correction(name="林新名", note="x"))
    assert [line["status"] for line in office.list()] == ["valid"]

    repeated = office.run(
        *("certificates", "correct", number, "--name", office.private("林新名"), "--note", "-", "--json"), stdin="x"
    )

    assert repeated.code == 0
    assert [(line["name"], line["status"], line["supersededBy"]) for line in office.list()] == [
        (trainee().name, "superseded", repeated.json["number"]),
        ("林新名", "valid", None),
    ]
    assert await require_whole(desk.connection, secrets) == 2


async def test_another_correction_never_passes_for_the_one_that_was_cut_off(
    office: Office, desk: Desk, secrets: Secrets
) -> None:
    office.enrol_passed([trainee()])
    office.issue()
    number = office.list()[0]["number"]
    await correct_unsigned(desk, number, Correction(name="林新名", note="x"))

    other = office.run("certificates", "correct", number, "--name", office.private("林别名"), "--note", "-", stdin="x")

    assert other.code == 5
    assert [(line["name"], line["status"]) for line in office.list()] == [
        (trainee().name, "superseded"),
        ("林新名", "valid"),
    ]


async def test_a_correction_killed_at_random_moments_is_made_once(
    machine: Machine, operator: Connection, secrets: Secrets
) -> None:
    office = machine.office
    office.enrol_passed(trainees(4))
    office.issue()
    first, *others = (line["number"] for line in office.list())
    note = "@" + office.write("note.txt", "登记有误")
    correct = ("--name", office.private("林新名"), "--note", note)
    window = await machine.seconds_at_work("certificates", "correct", first, *correct)
    chance = random.Random(SEED)  # noqa: S311  # moments, not secrets

    for number in others:
        await machine.kill_after(chance.uniform(0, window), "certificates", "correct", number, *correct)
        repeated = office.run("certificates", "correct", number, *correct)
        assert repeated.code in {0, 5}  # 5: the process died when all was done

    assert [line["status"] for line in office.list()] == ["superseded"] * 4 + ["valid"] * 4
    assert await require_whole(operator, secrets) == 8
