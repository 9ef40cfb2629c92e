"""Lists of redemption codes: each code beside its person, handed out once, and lost at no moment."""

import asyncio
import errno
import os
import stat
from pathlib import Path
from unittest.mock import Mock
from uuid import UUID

import msgspec
import pytest

from tests.factories import PARTNER, trainee, trainees
from tests.integration.register.code_work import Codes
from tests.office import Office
from verify_service.audit.model import Actor
from verify_service.cli import code_lists
from verify_service.database import Connection, connected
from verify_service.embedded.server import DatabaseUrls
from verify_service.redemption_codes.model import RedemptionOutcome
from verify_service.redemption_codes.rules.codes import new_redemption_code, parse_code
from verify_service.redemption_codes.service import hand_out_codes, redeem
from verify_service.sealing.model import Secrets
from verify_service.sealing.rules import blind_index
from verify_service.subjects import service as subjects

SELECT_EVENTS = "select action, object_type, detail from audit_event where action like 'redemption_code%' order by 1"
SELECT_OWNER = """
select subject_id from redemption_code
  join enrolment on enrolment.enrolment_id = redemption_code.enrolment_id
 where redeemed_at is not null
"""
BREAK_OTHERS = """
select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> all($1::int[])
"""
SELECT_COUNTS = "select count(*), count(sealed_code) from redemption_code"


@pytest.fixture
def codes(office: Office) -> Codes:
    return Codes(office)


async def test_every_code_of_a_list_is_that_persons(
    codes: Codes, operator: Connection, secrets: Secrets, actor: Actor
) -> None:
    people = [*trainees(8), trainee(50, name="林同名"), trainee(90, name="林同名")]
    codes.office.import_roster(people)

    listed = codes.listed()

    assert sorted(name for name, _, _ in listed) == sorted(person.name for person in people)
    for name, tail, code in listed:
        transaction = operator.transaction()
        await transaction.start()
        answer = await redeem(operator, secrets, actor, parse_code(code))
        owner = await operator.fetchval(SELECT_OWNER)
        await transaction.rollback()
        person = (await subjects.find_by_ids(operator, secrets, [owner]))[owner].person
        assert answer.outcome is RedemptionOutcome.REDEEMED
        assert (person.name, person.id_number[-len(tail) :]) == (name, tail)


async def test_a_listed_code_is_kept_as_its_hmac_alone_and_listed_never_again(
    codes: Codes, operator: Connection
) -> None:
    codes.office.import_roster(trainees(3))
    first = codes.write_list("first.xlsx", "--json")
    assert first.json == {"listed": 3, "partner": PARTNER, "file": str(codes.path("first.xlsx"))}
    assert tuple(await operator.fetchrow(SELECT_COUNTS) or ()) == (3, 0)

    again = codes.write_list("again.xlsx", "--json")

    assert (again.code, again.json) == (0, {"listed": 0, "partner": PARTNER, "file": None})
    assert "nothing new" in codes.write_list("again.xlsx").out
    assert [path.name for path in codes.office.folder.glob("*.xlsx*")] == ["first.xlsx"]


def test_the_next_list_has_who_was_enrolled_since(codes: Codes) -> None:
    codes.office.import_roster(trainees(3))
    codes.listed("first.xlsx")
    codes.office.import_roster(trainees(5))

    assert sorted(row[0] for row in codes.listed("second.xlsx")) == sorted(p.name for p in trainees(2, first=3))


def test_a_list_is_open_to_its_owner_alone(codes: Codes) -> None:
    codes.office.import_roster(trainees(1))
    codes.listed()

    assert stat.S_IMODE(codes.path().stat().st_mode) == 0o600


async def test_the_trail_counts_codes_and_names_none(codes: Codes, operator: Connection) -> None:
    codes.office.import_roster(trainees(3))
    (_, _, code), *_ = codes.listed()
    codes.redeem(code)

    events = await operator.fetch(SELECT_EVENTS)

    assert [(row["action"], row["object_type"]) for row in events] == [
        ("redemption_code_redeemed", "enrolment"),
        ("redemption_codes_listed", "cohort"),
    ]
    assert msgspec.json.decode(events[1]["detail"])["count"] == 3
    assert msgspec.json.decode(events[1]["detail"]).keys() == {"count", "partner"}
    assert events[0]["detail"] == "{}"


def test_a_class_of_several_partners_is_listed_for_one(codes: Codes) -> None:
    codes.office.import_roster([trainee(0), trainee(1), trainee(2, partner="另一学院")])

    unnamed = codes.write_list()

    assert (unnamed.code, unnamed.err.count("\n"), codes.path().exists()) == (2, 1, False)
    assert PARTNER in unnamed.err
    assert "另一学院" in unnamed.err
    assert [row[0] for row in codes.listed("one.xlsx", "--partner", " 另一 学院")] == [trainee(2).name]
    assert len(codes.listed("two.xlsx", "--partner", PARTNER)) == 2


@pytest.mark.parametrize("partner", ["无名学院", "另班学院"])
def test_a_partner_without_people_in_the_class_is_refused(codes: Codes, partner: str) -> None:
    codes.office.import_roster([trainee(0)])
    codes.office.import_roster([trainee(1, partner="另班学院")], cohort="C2")

    ran = codes.write_list("codes.xlsx", "--partner", partner)

    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert not list(codes.office.folder.glob("codes*"))


def test_an_unknown_class_and_a_folder_that_is_not_there_are_refused(codes: Codes) -> None:
    codes.office.import_roster([trainee(0)])

    for ran in (codes.write_list(cohort="NOBODY"), codes.write_list("nowhere/codes.xlsx")):
        assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert len(codes.listed()) == 1


async def test_of_two_lists_at_once_one_has_every_code(
    codes: Codes, database: DatabaseUrls, operator: Connection, secrets: Secrets, actor: Actor
) -> None:
    codes.office.import_roster(trainees(10))
    (enrolled, *_) = await operator.fetch("select cohort_id, partner_id from enrolment")

    async def listed() -> int:
        async with connected(database.operator, "OPERATOR_DATABASE_URL") as connection, connection.transaction():
            taken = await hand_out_codes(connection, secrets, actor, **enrolled)
            return len(taken)

    assert sorted(await asyncio.gather(*(listed() for _ in range(4)))) == [0, 0, 0, 10]


async def test_a_code_of_version_0_1_0_is_made_anew_as_it_is_listed(
    codes: Codes, operator: Connection, secrets: Secrets
) -> None:
    codes.office.import_roster(trainees(2))
    for row in await operator.fetch("select enrolment_id, subject_id from enrolment"):
        await give_old_code(operator, secrets, row["enrolment_id"], row["subject_id"])

    listed = codes.listed()

    assert [codes.redeem(code).code for _, _, code in listed] == [0, 0]


async def give_old_code(operator: Connection, secrets: Secrets, enrolment_id: UUID, subject_id: UUID) -> None:
    """Give an enrolment a code whose check character is none of Crockford's 32."""
    code = new_redemption_code()[:-1] + "O"
    cipher = (await subjects.find_by_ids(operator, secrets, [subject_id]))[subject_id].cipher
    await operator.execute(
        "update redemption_code set code_index = $2, sealed_code = $3 where enrolment_id = $1",
        enrolment_id,
        blind_index(secrets.subject[0], "redemption code", code),
        cipher.seal(code.encode(), "redemption_code:sealed_code", enrolment_id),
    )


def test_a_file_that_is_there_is_not_overwritten_and_nothing_is_listed(codes: Codes) -> None:
    codes.office.import_roster(trainees(1))
    codes.office.write("codes.xlsx", "another file")

    ran = codes.write_list()

    assert (ran.code, ran.err.count("\n"), "[FILE_EXISTS]" in ran.err) == (5, 1, True)
    assert codes.path().read_text() == "another file"
    assert not codes.path("codes.xlsx.part").exists()
    assert len(codes.listed("other.xlsx")) == 1


def test_the_list_of_a_run_that_was_cut_off_is_not_overwritten(codes: Codes) -> None:
    codes.office.import_roster(trainees(1))
    codes.office.write("codes.xlsx.part", "an earlier list")

    ran = codes.write_list()

    assert (ran.code, ran.err.count("\n"), "[LIST_UNFINISHED]" in ran.err) == (5, 1, True)
    assert codes.path("codes.xlsx.part").read_text() == "an earlier list"
    assert len(codes.listed("other.xlsx")) == 1


def test_a_list_that_cannot_be_written_is_not_listed(codes: Codes, monkeypatch: pytest.MonkeyPatch) -> None:
    codes.office.import_roster(trainees(1))
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", Mock(side_effect=OSError(errno.ENOSPC, "No space left on device")))
        ran = codes.write_list()

    assert (ran.code, ran.err.count("\n"), "No space left" in ran.err) == (2, 1, True)
    assert not list(codes.office.folder.glob("codes.xlsx*"))
    assert len(codes.listed()) == 1


async def test_a_process_that_dies_before_the_rename_leaves_the_list_and_no_code_is_lost(
    codes: Codes, operator: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes.office.import_roster(trainees(3))
    with monkeypatch.context() as patched:
        patched.setattr(code_lists, "_rename", Mock(side_effect=KeyboardInterrupt))
        ran = codes.write_list()

    assert (ran.code, "codes.xlsx.part holds a list" in ran.err) == (130, True)
    assert tuple(await operator.fetchrow(SELECT_COUNTS) or ()) == (3, 0)
    codes.path("codes.xlsx.part").rename(codes.path())
    assert [codes.redeem(code).code for _, _, code in codes.rows()] == [0, 0, 0]


async def test_a_connection_that_breaks_at_the_commit_leaves_the_list(
    codes: Codes, operator: Connection, superuser: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes.office.import_roster(trainees(3))
    pids = [operator.get_server_pid(), superuser.get_server_pid()]
    write, loop = code_lists._write_durably, asyncio.get_running_loop()

    def write_and_break(part: Path, data: bytes) -> None:
        write(part, data)
        asyncio.run_coroutine_threadsafe(superuser.execute(BREAK_OTHERS, pids), loop).result(timeout=10)

    with monkeypatch.context() as patched:
        patched.setattr(code_lists, "_write_durably", write_and_break)
        ran = await asyncio.to_thread(codes.write_list)

    assert (ran.code, "codes.xlsx.part holds a list" in ran.err) == (4, True)
    kept = codes.rows("codes.xlsx.part")
    codes.path("codes.xlsx.part").unlink()
    assert codes.listed() == kept  # the database had not forgotten them
